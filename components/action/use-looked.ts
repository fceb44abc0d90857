'use client';
import { useEffect, useRef } from 'react';

/** Answers for how long the page has been looked at since `what` came onto it: the time it was visible, in milliseconds. */
export function useLooked(what: string | undefined): () => number {
  const seen = useRef({ sum: 0, since: 0 });
  useEffect(() => {
    if (what === undefined) return;
    const visible = () => document.visibilityState === 'visible';
    seen.current = { sum: 0, since: visible() ? performance.now() : 0 };
    const onChange = () => {
      const { sum, since } = seen.current;
      seen.current = visible()
        ? { sum, since: performance.now() }
        : { sum: sum + (since > 0 ? performance.now() - since : 0), since: 0 };
    };
    document.addEventListener('visibilitychange', onChange);
    return () => document.removeEventListener('visibilitychange', onChange);
  }, [what]);
  return () => {
    const { sum, since } = seen.current;
    return Math.min(86_400_000, Math.round(sum + (since > 0 ? performance.now() - since : 0)));
  };
}
