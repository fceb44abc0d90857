import type { Deps } from '@/server/operations/deps';
import { runBacktest } from '@/server/operations/run-backtest';
import { repeat, type Worker } from './repeat';

const PAUSE_MS = 1_000;

/** Replays drafts one after the other until stopped. Several processes may do so at once: each replay is taken by one of them. */
export const createBacktestWorker = (
  deps: Deps,
  log: { error(fields: object, message: string): void },
): Worker =>
  repeat(
    async (isStopped) => {
      while (!isStopped() && (await runBacktest(deps, isStopped)));
    },
    PAUSE_MS,
    log,
    'a round of backtests',
  );
