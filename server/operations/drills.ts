import { z } from 'zod';
import { actionDigest } from '@/server/domain/action-digest';
import { settlesAfter } from '@/server/domain/agent-view';
import { HOLDPOINT } from '@/server/domain/audit-event';
import type { DrillView } from '@/server/domain/drill-views';
import { jsonObject } from '@/server/domain/json-object';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import { storable } from '@/server/domain/storable-text';
import type { StoredAction } from '@/server/store/actions';
import { append } from '@/server/store/audit';
import { inTransaction, type Tx } from '@/server/store/database';
import { endUnheldDrill, listDrillRows } from '@/server/store/drills';
import type { Agent, Prisma } from '@/server/store/generated/client';
import { newId } from '@/server/store/new-id';
import { wake } from '@/server/store/outbox';
import { personActor } from './administrators';
import { checkArgs } from './check-args';
import type { Deps } from './deps';

/** Drills belong to nobody's key: no key of that name exists. */
const NO_KEY = 'none';

const words = (most: number) => storable(z.string().trim().min(1, 'write a sentence').max(most));
export const startDrillInput = z.strictObject({
  agentId: storable(z.string().min(1).max(100)),
  tool: storable(z.string().min(1).max(200)),
  args: jsonObject,
  /** In the agent's words, as reviewers will read them. */
  goal: words(2_000),
  reason: words(2_000),
  /** What there was to see, told to whoever decided. */
  lesson: words(2_000),
});
export const drillInput = z.strictObject({ actionId: storable(z.string().min(1).max(100)) });

type Input = z.infer<typeof startDrillInput>;
type Planned = {
  id: string;
  tool: { id: string; name: string; hash: string; targetId: string | null; execution: string };
};

async function write(
  tx: Tx,
  lead: ReviewerScope,
  agent: Agent,
  input: Input,
  { id, tool }: Planned,
): Promise<void> {
  const { workspaceId, personId } = lead;
  const { args, goal, reason, lesson } = input;
  const digest = actionDigest({ workspaceId, agentId: agent.id, tool: tool.name, args, reason });
  const now = new Date();
  const run = await tx.run.create({ data: { id: newId('run'), workspaceId, agentId: agent.id, goal } });
  await tx.plannedAction.create({
    data: {
      id,
      workspaceId,
      agentId: agent.id,
      runId: run.id,
      ownerId: agent.ownerId,
      keyId: NO_KEY,
      toolId: tool.id,
      toolName: tool.name,
      toolHash: tool.hash,
      targetId: tool.targetId,
      execution: tool.execution,
      args: args as Prisma.InputJsonObject,
      reason,
      digest,
      status: 'measuring',
      settlesAt: settlesAfter(now),
      // Whoever made it up has no vote on it.
      excludedIds: [personId],
    },
  });
  const drillId = newId('drill');
  await tx.drill.create({
    data: { id: drillId, workspaceId, actionId: id, personId, personName: lead.name, lesson },
  });
  const asAgent = { kind: 'agent' as const, id: agent.id, name: agent.name };
  await append(
    tx,
    // Of no action, so that its page does not tell; the log as a whole does, to those who answer for the workspace.
    {
      workspaceId,
      kind: 'drill.started',
      actor: personActor(lead),
      data: { drillId, actionId: id, agent: agent.name, tool: tool.name },
    },
    { workspaceId, kind: 'run.started', actor: asAgent, data: { runId: run.id, goal: goal.slice(0, 500) } },
    {
      workspaceId,
      kind: 'action.submitted',
      actor: asAgent,
      actionId: id,
      digest,
      data: { tool: tool.name },
    },
  );
  await wake(tx, workspaceId, { actionId: id, status: 'measuring' });
}

/**
 * Plans something in the name of an agent that reviewers should refuse. It is measured and judged like anything the agent plans, and held for the
 * same people; it is never released, whoever approves it, and each who decides is told at once what it was.
 */
export async function startDrill(
  deps: Deps,
  lead: ReviewerScope,
  input: Input,
): Promise<Outcome<{ actionId: string }>> {
  const { workspaceId } = lead;
  const tool = await deps.catalog.getTool(workspaceId, input.tool);
  if (tool === null) return refuse('tool_unknown', 'There is no such tool in your workspace.');
  const sound = checkArgs(deps, { tool, args: input.args }, { reason: input.reason });
  if (!sound.ok) return sound;
  const id = newId('action');
  const planned: Planned = {
    id,
    tool: {
      id: tool.id,
      name: tool.name,
      hash: tool.definitionHash,
      targetId: tool.target?.id ?? null,
      execution: tool.execution,
    },
  };
  const outcome = await inTransaction<Outcome<{ actionId: string }>>(deps.db, async (tx) => {
    const agent = await tx.agent.findFirst({
      where: { id: input.agentId, workspaceId, builtIn: false, suspendedAt: null },
    });
    if (agent === null) return refuse('agent_unknown', 'There is no such agent at work in your workspace.');
    await write(tx, lead, agent, input, planned);
    return accept({ actionId: id });
  });
  if (outcome.ok) deps.backlog.measure(id, input.agentId);
  return outcome;
}

/** Ends a drill that policy allows: nobody would have been asked, and that is what there was to learn. */
export async function endAllowedDrill(deps: Pick<Deps, 'db'>, action: StoredAction): Promise<'cancelled'> {
  const { workspaceId, id: actionId } = action;
  await inTransaction(deps.db, async (tx) => {
    await endUnheldDrill(tx, actionId);
    await append(tx, {
      workspaceId,
      kind: 'drill.ended',
      actor: HOLDPOINT,
      data: { actionId, outcome: 'let_through' },
    });
    await wake(tx, workspaceId, { actionId, status: 'cancelled' });
  });
  return 'cancelled';
}

/** Drills, for those who run them: what still waits only for who started it, since the others may be asked to decide it. */
export async function listDrills(deps: Pick<Deps, 'db'>, lead: ReviewerScope): Promise<DrillView[]> {
  const rows = await listDrillRows(deps.db, lead.workspaceId, null);
  return rows.flatMap(({ startedById, ...drill }) =>
    drill.outcome === 'waiting' && startedById !== lead.personId ? [] : [drill],
  );
}

/**
 * That an action is a drill: for whoever started it, for everybody once it is over, and before that for who has given their answer, who learns no
 * more than their own. Null for anybody else, as for an action that is none.
 */
export async function findDrill(
  deps: Pick<Deps, 'db'>,
  person: ReviewerScope,
  { actionId }: z.infer<typeof drillInput>,
): Promise<DrillView | null> {
  const [found] = await listDrillRows(deps.db, person.workspaceId, actionId);
  if (found === undefined) return null;
  const { startedById, ...drill } = found;
  const own = drill.answers.filter((answer) => answer.personId === person.personId);
  if (drill.outcome !== 'waiting' || startedById === person.personId) return drill;
  return own.length > 0 ? { ...drill, answers: own } : null;
}
