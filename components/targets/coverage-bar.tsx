import type { Coverage } from '@/server/domain/catalog-views';
import type { TargetKind } from '@/server/domain/vocabulary';

const WORDS = {
  postgres: { things: 'columns', done: 'classified' },
  http: { things: 'operations', done: 'described' },
  files: { things: 'files', done: 'classified' },
} as const;

/** How much of what a target holds somebody has classified. */
export function CoverageBar({ coverage, kind }: { coverage: Coverage | null; kind: TargetKind }) {
  const { things, done } = WORDS[kind];
  if (coverage === null || coverage.total === 0) {
    return <span className="text-faint text-sm">{things} not known yet</span>;
  }
  const { classified, total } = coverage;
  return (
    <span className="block">
      <span className="text-faint text-sm">
        <span className="tabular text-soft">
          {classified} of {total}
        </span>{' '}
        {things} {done}
      </span>
      <span aria-hidden className="mt-1 block h-1.5 w-full max-w-44 overflow-hidden rounded-full bg-sunken">
        <span
          className="block h-full rounded-full bg-ink/70"
          style={{ width: `${(100 * classified) / total}%` }}
        />
      </span>
    </span>
  );
}
