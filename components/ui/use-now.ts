'use client';
import { useSyncExternalStore } from 'react';

const TICK_MS = 1_000;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let now = Date.now();

// One clock for the page: two hundred deadlines tick together instead of each on its own.
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  // Nobody listened for a while: the last tick is old. What is younger stays: another would have all that was just drawn drawn again.
  if (!timer && Date.now() - now > 2 * TICK_MS) now = Date.now();
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** In the browser the clock of the page, also for its first drawing: another time would have everything drawn a second time at once. */
const atFirst = (): number => (typeof window === 'undefined' ? Date.now() : now);

/** The time, in steps of `stepSeconds`, so that a component draws again only when its words could change. */
export function useNow(stepSeconds = 1): number {
  const step = stepSeconds * 1000;
  return useSyncExternalStore(
    subscribe,
    () => Math.floor(now / step) * step,
    () => Math.floor(atFirst() / step) * step,
  );
}
