'use client';
import { useQuery } from '@tanstack/react-query';
import type { inferRouterOutputs } from '@trpc/server';
import { SearchX } from 'lucide-react';
import { errorWords, isMissing } from '@/components/api/error-words';
import { useTRPC } from '@/components/api/trpc';
import { useFirst } from '@/components/api/use-first';
import { DecisionBar } from '@/components/decision/decision-bar';
import { IdenticalHolds } from '@/components/decision/identical-holds';
import { LiveRows } from '@/components/rows/live-rows';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { EmptyState } from '@/components/ui/empty-state';
import { Link } from '@/components/ui/link';
import type { AppRouter } from '@/server/api/trpc/root';
import type { ActionDetail } from '@/server/domain/views';
import { ActionReview } from './action-review';
import { ActionSkeleton } from './action-skeleton';
import { useDecide } from './use-decide';
import { useIdentical } from './use-identical';

/** The view as the client types it. It is plain JSON by contract, so both are the same thing. */
type Answer = inferRouterOutputs<AppRouter>['review']['get'];

function Failed({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  if (isMissing(error)) {
    return (
      <EmptyState
        isPage
        icon={<SearchX />}
        title="There is no such planned action"
        action={
          <Button asChild>
            <Link href="/inbox">Back to the inbox</Link>
          </Button>
        }
      >
        The link may be cut short, or it belongs to another workspace.
      </EmptyState>
    );
  }
  return (
    <Callout
      tone="danger"
      role="alert"
      title="This action could not be read"
      action={<Button onClick={onRetry}>Try again</Button>}
    >
      {errorWords(error)}
    </Callout>
  );
}

/** One planned action, live: what is on the screen is what the API says now, and a decision names exactly that. */
export function LiveAction({ actionId, first }: { actionId: string; first?: ActionDetail | undefined }) {
  const trpc = useTRPC();
  const query = useQuery({
    ...trpc.review.get.queryOptions({ actionId }),
    ...useFirst(first as Answer | undefined),
  });
  const action = query.data as ActionDetail | undefined;
  const identical = useIdentical(action);
  const { onDecide, busy, error } = useDecide(action, identical.chosen);
  if (!action) {
    return query.error ? (
      <Failed error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <ActionSkeleton />
    );
  }
  return (
    <ActionReview
      action={action}
      rows={<LiveRows action={action} />}
      bar={
        action.status === 'held' ? (
          // Made anew for every footprint: no half-made step outlives what it was about.
          <DecisionBar
            key={action.footprintDigest}
            action={action}
            busy={busy}
            error={error}
            above={<IdenticalHolds {...identical} />}
            onDecide={onDecide}
          />
        ) : error ? (
          <Callout tone="danger" role="alert" className="sticky bottom-4 shadow-float">
            {error}
          </Callout>
        ) : null
      }
    />
  );
}
