'use client';
import { useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let now = Date.now();

// One clock for the page: two hundred deadlines tick together instead of each on its own.
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  // Nobody listened for a while: the last tick may be old.
  if (!timer) now = Date.now();
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The time, in steps of `stepSeconds`, so that a component draws again only when its words could change. */
export function useNow(stepSeconds = 1): number {
  const step = stepSeconds * 1000;
  return useSyncExternalStore(
    subscribe,
    () => Math.floor(now / step) * step,
    () => Math.floor(Date.now() / step) * step,
  );
}
