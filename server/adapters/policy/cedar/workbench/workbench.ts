import { type ChildProcess, fork } from 'node:child_process';
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { SetReport } from '@/server/domain/policy-report';
import type { PolicyLanguage } from '@/server/domain/ports';
import type { Compared } from './compare';
import type { Job } from './workbench-process';

const PROGRAM = fileURLToPath(new URL('./workbench-process.ts', import.meta.url));
/** No job is that long; a set that makes one is refused, not waited for. */
const JOB_MS = 60_000;
const IDLE_MS = 30_000;
/** Below everything that somebody waits for. */
const NICE = 10;

type Waiting = { resolve(value: unknown): void; reject(error: Error): void; timer: NodeJS.Timeout };

function startProgram(): ChildProcess {
  const started = fork(PROGRAM, [], { execArgv: ['--import', 'tsx'], serialization: 'advanced' });
  started.on('error', () => undefined);
  try {
    if (started.pid !== undefined) setPriority(started.pid, NICE);
  } catch {
    // A system that has no priorities still does the work.
  }
  return started;
}

/**
 * A process of its own for work on whole sets: an evaluation is half a millisecond in which nothing else happens, a hundred thousand of them would
 * stop everything. It begins with the first job, ends when idle, and a crash of it fails the jobs it had and nothing else.
 */
export function createWorkbench(): Pick<PolicyLanguage, 'report' | 'compare'> & { close(): void } {
  const waiting = new Map<number, Waiting>();
  let child: ChildProcess | null = null;
  let idle: NodeJS.Timeout | undefined;
  let next = 1;

  const fail = (why: string) => {
    for (const { reject, timer } of waiting.values()) {
      clearTimeout(timer);
      reject(new Error(why));
    }
    waiting.clear();
  };
  const close = () => {
    clearTimeout(idle);
    const ending = child;
    child = null;
    ending?.kill();
    fail('the policy workbench was stopped');
  };
  const start = (): ChildProcess => {
    const started = startProgram();
    started.on('message', (answer: { id: number; ok: boolean; value: unknown; error: string }) => {
      const job = waiting.get(answer.id);
      waiting.delete(answer.id);
      clearTimeout(job?.timer);
      if (answer.ok) job?.resolve(answer.value);
      else job?.reject(new Error(answer.error));
      if (waiting.size === 0) rest();
    });
    started.on('exit', () => {
      if (child !== started) return;
      child = null;
      fail('the policy workbench ended unexpectedly');
    });
    return started;
  };
  const rest = () => {
    clearTimeout(idle);
    idle = setTimeout(close, IDLE_MS);
    idle.unref();
    child?.unref();
    child?.channel?.unref();
  };
  const ask = <T>(job: Job): Promise<T> => {
    clearTimeout(idle);
    child ??= start();
    child.ref();
    child.channel?.ref();
    const to = child;
    const id = next++;
    return new Promise<T>((resolve, reject) => {
      // It may be in a loop: nothing but ending it helps, and the next job gets a new one.
      const timer = setTimeout(close, JOB_MS);
      waiting.set(id, { resolve: resolve as (value: unknown) => void, reject, timer });
      to.send({ id, job }, (error) => {
        if (error !== null) {
          waiting.delete(id);
          clearTimeout(timer);
          reject(error);
        }
      });
    });
  };
  return {
    close,
    report: (set) => ask<SetReport>({ kind: 'report', set }),
    async compare(before, after) {
      const session = next++;
      await ask({ kind: 'open', session, before: [...before], after: [...after] });
      return {
        judge: (actions) => ask<Compared[]>({ kind: 'judge', session, actions: [...actions] }),
        close: () => void ask({ kind: 'close', session }).catch(() => undefined),
      };
    },
  };
}
