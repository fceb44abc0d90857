import type { Clock, Until } from '@/server/domain/ports';

/** What setTimeout can hold; longer waits are taken in several. */
const LONGEST_MS = 2 ** 31 - 1;

/** The machine's own clock. */
export function createSystemClock(): Clock & { until: Until } {
  const now = () => new Date();
  return {
    now,
    until: (at, signal) =>
      new Promise((resolve) => {
        let timer: NodeJS.Timeout | undefined;
        const end = () => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', end);
          resolve();
        };
        // Timers may fire a millisecond before the clock shows the time they were set for: looked at again.
        const look = () => {
          const restMs = at.getTime() - now().getTime();
          if (restMs <= 0 || signal?.aborted) end();
          else timer = setTimeout(look, Math.min(restMs, LONGEST_MS));
        };
        signal?.addEventListener('abort', end, { once: true });
        look();
      }),
  };
}
