import { type Channels, deliverNotices } from '@/server/operations/deliver-notices';
import type { Deps } from '@/server/operations/deps';

const PAUSE_MS = 1_000;

/** Empties the outbox, again and again, until stopped. Several processes may do so at once: each notice is taken by one of them. */
export function createOutboxWorker(
  deps: Deps,
  channels: Channels,
  log: { error(fields: object, message: string): void },
) {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let working: Promise<unknown> = Promise.resolve();
  const round = async (): Promise<void> => {
    try {
      while (!stopped && (await deliverNotices(deps, channels)) > 0);
    } catch (error) {
      log.error({ error: String(error) }, 'outbox round failed; trying again');
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
    async stop(): Promise<void> {
      stopped = true;
      clearTimeout(timer);
      await working;
    },
  };
}
