import { BacktestTotals } from '@/components/policy/backtest-totals';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import type { PolicyChangeView } from '@/server/domain/policy-views';
import { PolicyDiff } from './policy-diff';

/** What an owner or a security lead looks at before agreeing to another policy: why, what would have been different, every line. */
export function PolicyChangeCards({ change }: { change: PolicyChangeView }) {
  return (
    <>
      {change.isStale ? (
        <Callout tone="caution" title="Another version came into force since this was proposed">
          Approving it would change nothing: it would undo what was published meanwhile. Reject it; whoever
          wrote it begins again from the version in force.
        </Callout>
      ) : null}
      <Card id="policy-why" title="Why policy should change">
        <p className="text-base">{change.note}</p>
        <p className="mt-1 text-soft text-sm">
          Proposed by {change.proposer}
          {change.restores === null ? `, written by ${change.authors.join(', ')}` : ''}, from version{' '}
          {change.baseVersion}.
        </p>
      </Card>
      <Card id="policy-backtest" title="What would have been different">
        {change.backtest ? (
          <BacktestTotals {...change.backtest} />
        ) : (
          <div className="hatched rounded-lg border border-line-strong border-dashed px-4 py-3 text-base">
            No backtest was run for exactly this: how many verdicts it would change is not known.
          </div>
        )}
      </Card>
      <Card id="policy-diff" title="Every line" flush>
        <PolicyDiff diff={change.diff} />
      </Card>
    </>
  );
}
