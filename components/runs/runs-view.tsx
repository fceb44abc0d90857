'use client';
import { Footprints } from 'lucide-react';
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { errorWords } from '@/components/api/error-words';
import { ListSkeleton } from '@/components/apply/list-skeleton';
import { MoreButton } from '@/components/apply/more-button';
import { useAgents } from '@/components/shell/use-agents';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import { EmptyState } from '@/components/ui/empty-state';
import { PageHeader } from '@/components/ui/page-header';
import { Select } from '@/components/ui/select';
import { RunRow } from './run-row';
import { useRuns } from './use-runs';

const STATES = ['going', 'ended'] as const;
const PAGE_SIZE = 50;
const filters = { agent: parseAsString, state: parseAsStringLiteral(STATES) };

function Filters({
  agent,
  state,
  onChange,
}: {
  agent: string | null;
  state: (typeof STATES)[number] | null;
  onChange: (change: { agent?: string | null; state?: (typeof STATES)[number] | null }) => void;
}) {
  const agents = useAgents();
  return (
    <>
      <div className="w-40">
        <Select
          aria-label="State"
          value={state ?? ''}
          onChange={(event) =>
            onChange({ state: STATES.find((each) => each === event.target.value) ?? null })
          }
        >
          <option value="">Going on or ended</option>
          <option value="going">Going on</option>
          <option value="ended">Ended</option>
        </Select>
      </div>
      <div className="w-44">
        <Select
          aria-label="Agent"
          value={agent ?? ''}
          onChange={(event) => onChange({ agent: event.target.value || null })}
        >
          <option value="">Any agent</option>
          {agents.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      </div>
    </>
  );
}

/** `onAll` is there when it is the filters that leave nothing. */
function NoRuns({ onAll }: { onAll: (() => void) | null }) {
  if (onAll === null) {
    return (
      <EmptyState icon={<Footprints />} title="No run yet">
        An agent begins one by saying its goal (<code>agent.startRun</code>); every step it plans then belongs
        to it.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={<Footprints />}
      title="No such run"
      action={<Button onClick={onAll}>Show all runs</Button>}
    >
      No run fits these filters.
    </EmptyState>
  );
}

/** What agents work on and worked on, the newest first. */
export function RunsView() {
  const [{ agent, state }, setFilters] = useQueryStates(filters, { history: 'replace' });
  const list = useRuns({
    limit: PAGE_SIZE,
    ...(agent === null ? {} : { agentId: agent }),
    ...(state === null ? {} : { finished: state === 'ended' }),
  });
  const isFiltered = agent !== null || state !== null;
  return (
    <div className="mx-auto w-full max-w-[64rem]">
      <PageHeader
        title="Runs"
        description="One task of one agent each, from its goal to its end, with every step it planned."
        action={<Filters agent={agent} state={state} onChange={(change) => void setFilters(change)} />}
      />
      {list.error ? (
        <Callout tone="danger" role="alert" action={<Button onClick={list.onRetry}>Try again</Button>}>
          {errorWords(list.error)}
        </Callout>
      ) : (
        <Card flush>
          {list.items === null ? (
            <ListSkeleton label="Loading runs" />
          ) : list.items.length === 0 ? (
            <NoRuns onAll={isFiltered ? () => void setFilters({ agent: null, state: null }) : null} />
          ) : (
            <ul aria-label="Runs" className="divide-y divide-line">
              {list.items.map((run) => (
                <RunRow key={run.runId} run={run} />
              ))}
            </ul>
          )}
          <MoreButton list={list} />
        </Card>
      )}
    </div>
  );
}
