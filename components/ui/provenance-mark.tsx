import type { Provenance } from '@/server/domain/vocabulary';
import { cn } from './cn';

const WORDS: Record<Provenance, { word: string; means: string }> = {
  measured: { word: 'measured', means: 'Holdpoint ran it on the real data and counted' },
  estimated: { word: 'estimated', means: 'Worked out without running it; the real number may differ' },
  declared: { word: 'declared', means: 'Stated by the tool’s description, not checked' },
  unknown: { word: 'unknown', means: 'Could not be measured; it raises what is asked' },
};

function Glyph({ provenance }: { provenance: Provenance }) {
  const ring = { cx: 6, cy: 6, r: 4.25, fill: 'none', stroke: 'currentColor', strokeWidth: 1.5 };
  return (
    <svg viewBox="0 0 12 12" aria-hidden="true" className="size-3 shrink-0">
      {provenance === 'measured' ? <circle cx="6" cy="6" r="5" fill="currentColor" /> : null}
      {provenance === 'estimated' ? (
        <>
          <circle {...ring} />
          <path d="M6 1.75a4.25 4.25 0 0 1 0 8.5z" fill="currentColor" />
        </>
      ) : null}
      {provenance === 'declared' ? <circle {...ring} /> : null}
      {provenance === 'unknown' ? <circle {...ring} strokeDasharray="2.2 2.2" /> : null}
    </svg>
  );
}

/** How a number is known: full, half, empty and broken circle, with the word. */
export function ProvenanceMark({
  provenance,
  compact,
  className,
}: {
  provenance: Provenance;
  /** Glyph only; the word stays for assistive technology and on hover. */
  compact?: boolean;
  className?: string;
}) {
  const { word, means } = WORDS[provenance];
  return (
    <span
      title={`${word}: ${means}`}
      className={cn(
        'inline-flex items-center gap-1 whitespace-nowrap text-xs',
        provenance === 'unknown' ? 'text-hold-text' : 'text-faint',
        className,
      )}
    >
      <Glyph provenance={provenance} />
      <span className={compact ? 'sr-only' : ''}>{word}</span>
    </span>
  );
}
