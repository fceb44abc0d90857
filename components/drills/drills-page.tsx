'use client';
import { useQuery } from '@tanstack/react-query';
import { Crosshair } from 'lucide-react';
import { errorWords } from '@/components/api/error-words';
import { useTRPC } from '@/components/api/trpc';
import { ListSkeleton } from '@/components/apply/list-skeleton';
import { Badge } from '@/components/ui/badge';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import { EmptyState } from '@/components/ui/empty-state';
import { Link } from '@/components/ui/link';
import { PageHeader } from '@/components/ui/page-header';
import { RelativeTime } from '@/components/ui/relative-time';
import type { DrillView } from '@/server/domain/drill-views';
import { Answers } from './answers';
import { OUTCOMES } from './drill-words';
import { StartDrill } from './start-drill';

function Drill({ drill }: { drill: DrillView }) {
  const { word, tone, says } = OUTCOMES[drill.outcome];
  return (
    <li className="px-4 py-4 sm:px-5">
      <p className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <Link
          href={`/actions/${drill.actionId}`}
          className="font-medium text-base underline underline-offset-2"
        >
          {drill.sentence || 'Being measured'}
        </Link>
        <Badge tone={tone}>{word}</Badge>
      </p>
      <p className="mt-0.5 text-faint text-sm">
        in the name of {drill.agent}, by {drill.startedBy}, <RelativeTime at={drill.at} focusable />
      </p>
      <p className="mt-2 max-w-2xl text-base text-soft">
        {drill.lesson} {says}
      </p>
      <Answers answers={drill.answers} />
    </li>
  );
}

/** Rehearsed mistakes and attacks, and what reviewers and policy made of them. */
export function DrillsPage() {
  const { data, error } = useQuery(useTRPC().drill.list.queryOptions());
  return (
    <div className="mx-auto w-full max-w-[64rem]">
      <PageHeader
        title="Drills"
        description="Plans made up to be refused. They look like any other to whoever reviews them, can never run, and are told to everybody who decided, right afterwards."
        action={error ? null : <StartDrill />}
      />
      <Card flush>
        {error ? (
          <Callout tone="danger" role="alert" className="m-4">
            {errorWords(error)}
          </Callout>
        ) : data === undefined ? (
          <ListSkeleton label="Loading drills" />
        ) : data.length === 0 ? (
          <EmptyState icon={<Crosshair />} title="No drill yet">
            Make up what an agent should never do here, and see whether policy or people stop it.
          </EmptyState>
        ) : (
          <ul className="divide-y divide-line">
            {data.map((drill) => (
              <Drill key={drill.drillId} drill={drill} />
            ))}
          </ul>
        )}
      </Card>
    </div>
  );
}
