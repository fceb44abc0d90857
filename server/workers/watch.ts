import type { Deps } from '@/server/operations/deps';
import { watchAgents } from '@/server/operations/watch-agents';

const PAUSE_MS = 10_000;

/** Looks at agents again and again until stopped. */
export function createWatch(
  deps: Deps,
  log: { error(fields: object, message: string): void },
): { start(): void; stop(): Promise<void> } {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let working: Promise<unknown> = Promise.resolve();
  const tick = (): void => {
    timer = setTimeout(() => {
      working = watchAgents(deps)
        .catch((error) => log.error({ error: String(error) }, 'watching agents failed; trying again'))
        .finally(() => {
          if (!stopped) tick();
        });
    }, PAUSE_MS);
    timer.unref();
  };
  return {
    start: tick,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await working;
    },
  };
}
