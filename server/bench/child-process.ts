import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A program of this folder in a process of its own. */
export type Child = {
  /** Sends one message and resolves with the answer. Rejects when the process ends instead. */
  ask<T>(message: unknown): Promise<T>;
  stop(): Promise<void>;
};

function nextMessage<T>(child: ChildProcess, name: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`${name} ended early (${code}).`));
    child.once('exit', onExit);
    child.once('message', (message) => {
      child.removeListener('exit', onExit);
      resolve(message as T);
    });
  });
}

/** Starts `name` (a file beside this one) and resolves once it says that it is ready. */
export async function startChild(
  name: string,
  options: { args?: unknown; env?: Record<string, string>; node?: string[] } = {},
): Promise<Child> {
  const child = fork(join(import.meta.dirname, name), [JSON.stringify(options.args ?? {})], {
    execArgv: ['--import', 'tsx', ...(options.node ?? [])],
    env: { ...process.env, ...options.env },
  });
  await nextMessage(child, name);
  return {
    ask(message) {
      const answer = nextMessage(child, name);
      child.send(message as object);
      return answer as Promise<never>;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}

/** What `startChild` handed over. */
export const childArgs = <T>(): T => JSON.parse(process.argv[2] ?? '{}') as T;
