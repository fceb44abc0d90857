import type { Coverage } from '@/server/domain/catalog-views';

/** How much of what a target holds somebody has classified. */
export function CoverageBar({ coverage }: { coverage: Coverage | null }) {
  if (coverage === null || coverage.total === 0) {
    return <span className="text-faint text-sm">columns not known yet</span>;
  }
  const { classified, total } = coverage;
  return (
    <span className="block">
      <span className="text-faint text-sm">
        <span className="tabular text-soft">
          {classified} of {total}
        </span>{' '}
        columns classified
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
