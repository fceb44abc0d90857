import { Check } from 'lucide-react';
import { cn } from '@/components/ui/cn';

/** How many of the people needed have answered: one dot each. Who and how stays hidden until one's own answer is given. */
export function Quorum({ votes, needed, className }: { votes: number; needed: number; className?: string }) {
  const dots = Array.from({ length: Math.min(needed, 6) }, (_, index) => index < votes);
  return (
    <span className={cn('inline-flex items-center gap-1.5 text-sm', className)}>
      <span aria-hidden className="flex gap-1">
        {dots.map((filled, index) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: places, not things
            key={index}
            className={cn(
              'flex size-4 items-center justify-center rounded-full border',
              filled ? 'border-ink bg-ink text-page' : 'border-control border-dashed',
            )}
          >
            {filled ? <Check className="size-2.5" strokeWidth={3} /> : null}
          </span>
        ))}
      </span>
      <span className="tabular text-soft">
        {votes} of {needed} {needed === 1 ? 'approval' : 'approvals'}
      </span>
    </span>
  );
}
