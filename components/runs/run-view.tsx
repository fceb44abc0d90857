'use client';
import { useQuery } from '@tanstack/react-query';
import { SearchX } from 'lucide-react';
import { InertText } from '@/components/agent-words/inert-text';
import { isMissing } from '@/components/api/error-words';
import { useTRPC } from '@/components/api/trpc';
import { DetailPage } from '@/components/apply/detail-page';
import { HaltButton } from '@/components/halts/halt-button';
import { MandateCard } from '@/components/mandates/mandate-card';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import { EmptyState } from '@/components/ui/empty-state';
import { Link } from '@/components/ui/link';
import { PageHeader } from '@/components/ui/page-header';
import { RelativeTime } from '@/components/ui/relative-time';
import type { RunDetail } from '@/server/domain/run-views';
import { RunFacts } from './run-facts';
import { RunObservations } from './run-observations';
import { RunSteps } from './run-steps';
import { RunStory } from './run-story';
import { RunTouched } from './run-touched';

function Body({ run }: { run: RunDetail }) {
  return (
    <>
      <PageHeader
        title={
          <span className="flex flex-wrap items-center gap-3">
            <span className="[overflow-wrap:anywhere]">A run of {run.agent.name}</span>
            {run.halt ? (
              <Badge tone="danger">halted</Badge>
            ) : run.finishedAt ? (
              <Badge>ended</Badge>
            ) : (
              <Badge tone="notice">going on</Badge>
            )}
          </span>
        }
        description={<code className="text-sm">{run.runId}</code>}
        action={
          run.halt || run.finishedAt ? null : (
            <HaltButton subject={{ scope: 'run', id: run.runId, name: run.goal }} label="Halt this run…" />
          )
        }
      />
      <div className="flex flex-col gap-5">
        {run.halt ? (
          <Callout
            tone="danger"
            title="Halted"
            action={
              <Button asChild>
                <Link href="/halts">To the halts</Link>
              </Button>
            }
          >
            {run.halt.by}, <RelativeTime at={run.halt.at} focusable />: “<InertText text={run.halt.reason} />”
          </Callout>
        ) : null}
        <Card>
          <RunFacts run={run} />
        </Card>
        <MandateCard run={run} />
        <Card id="steps" title="Steps" flush>
          <RunSteps runId={run.runId} />
        </Card>
        <Card id="touched" title="What it read and changed in total" flush>
          <RunTouched run={run} />
        </Card>
        <Card id="observed" title="What it reported to have seen">
          <RunObservations run={run} />
        </Card>
        <Card id="story" title={`What ${run.agent.name} says`}>
          <RunStory run={run} />
        </Card>
      </div>
    </>
  );
}

/** One run as a whole, live: in whose name, which steps, what they did together, how it ended. */
export function RunView({ runId }: { runId: string }) {
  const trpc = useTRPC();
  const query = useQuery(trpc.run.get.queryOptions({ runId }));
  const run = query.data as RunDetail | undefined;
  if (run === undefined && isMissing(query.error)) {
    return (
      <EmptyState
        isPage
        icon={<SearchX />}
        title="There is no such run"
        action={
          <Button asChild>
            <Link href="/runs">To the runs</Link>
          </Button>
        }
      >
        The link may be cut short, or it belongs to another workspace.
      </EmptyState>
    );
  }
  return (
    <DetailPage
      back={{ href: '/runs', label: 'Runs' }}
      query={{ data: run, error: query.error }}
      loading="Loading the run"
      retry={<Button onClick={() => void query.refetch()}>Try again</Button>}
    >
      {(each) => <Body run={each} />}
    </DetailPage>
  );
}
