'use client';
import { errorWords } from '@/components/api/error-words';
import { useTRPC, useTRPCClient } from '@/components/api/trpc';
import { usePages } from '@/components/api/use-pages';
import { ListSkeleton } from '@/components/apply/list-skeleton';
import { MoreButton } from '@/components/apply/more-button';
import { Callout } from '@/components/ui/callout';
import { LevelGlyph } from '@/components/ui/level-badge';
import { Link } from '@/components/ui/link';
import { RelativeTime } from '@/components/ui/relative-time';
import { StatusBadge } from '@/components/ui/status-badge';
import type { ActionListItem, ActionPage } from '@/server/domain/views';

const PAGE_SIZE = 50;

function Step({ step }: { step: ActionListItem }) {
  return (
    <li className="relative flex flex-col gap-x-6 gap-y-1.5 px-4 py-3 hover:bg-hover sm:flex-row sm:items-center sm:justify-between sm:px-5">
      <div className="flex min-w-0 gap-3">
        <LevelGlyph level={step.level} className="mt-0.5 size-4.5" />
        <div className="min-w-0">
          <Link
            href={`/actions/${step.actionId}`}
            className="line-clamp-3 text-base text-pretty after:absolute after:inset-0 [overflow-wrap:anywhere]"
          >
            <span className="sr-only">{step.level}: </span>
            {step.sentence || 'Not measured yet'}
          </Link>
          <p className="mt-0.5 text-faint text-sm">
            <code className="text-xs">{step.tool}</code> · planned <RelativeTime at={step.createdAt} />
          </p>
        </div>
      </div>
      <StatusBadge status={step.status} className="ml-7.5 self-start sm:ml-0 sm:shrink-0 sm:self-auto" />
    </li>
  );
}

/** Every planned action of a run, the latest first, in Holdpoint's words. */
export function RunSteps({ runId }: { runId: string }) {
  const trpc = useTRPC();
  const api = useTRPCClient();
  const input = { runId, limit: PAGE_SIZE };
  const list = usePages<ActionPage>({
    queryKey: trpc.review.list.infiniteQueryKey(input),
    read: (cursor, signal) => api.review.list.query({ ...input, ...cursor }, { signal }),
  });
  const steps = list.pages?.flatMap((page) => page.items);
  if (list.error) {
    return (
      <Callout tone="danger" role="alert" className="m-4">
        {errorWords(list.error)}
      </Callout>
    );
  }
  if (steps === undefined) return <ListSkeleton label="Loading the steps" />;
  if (steps.length === 0) {
    return <p className="px-4 py-6 text-soft sm:px-5">It has not planned anything yet.</p>;
  }
  return (
    <>
      <ol aria-label="Steps, the latest first" className="divide-y divide-line">
        {steps.map((step) => (
          <Step key={step.actionId} step={step} />
        ))}
      </ol>
      <MoreButton list={list} />
    </>
  );
}
