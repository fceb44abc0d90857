import type { Deps } from '@/server/operations/deps';
import { runBacktest } from '@/server/operations/run-backtest';

const PAUSE_MS = 1_000;

/** Replays drafts one after the other until stopped. Several processes may do so at once: each replay is taken by one of them. */
export function createBacktestWorker(
  deps: Deps,
  log: { error(fields: object, message: string): void },
): { start(): void; stop(): Promise<void> } {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let working: Promise<unknown> = Promise.resolve();
  const round = async (): Promise<void> => {
    try {
      while (!stopped && (await runBacktest(deps, () => stopped)));
    } catch (error) {
      log.error({ error: String(error) }, 'backtest round failed; trying again');
    }
    if (!stopped) tick();
  };
  const tick = (): void => {
    timer = setTimeout(() => {
      working = round();
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
