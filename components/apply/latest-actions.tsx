'use client';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { errorWords } from '@/components/api/error-words';
import { useTRPC } from '@/components/api/trpc';
import { ListSkeleton } from '@/components/apply/list-skeleton';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import { LevelGlyph } from '@/components/ui/level-badge';
import { RelativeTime } from '@/components/ui/relative-time';
import { StatusBadge } from '@/components/ui/status-badge';

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
            <li
              key={action.actionId}
              className="flex flex-wrap items-center gap-x-4 gap-y-1.5 px-4 py-3 sm:flex-nowrap sm:px-5"
            >
              <LevelGlyph level={action.level} />
              <div className="min-w-0 flex-1 basis-64">
                <Link
                  href={`/actions/${action.actionId}`}
                  className="line-clamp-2 text-base underline-offset-2 hover:underline"
                >
                  <span className="sr-only">{action.level}: </span>
                  {action.sentence || 'Being measured'}
                </Link>
                <p className="text-faint text-sm">
                  {'agentId' in of ? null : `${action.agent} · `}
                  <code className="text-xs">{action.tool}</code> · <RelativeTime at={action.at} focusable />
                </p>
              </div>
              <StatusBadge status={action.status} />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
