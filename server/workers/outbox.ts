import { type Channels, deliverNotices } from '@/server/operations/deliver-notices';
import type { Deps } from '@/server/operations/deps';
import { repeat, type Worker } from './repeat';

const PAUSE_MS = 1_000;

/** Empties the outbox, again and again, until stopped. Several processes may do so at once: each notice is taken by one of them. */
export const createOutboxWorker = (
  deps: Deps,
  channels: Channels,
  log: { error(fields: object, message: string): void },
): Worker =>
  repeat(
    async (isStopped) => {
      while (!isStopped() && (await deliverNotices(deps, channels)) > 0);
    },
    PAUSE_MS,
    log,
    'a round of the outbox',
  );
