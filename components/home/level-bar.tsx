import { cn } from '@/components/ui/cn';
import { LevelGlyph } from '@/components/ui/level-badge';
import { countWords } from '@/components/ui/number-words';
import { LEVELS, type Level } from '@/server/domain/vocabulary';

const FILL: Record<Level, string> = {
  low: 'bg-control',
  moderate: 'bg-caution',
  high: 'bg-hold',
  critical: 'bg-danger',
};

/** How a number is made up of levels, most serious first. Decoration: the counts beside it say the same. */
export function LevelBar({ counts, className }: { counts: Record<Level, number>; className?: string }) {
  return (
    <div aria-hidden className={cn('flex h-2 gap-px overflow-hidden rounded-full bg-sunken', className)}>
      {[...LEVELS]
        .reverse()
        .map((level) =>
          counts[level] > 0 ? (
            <div
              key={level}
              className={cn('min-w-1.5', FILL[level])}
              style={{ flexGrow: counts[level], flexBasis: 0 }}
            />
          ) : null,
        )}
    </div>
  );
}

/** The same in numbers; levels without any are left out. */
export function LevelCounts({ counts, className }: { counts: Record<Level, number>; className?: string }) {
  return (
    <ul className={cn('flex flex-wrap gap-x-4 gap-y-1 text-sm', className)}>
      {[...LEVELS].reverse().map((level) =>
        counts[level] > 0 ? (
          <li key={level} className="flex items-center gap-1.5 text-soft">
            <LevelGlyph level={level} className="size-3.5" />
            <span className="tabular font-medium text-ink">{countWords(counts[level])}</span> {level}
          </li>
        ) : null,
      )}
    </ul>
  );
}
