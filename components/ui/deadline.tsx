'use client';
import { Clock, ClockAlert } from 'lucide-react';
import { cn } from './cn';
import { ExactTime } from './exact-time';
import { spanWords } from './time-words';
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
  return (
    <ExactTime
      at={at}
      before="Decide by "
      focusable={focusable}
      className={cn(
        'tabular inline-flex items-center gap-1.5 whitespace-nowrap text-sm [&_svg]:size-3.5',
        soon ? 'font-medium text-hold-text' : 'text-soft',
        className,
      )}
    >
      <Icon aria-hidden />
      {words}
    </ExactTime>
  );
}
