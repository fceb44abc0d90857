'use client';
import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/components/api/trpc';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import { Link } from '@/components/ui/link';
import { Skeleton } from '@/components/ui/skeleton';
import type { ActionDetail } from '@/server/domain/views';
import { toText, whole } from './args-text';
import { TextDiff } from './text-diff';

const to = (actionId: string, words: string) => (
  <Link className="underline underline-offset-2" href={`/actions/${actionId}`}>
    {words}
  </Link>
);

function Difference({ action, of }: { action: ActionDetail; of: string }) {
  const original = useQuery(useTRPC().review.get.queryOptions({ actionId: of }));
  const isSql = action.toolDetail.kind === 'sql';
  if (original.error) return null;
  if (!original.data) return <Skeleton className="h-24 w-full" />;
  const before = original.data.args as Record<string, unknown>;
  return (
    <TextDiff
      label="What the reviewer changed"
      before={whole(toText(before, isSql))}
      after={whole(toText(action.args, isSql))}
    />
  );
}

/** On what a reviewer changed: the difference to what the agent had planned; on what the agent had planned: where it went. */
export function EditedCard({ action }: { action: ActionDetail }) {
  const { of, into } = action.edit;
  return (
    <>
      {into ? (
        <Callout tone="notice" title="Changed by a reviewer">
          This did not run. {to(into, 'What they wrote')} is planned in its place.
        </Callout>
      ) : null}
      {of ? (
        <Card id="edited" title="What a reviewer changed">
          <p className="mb-3 max-w-2xl text-base text-soft">
            {action.agent.name} had planned {to(of, 'something else')}. Whoever changed it has no vote on
            this.
          </p>
          <Difference action={action} of={of} />
        </Card>
      ) : null}
    </>
  );
}
