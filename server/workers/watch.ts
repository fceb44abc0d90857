import type { Deps } from '@/server/operations/deps';
import { watchAgents } from '@/server/operations/watch-agents';
import { repeat, type Worker } from './repeat';

const PAUSE_MS = 10_000;

/** Looks at agents again and again until stopped. */
export const createWatch = (deps: Deps, log: { error(fields: object, message: string): void }): Worker =>
  repeat(() => watchAgents(deps), PAUSE_MS, log, 'watching agents');
