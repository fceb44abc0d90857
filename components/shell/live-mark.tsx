'use client';
import { useLive } from '@/components/api/live';
import { cn } from '@/components/ui/cn';

const WORDS = {
  connecting: 'Connecting',
  live: 'Live',
  lost: 'Reconnecting',
} as const;

/** Whether what one sees changes by itself. Shape and word, not only colour. */
export function LiveMark() {
  const live = useLive();
  return (
    <p role="status" className="flex items-center gap-2 px-2.5 py-1 text-faint text-xs">
      <span
        aria-hidden
        className={cn(
          'size-2 rounded-full border',
          live === 'live' ? 'border-good bg-good' : 'animate-breathe border-hold border-dashed',
        )}
      />
      {WORDS[live]}
      {live === 'lost' ? ': what you see may be old' : ''}
    </p>
  );
}
