'use client';
import { absoluteWords, relativeWords } from './time-words';
import { Tooltip } from './tooltip';
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
  const time = (
    <time
      dateTime={at}
      className={className}
      suppressHydrationWarning
      {...(focusable ? { tabIndex: 0 } : { title: absoluteWords(at) })}
    >
      {relativeWords(Date.parse(at), now)}
    </time>
  );
  return focusable ? <Tooltip content={absoluteWords(at)}>{time}</Tooltip> : time;
}
