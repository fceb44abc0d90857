'use client';
import { errorWords } from '@/components/api/error-words';
import { ListSkeleton } from '@/components/apply/list-skeleton';
import { RunRow } from '@/components/runs/run-row';
import { useRuns } from '@/components/runs/use-runs';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import { Link } from '@/components/ui/link';

const SHOWN = 5;

/** What an agent works on, and the way to all of it. */
export function LatestRuns({ agentId }: { agentId: string }) {
  const { items, error } = useRuns({ agentId, limit: SHOWN });
  return (
    <Card
      id="runs"
      title="Latest runs"
      flush
      aside={
        <Link href={`/runs?agent=${agentId}`} className="text-soft text-sm underline underline-offset-2">
          All its runs
        </Link>
      }
    >
      {error ? (
        <Callout tone="danger" role="alert" className="m-4">
          {errorWords(error)}
        </Callout>
      ) : items === null ? (
        <ListSkeleton label="Loading its runs" />
      ) : items.length === 0 ? (
        <p className="px-4 py-6 text-soft sm:px-5">It has not begun a run yet.</p>
      ) : (
        <ul className="divide-y divide-line">
          {items.slice(0, SHOWN).map((run) => (
            <RunRow key={run.runId} run={run} withAgent={false} />
          ))}
        </ul>
      )}
    </Card>
  );
}
