'use client';
import { useQuery } from '@tanstack/react-query';
import { Pause, Pencil, Play } from 'lucide-react';
import { hasRole, useMe } from '@/components/api/me';
import { useTRPC } from '@/components/api/trpc';
import { DetailPage } from '@/components/apply/detail-page';
import { guardedClasses } from '@/components/apply/guarded-classes';
import { LatestActions } from '@/components/apply/latest-actions';
import { ReasonDialog } from '@/components/apply/reason-dialog';
import { HaltButton } from '@/components/halts/halt-button';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import { ClassChips } from '@/components/ui/class-chip';
import { PageHeader } from '@/components/ui/page-header';
import { RelativeTime } from '@/components/ui/relative-time';
import type { AgentView as Agent } from '@/server/domain/catalog-views';
import { OPEN_TO_AGENTS } from '@/server/domain/vocabulary';
import { AgentDialog } from './agent-dialog';
import { KeysCard } from './keys-card';
import { LatestRuns } from './latest-runs';
import { asAction, useKeyActions } from './use-key-actions';

function Actions({ agent }: { agent: Agent }) {
  const { suspend, resume } = useKeyActions();
  const [stop, go] = [asAction(suspend), asAction(resume)];
  return (
    <>
      <AgentDialog
        key={`${agent.owner.email} ${agent.clearances.join()}`}
        agent={{ name: agent.name, owner: agent.owner.email, clearances: agent.clearances }}
        trigger={
          <Button>
            <Pencil /> Change
          </Button>
        }
      />
      {agent.suspendedAt ? (
        <ReasonDialog
          trigger={
            <Button variant="primary">
              <Play /> Resume…
            </Button>
          }
          title={`Resume ${agent.name}`}
          description="It can plan and act again with the keys it has."
          confirm="Resume it"
          variant="primary"
          placeholder="The prompt was fixed and tried"
          busy={go.busy}
          error={go.error}
          onConfirm={(reason) => go.run({ agentId: agent.agentId, reason })}
        />
      ) : (
        <ReasonDialog
          trigger={
            <Button variant="outline-danger">
              <Pause /> Suspend…
            </Button>
          }
          title={`Suspend ${agent.name}`}
          description="Nothing more is accepted from it and nothing of it is executed until somebody resumes it. What it planned stays to be looked at."
          confirm="Suspend it"
          placeholder="It reads far more than its goal needs"
          busy={stop.busy}
          error={stop.error}
          onConfirm={(reason) => stop.run({ agentId: agent.agentId, reason })}
        />
      )}
    </>
  );
}

/** One agent: who answers for it, what it may see, its keys, and the switch that stops it. */
export function AgentView({ agentId }: { agentId: string }) {
  const trpc = useTRPC();
  const canSetUp = hasRole(useMe(), 'owner', 'security_lead');
  const query = useQuery(trpc.catalog.agent.queryOptions({ agentId }));
  return (
    <DetailPage back={{ href: '/agents', label: 'Agents' }} query={query} loading="Loading the agent">
      {(agent) => (
        <>
          <PageHeader
            title={
              <span className="flex flex-wrap items-center gap-3">
                <span className="[overflow-wrap:anywhere]">{agent.name}</span>
                {agent.suspendedAt ? <Badge tone="danger">suspended</Badge> : null}
              </span>
            }
            description={
              <>
                Owned by {agent.owner.name} ({agent.owner.email}), who has no vote on what it plans.
              </>
            }
            action={
              <>
                {canSetUp ? <Actions agent={agent} /> : null}
                <HaltButton subject={{ scope: 'agent', id: agent.agentId, name: agent.name }} label="Halt…" />
              </>
            }
          />
          <div className="flex flex-col gap-5">
            {agent.suspendedAt ? (
              <Callout tone="danger" title="Suspended">
                {agent.suspension ? `${agent.suspension.by}, ` : ''}
                <RelativeTime at={agent.suspendedAt} focusable />
                {agent.suspension?.reason ? `: “${agent.suspension.reason}”` : '.'}
              </Callout>
            ) : null}
            <Card id="sees" title="May see">
              <ClassChips
                names={guardedClasses(agent.clearances, OPEN_TO_AGENTS)}
                none="Only public data. Everything else asks a person."
              />
            </Card>
            <LatestActions of={{ agentId: agent.agentId }} title="What it planned lately" />
            <LatestRuns agentId={agent.agentId} />
            <KeysCard agent={agent} canSetUp={canSetUp} />
          </div>
        </>
      )}
    </DetailPage>
  );
}
