'use client';
import { useEffect, useRef, useState } from 'react';

const MARK_MS = 12_000;

/**
 * Which of the listed ids came while the list was on screen. What was there at first, or came by scrolling or another filter (`scope`), is not new.
 */
export function useArrivals(ids: readonly string[] | null, scope: string): ReadonlySet<string> {
  const known = useRef<{ scope: string; ids: ReadonlySet<string> } | null>(null);
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  const timers = useRef(new Set<ReturnType<typeof setTimeout>>());
  useEffect(() => {
    const pending = timers.current;
    return () => {
      for (const timer of pending) clearTimeout(timer);
    };
  }, []);
  useEffect(() => {
    if (!ids) return;
    const before = known.current;
    known.current = { scope, ids: new Set(ids) };
    if (before?.scope !== scope) {
      setFresh(new Set());
      return;
    }
    // The list is in the order of planning, and measuring takes each its time: what arrives may stand anywhere above the last row that was there
    // before. What follows that one was loaded by scrolling.
    const last = ids.findLastIndex((id) => before.ids.has(id));
    const arrived = ids.slice(0, last === -1 ? ids.length : last).filter((id) => !before.ids.has(id));
    if (arrived.length === 0) return;
    setFresh((current) => new Set([...current, ...arrived]));
    const timer = setTimeout(() => {
      timers.current.delete(timer);
      setFresh((current) => new Set([...current].filter((id) => !arrived.includes(id))));
    }, MARK_MS);
    timers.current.add(timer);
  }, [ids, scope]);
  return fresh;
}
