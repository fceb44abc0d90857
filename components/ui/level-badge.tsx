import { OctagonAlert } from 'lucide-react';
import type { Level } from '@/server/domain/vocabulary';
import { cn } from './cn';

const LOOK: Record<Level, { word: string; bars: number; text: string }> = {
  low: { word: 'Low', bars: 1, text: 'text-soft' },
  moderate: { word: 'Moderate', bars: 2, text: 'text-caution-text' },
  high: { word: 'High', bars: 3, text: 'text-hold-text' },
  critical: { word: 'Critical', bars: 4, text: 'text-danger-text' },
};

/** The level as rising bars: how many are filled says it without any colour. Critical is an octagon of its own. */
export function LevelGlyph({ level, className }: { level: Level; className?: string }) {
  const { bars, text } = LOOK[level];
  if (level === 'critical')
    return <OctagonAlert aria-hidden strokeWidth={2.4} className={cn('size-4 shrink-0', text, className)} />;
  return (
    <svg viewBox="0 0 16 16" aria-hidden="true" className={cn('size-4 shrink-0', text, className)}>
      {[0, 1, 2].map((bar) => (
        <rect
          key={bar}
          x={1.5 + bar * 4.8}
          y={10 - bar * 4}
          width="3.4"
          height={4.5 + bar * 4}
          rx="1"
          fill="currentColor"
          opacity={bar < bars ? 1 : 0.22}
        />
      ))}
    </svg>
  );
}

/** Level in a word and a glyph; critical alone is filled, so that a rare hold looks rare. */
export function LevelBadge({ level, className }: { level: Level; className?: string }) {
  const { word, text } = LOOK[level];
  return (
    <span
      className={cn(
        'inline-flex h-6 items-center gap-1.5 rounded-sm border px-1.5 font-medium text-sm',
        level === 'critical'
          ? 'border-danger bg-danger text-[oklch(1_0_0)]'
          : cn('border-line bg-surface', text),
        className,
      )}
    >
      <LevelGlyph level={level} className={level === 'critical' ? 'text-[oklch(1_0_0)]' : ''} />
      {word}
      <span className="sr-only"> level</span>
    </span>
  );
}
