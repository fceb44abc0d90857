'use client';
import { useEffect, useState } from 'react';

/**
 * The value as it was when the pointer went down, until it is up again. A row that moves in between is no longer under the pointer when it is
 * released, and the browser then reports no click at all.
 */
export function useStillWhilePressed<T>(latest: T): { still: T; onPointerDown: () => void } {
  const [kept, setKept] = useState<{ value: T } | null>(null);
  useEffect(() => {
    if (kept === null) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    // The click follows the release: let it find the row first.
    const release = () => {
      timer = setTimeout(() => setKept(null));
    };
    window.addEventListener('pointerup', release);
    window.addEventListener('pointercancel', release);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('pointerup', release);
      window.removeEventListener('pointercancel', release);
    };
  }, [kept]);
  return { still: kept === null ? latest : kept.value, onPointerDown: () => setKept({ value: latest }) };
}
