'use client';
import { ExactTime } from './exact-time';
import { relativeWords } from './time-words';
import { useNow } from './use-now';

/** A time as a person says it, with the exact one on hover. `focusable` shows it on focus too (not inside rows that are links). */
export function RelativeTime({
  at,
  focusable,
  className,
}: {
  at: string;
  focusable?: boolean;
  className?: string;
}) {
  const now = useNow();
  return (
    <ExactTime at={at} focusable={focusable} className={className}>
      {relativeWords(Date.parse(at), now)}
    </ExactTime>
  );
}
