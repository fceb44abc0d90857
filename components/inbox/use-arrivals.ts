'use client';
import { useEffect, useRef, useState } from 'react';

const MARK_MS = 12_000;

/**
 * Which of the listed ids came while the list was on screen. What was there at first, or came by scrolling or another filter (`scope`), is not new.
 */
export function useArrivals(ids: readonly string[] | null, scope: string): ReadonlySet<string> {
  const known = useRef<{ scope: string; ids: Set<string>; first: string | undefined } | null>(null);
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    if (!ids) return;
    if (known.current?.scope !== scope) {
      known.current = { scope, ids: new Set(ids), first: ids[0] };
      setFresh(new Set());
      return;
    }
    const before = known.current;
    // Only what stands above the former first row arrived; what follows further down was loaded by scrolling.
    const end = before.first === undefined ? ids.length : ids.indexOf(before.first);
    const arrived = ids.slice(0, Math.max(0, end)).filter((id) => !before.ids.has(id));
    for (const id of ids) before.ids.add(id);
    before.first = ids[0];
    if (arrived.length === 0) return;
    setFresh((current) => new Set([...current, ...arrived]));
    const timer = setTimeout(
      () => setFresh((current) => new Set([...current].filter((id) => !arrived.includes(id)))),
      MARK_MS,
    );
    return () => clearTimeout(timer);
  }, [ids, scope]);
  return fresh;
}
