'use client';
import { Bot, Plus } from 'lucide-react';
import { errorWords } from '@/components/api/error-words';
import { hasRole, useMe } from '@/components/api/me';
import { guardedClasses } from '@/components/apply/guarded-classes';
import { ListSkeleton } from '@/components/apply/list-skeleton';
import { MoreButton } from '@/components/apply/more-button';
import { useCatalogPages } from '@/components/apply/use-catalog-pages';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import { ClassChips } from '@/components/ui/class-chip';
import { EmptyState } from '@/components/ui/empty-state';
import { Link } from '@/components/ui/link';
import { counted } from '@/components/ui/number-words';
import { PageHeader } from '@/components/ui/page-header';
import { RelativeTime } from '@/components/ui/relative-time';
import type { AgentListItem } from '@/server/domain/catalog-views';
import { OPEN_TO_AGENTS } from '@/server/domain/vocabulary';
import { AgentDialog } from './agent-dialog';

function AgentRow({ agent }: { agent: AgentListItem }) {
  return (
    <li className="relative grid gap-x-6 gap-y-1.5 px-4 py-3.5 hover:bg-hover sm:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_11rem] sm:items-center sm:px-5">
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-2">
          <Link
            href={`/agents/${agent.agentId}`}
            className="truncate font-medium text-base after:absolute after:inset-0"
          >
            {agent.name}
          </Link>
          {agent.suspendedAt ? <Badge tone="danger">suspended</Badge> : null}
        </p>
        <p className="truncate text-faint text-sm">owned by {agent.owner.name}</p>
      </div>
      <ClassChips names={guardedClasses(agent.clearances, OPEN_TO_AGENTS)} none="sees only public data" />
      <p className="text-faint text-sm sm:text-right">
        {agent.liveKeys === 0 ? 'no working key' : counted(agent.liveKeys, 'working key')}
        <span className="sm:block">
          <span className="sm:hidden"> · </span>
          {agent.lastUsedAt ? (
            <>
              used <RelativeTime at={agent.lastUsedAt} />
            </>
          ) : (
            'never used'
          )}
        </span>
      </p>
    </li>
  );
}

/** Every agent of the workspace, and the way to add one. */
export function AgentsView() {
  const canSetUp = hasRole(useMe(), 'owner', 'security_lead');
  const list = useCatalogPages('agents');
  const agents = list.items ?? [];
  // In one place whatever the list holds: a dialog that moved when the first agent appeared would take that agent's key with it.
  const add = canSetUp ? (
    <AgentDialog
      trigger={
        <Button variant="primary">
          <Plus /> Register an agent
        </Button>
      }
    />
  ) : null;
  return (
    <div className="mx-auto w-full max-w-[64rem]">
      <PageHeader
        title="Agents"
        description="Programs that plan actions. Each has a person who answers for it, and keys it proves itself with."
        action={add}
      />
      {list.error ? (
        <Callout tone="danger" role="alert" action={<Button onClick={list.onRetry}>Try again</Button>}>
          {errorWords(list.error)}
        </Callout>
      ) : (
        <Card flush>
          {list.items === null ? (
            <ListSkeleton label="Loading agents" />
          ) : agents.length === 0 ? (
            <EmptyState icon={<Bot />} title="No agent yet">
              Register one, give it its key, and whatever it plans passes through here.
            </EmptyState>
          ) : (
            <ul className="divide-y divide-line">
              {agents.map((agent) => (
                <AgentRow key={agent.agentId} agent={agent} />
              ))}
            </ul>
          )}
          <MoreButton list={list} />
        </Card>
      )}
    </div>
  );
}
