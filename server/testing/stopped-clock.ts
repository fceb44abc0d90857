import type { Clock, Until } from '@/server/domain/ports';

export type StoppedClock = Clock & {
  until: Until;
  /** Moves the time on, or back; whoever waited for a moment up to then is woken. */
  advance(ms: number): void;
  /** How many wait for a moment to come. */
  readonly waiting: number;
};

/** A clock that stands still until a test moves it. */
export function createStoppedClock(): StoppedClock {
  let time = Date.now();
  const waits = new Set<{ at: number; end(): void }>();
  return {
    now: () => new Date(time),
    until: (at, signal) =>
      new Promise((resolve) => {
        const wait = {
          at: at.getTime(),
          end: () => {
            waits.delete(wait);
            signal?.removeEventListener('abort', wait.end);
            resolve();
          },
        };
        waits.add(wait);
        signal?.addEventListener('abort', wait.end, { once: true });
        if (wait.at <= time || signal?.aborted) wait.end();
      }),
    advance(ms) {
      time += ms;
      for (const wait of [...waits]) if (wait.at <= time) wait.end();
    },
    get waiting() {
      return waits.size;
    },
  };
}
