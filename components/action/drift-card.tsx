import { ArrowRight, RefreshCw } from 'lucide-react';
import { InertText } from '@/components/agent-words/inert-text';
import { OperationBadge } from '@/components/footprint/footprint-items';
import { RelativeTime } from '@/components/ui/relative-time';
import type { ActionDetail } from '@/server/domain/views';

/** Held again: what was approved is no longer what would happen, shown as the difference. */
export function DriftCard({ drift }: { drift: NonNullable<ActionDetail['drift']> }) {
  const atClaim = drift.when === 'claim';
  return (
    <section
      aria-labelledby="drift-title"
      className="overflow-hidden rounded-xl border border-hold-line bg-hold-tint"
    >
      <div className="flex gap-3 px-4 py-3.5 sm:px-5">
        <RefreshCw aria-hidden className="mt-0.5 size-4.5 shrink-0 text-hold-text" />
        <div>
          <h2 id="drift-title" className="font-semibold text-base">
            {atClaim
              ? 'Held again: it would no longer do what was approved'
              : 'Held again: the data changed after it was approved'}
          </h2>
          <p className="mt-0.5 text-base text-soft">
            {atClaim ? (
              <>
                The agent came for the release <RelativeTime at={drift.at} focusable />. Holdpoint looked once
                more, found something else than what was approved, and handed nothing out.
              </>
            ) : (
              <>
                Holdpoint ran it <RelativeTime at={drift.at} focusable />, measured something else than what
                was approved, and rolled everything back.
              </>
            )}{' '}
            Earlier approvals no longer count.
          </p>
        </div>
      </div>
      <ul className="divide-y divide-line border-hold-line border-t bg-surface">
        {drift.changes.map((change) => (
          <li
            key={`${change.resource}/${change.operation}/${change.after}`}
            className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5 sm:px-5"
          >
            <OperationBadge
              operation={change.operation as Parameters<typeof OperationBadge>[0]['operation']}
            />
            <code className="text-sm">
              <InertText text={change.resource} />
            </code>
            <span className="tabular ml-auto flex items-center gap-2 text-base">
              <span className="text-soft line-through">{change.before}</span>
              <ArrowRight aria-label="now" className="size-3.5 text-faint" />
              <span className="font-semibold">{change.after}</span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
