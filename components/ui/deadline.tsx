'use client';
import { Clock, ClockAlert } from 'lucide-react';
import { cn } from './cn';
import { absoluteWords, spanWords } from './time-words';
import { Tooltip } from './tooltip';
import { useNow } from './use-now';

const SOON_SECONDS = 15 * 60;

/** How long a hold can still be decided. Under a quarter of an hour it asks for attention, with another icon as well. */
export function Deadline({
  at,
  focusable,
  className,
}: {
  at: string;
  focusable?: boolean;
  className?: string;
}) {
  const left = (Date.parse(at) - useNow()) / 1000;
  const soon = left < SOON_SECONDS;
  const Icon = soon ? ClockAlert : Clock;
  const words = left <= 0 ? 'Time is up' : `${spanWords(left)} left`;
  const absolute = `Decide by ${absoluteWords(at)}`;
  const time = (
    <time
      dateTime={at}
      suppressHydrationWarning
      className={cn(
        'tabular inline-flex items-center gap-1.5 whitespace-nowrap text-sm [&_svg]:size-3.5',
        soon ? 'font-medium text-hold-text' : 'text-soft',
        className,
      )}
      {...(focusable ? { tabIndex: 0 } : { title: absolute })}
    >
      <Icon aria-hidden />
      {words}
    </time>
  );
  return focusable ? <Tooltip content={absolute}>{time}</Tooltip> : time;
}
