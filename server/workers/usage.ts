import type { Deps } from '@/server/operations/deps';
import { keepUsage } from '@/server/operations/get-home';
import { repeat, type Worker } from './repeat';

const PAUSE_MS = 15_000;

/** Keeps the figures of the home page up to date until stopped. */
export const createUsageWorker = (
  deps: Pick<Deps, 'db'>,
  log: { error(fields: object, message: string): void },
): Worker => repeat(() => keepUsage(deps), PAUSE_MS, log, 'counting what agents did');
