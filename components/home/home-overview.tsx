'use client';
import { useQuery } from '@tanstack/react-query';
import { errorWords } from '@/components/api/error-words';
import { useTRPC } from '@/components/api/trpc';
import { useFirst } from '@/components/api/use-first';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import { PageHeader } from '@/components/ui/page-header';
import { Skeleton } from '@/components/ui/skeleton';
import type { HomeView } from '@/server/domain/home-views';
import { AgentsByRisk } from './agents-by-risk';
import { Attention } from './attention';
import { Reviewing } from './reviewing';
import { TodayCard } from './today-card';
import { Waiting } from './waiting';

/** The figures come from the log with half a minute's delay: asking more often would show nothing new. */
const AGAIN_MS = 15_000;

/** What whoever answers for the workspace wants to know first. */
export function HomeOverview({ first }: { first?: HomeView | undefined }) {
  const home = useQuery(
    useTRPC().home.get.queryOptions(undefined, {
      ...useFirst(first),
      refetchInterval: AGAIN_MS,
    }),
  );
  return (
    <div className="mx-auto max-w-[80rem]">
      <PageHeader
        title="Home"
        description="What waits, what agents did today against usual days, and how people decide."
      />
      {home.error ? (
        <Callout tone="danger" role="alert" className="mb-5">
          {errorWords(home.error)}
        </Callout>
      ) : null}
      {home.data ? <Everything home={home.data} /> : home.error ? null : <Loading />}
    </div>
  );
}

function Everything({ home }: { home: HomeView }) {
  return (
    <div className="grid gap-5 lg:grid-cols-3">
      <div className="flex flex-col gap-5 lg:col-span-2">
        <Waiting home={home} />
        <TodayCard hours={home.hours} at={home.at} />
      </div>
      <Attention />
      <Card id="agents" title="Agents, most risky first" flush className="lg:col-span-3">
        <AgentsByRisk agents={home.agents} />
      </Card>
      <Card id="reviewing" title="How people decide" flush className="lg:col-span-3">
        <Reviewing reviewers={home.reviewers} />
      </Card>
    </div>
  );
}

function Loading() {
  return (
    <div className="grid gap-5 lg:grid-cols-3" role="status" aria-label="Loading the figures">
      <div className="flex flex-col gap-5 lg:col-span-2">
        <Skeleton className="h-40" />
        <Skeleton className="h-96" />
      </div>
      <Skeleton className="h-60" />
    </div>
  );
}
