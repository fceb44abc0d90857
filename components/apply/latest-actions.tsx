'use client';
import { useQuery } from '@tanstack/react-query';
import { errorWords } from '@/components/api/error-words';
import { useTRPC } from '@/components/api/trpc';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import { RelativeTime } from '@/components/ui/relative-time';
import { StatusBadge } from '@/components/ui/status-badge';
import { ActionLine } from './action-line';
import { ListSkeleton } from './list-skeleton';

type Of = { agentId: string } | { targetId: string };

/** The newest planned actions of one agent or target: what it has done, and what became of it. */
export function LatestActions({ of, title }: { of: Of; title: string }) {
  const { data, error } = useQuery(useTRPC().catalog.latest.queryOptions(of));
  return (
    <Card id="latest" title={title} flush>
      {error ? (
        <Callout tone="danger" role="alert" className="m-4">
          {errorWords(error)}
        </Callout>
      ) : data === undefined ? (
        <ListSkeleton label="Loading the latest planned actions" />
      ) : data.length === 0 ? (
        <p className="px-4 py-5 text-base text-soft sm:px-5">
          Nothing among the last 5,000 planned actions of the workspace.
        </p>
      ) : (
        <ul className="divide-y divide-line">
          {data.map((action) => (
            <ActionLine key={action.actionId} action={action} aside={<StatusBadge status={action.status} />}>
              {'agentId' in of ? null : `${action.agent} · `}
              <code className="text-xs">{action.tool}</code> · <RelativeTime at={action.at} focusable />
            </ActionLine>
          ))}
        </ul>
      )}
    </Card>
  );
}
