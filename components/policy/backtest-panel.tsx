'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { errorWords } from '@/components/api/error-words';
import { useTRPC, useTRPCClient } from '@/components/api/trpc';
import { usePages } from '@/components/api/use-pages';
import { MoreButton } from '@/components/apply/more-button';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import { Link } from '@/components/ui/link';
import { RelativeTime } from '@/components/ui/relative-time';
import type { BriefVerdict } from '@/server/domain/policy-report';
import type { BacktestChangePage, BacktestView } from '@/server/domain/policy-views';
import { BacktestTotals } from './backtest-totals';

const said = (v: BriefVerdict): string =>
  v.verdict === 'allow'
    ? 'allowed'
    : v.verdict === 'deny'
      ? 'denied'
      : `held for ${v.quorum === 1 ? 'one' : v.quorum}${v.reviewers.length > 0 ? ` of ${v.reviewers.join(' or ')}` : ''}`;

function Changes({ backtestId }: { backtestId: string }) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const { pages, hasMore, isReadingMore, onMore } = usePages({
    queryKey: trpc.policy.backtestChanges.queryKey({ backtestId }),
    read: async (cursor, signal) =>
      (await client.policy.backtestChanges.query(
        { backtestId, ...cursor },
        { signal },
      )) as BacktestChangePage,
  });
  const items = pages?.flatMap((p) => p.items) ?? [];
  if (items.length === 0) return null;
  return (
    <Card id="would-change" title="Action by action" flush>
      <ul className="divide-y divide-line">
        {items.map((one) => (
          <li key={one.actionId} className="px-4 py-2.5 sm:px-5">
            <Link href={`/actions/${one.actionId}`} className="font-medium text-base hover:underline">
              {one.sentence === '' ? one.tool : one.sentence}
            </Link>
            <p className="text-soft text-sm">
              {said(one.before)} → <strong className="font-semibold text-ink">{said(one.after)}</strong>{' '}
              <span className="text-faint">
                <RelativeTime at={one.at} />
              </span>
            </p>
          </li>
        ))}
      </ul>
      <MoreButton list={{ hasMore, isReadingMore, onMore }} />
    </Card>
  );
}

function Progress({ backtest, onStop }: { backtest: BacktestView; onStop: () => void }) {
  return (
    <Card>
      <div className="flex flex-wrap items-center gap-4">
        <label className="min-w-0 flex-1 text-base text-soft">
          {backtest.done.toLocaleString('en')} of {backtest.total.toLocaleString('en')} recorded actions
          <progress
            className="mt-1 block h-2 w-full"
            value={backtest.done}
            max={Math.max(1, backtest.total)}
          />
        </label>
        <Button onClick={onStop}>Stop</Button>
      </div>
    </Card>
  );
}

/** The draft replayed over what was recorded: what would have been allowed, held or denied instead. */
export function BacktestPanel({ draftId, saved }: { draftId: string; saved: boolean }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const query = useQuery({
    ...trpc.policy.backtest.queryOptions({ draftId }),
    refetchInterval: (q) => {
      const status = (q.state.data as BacktestView | null | undefined)?.status;
      return status === 'queued' || status === 'running' ? 800 : false;
    },
  });
  const again = () => queries.invalidateQueries({ queryKey: trpc.policy.backtest.queryKey({ draftId }) });
  const start = useMutation(trpc.policy.startBacktest.mutationOptions({ onSuccess: again }));
  const stop = useMutation(trpc.policy.stopBacktest.mutationOptions({ onSuccess: again }));
  const backtest = query.data as BacktestView | null | undefined;
  const running = backtest?.status === 'queued' || backtest?.status === 'running';
  const error = start.error ?? query.error;
  return (
    <div className="space-y-4">
      <div className="flex flex-wrap items-center gap-3">
        <Button
          variant="primary"
          disabled={!saved || running}
          busy={start.isPending}
          onClick={() => start.mutate({ draftId })}
        >
          {backtest ? 'Replay again' : 'Replay over recorded actions'}
        </Button>
        <p className="text-soft text-sm">
          By what was known when each was judged, against the version in force.
        </p>
      </div>
      {error ? (
        <Callout tone="danger" role="alert">
          {errorWords(error)}
        </Callout>
      ) : null}
      {backtest && running ? (
        <Progress backtest={backtest} onStop={() => stop.mutate({ backtestId: backtest.backtestId })} />
      ) : null}
      {backtest && !running && !backtest.isCurrent ? (
        <Callout tone="caution">
          The draft or the version in force changed since. Replay it again before publishing.
        </Callout>
      ) : null}
      {backtest?.status === 'failed' ? (
        <Callout tone="danger" title="The replay did not finish">
          {backtest.error}
        </Callout>
      ) : null}
      {backtest?.status === 'done' ? (
        <>
          <Card id="totals" title="What would have been different">
            <BacktestTotals totals={backtest.totals} perReviewerDay={backtest.perReviewerDay} />
          </Card>
          <Changes backtestId={backtest.backtestId} />
        </>
      ) : null}
    </div>
  );
}
