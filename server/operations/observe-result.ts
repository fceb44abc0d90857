import { z } from 'zod';
import { unfaithfulValues } from '@/server/domain/action-digest';
import type { ToolDefinition } from '@/server/domain/catalog';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import type { AgentScope } from '@/server/domain/scopes';
import { storable } from '@/server/domain/storable-text';
import { append } from '@/server/store/audit';
import { inTransaction } from '@/server/store/database';
import { advanceRun, labelObserved, labelsThrough } from '@/server/store/exposure';
import type { Prisma } from '@/server/store/generated/client';
import { newId } from '@/server/store/new-id';
import { wake } from '@/server/store/outbox';
import type { Deps } from './deps';

export const observeInput = z.strictObject({
  runId: storable(z.string().min(1).max(100)),
  tool: storable(z.string().min(1).max(200)),
  result: z.unknown(),
  /** An agent's word only ever lowers what the operator says of the tool: `false` denies it, anything else says nothing. */
  trusted: z.boolean().optional(),
});

/**
 * What a result may hold: the classes its tool's effect map reads. Of a tool nobody described it may hold anything; a SQL tool's own labels come
 * with its executions, and what else is reported under its name may be anything as well.
 */
function observedClasses(tool: ToolDefinition | null): string[] {
  if (tool === null || tool.effects.length === 0) return ['unclassified'];
  const classes = tool.effects.flatMap((e) => (e.effect === 'read' ? (e.classes ?? ['unclassified']) : []));
  return [...new Set(classes)].filter((c) => c !== 'public').sort();
}

/** Keeps a tool result the agent saw, so that later arguments can be traced to it. Only for runs that are not finished. */
export async function observeResult(
  deps: Deps,
  agent: AgentScope,
  input: z.infer<typeof observeInput>,
): Promise<Outcome<Record<string, never>>> {
  const result = input.result ?? null;
  const problems = unfaithfulValues(result, '/result');
  if (problems.length > 0)
    return refuse('input_invalid', 'The result cannot be stored as it is.', { problems });
  const { workspaceId, agentId } = agent;
  const tool = await deps.catalog.getTool(workspaceId, input.tool);
  let seen: { revision: number; labels: string[] } | null = null;
  const outcome = await inTransaction<Outcome<Record<string, never>>>(deps.db, async (tx) => {
    const run = await tx.run.findFirst({ where: { id: input.runId, workspaceId, agentId } });
    if (!run) return refuse('run_unknown', 'There is no such run of yours.');
    if (run.finishedAt)
      return refuse('run_finished', 'This run is finished. Start a new one with agent.startRun.');
    const known = await labelsThrough(tx, run.id, input.tool);
    const labels = observedClasses(tool).filter((c) => !known.has(c));
    const of = { workspaceId, actionId: null, agentId, runId: run.id, toolName: input.tool };
    // Whoever adds to an agent's knowledge and to a run takes them in this order.
    if (labels.length > 0) await labelObserved(tx, of, labels);
    const revision = await advanceRun(tx, run.id);
    await tx.observation.create({
      data: {
        id: newId('observation'),
        workspaceId,
        runId: run.id,
        toolName: input.tool,
        result: result as Prisma.InputJsonValue,
        trusted: input.trusted ?? true,
        revision,
      },
    });
    seen = { revision, labels };
    await append(tx, {
      workspaceId,
      kind: 'run.observed',
      actor: { kind: 'agent', id: agentId, name: agent.agentName },
      data: { runId: run.id, tool: input.tool, trusted: input.trusted ?? null },
    });
    await wake(tx, workspaceId, { runId: run.id });
    return accept({});
  });
  if (seen !== null) remember(deps, agent, input, seen);
  return outcome;
}

/** This process knows at once; others find out when they compare. */
function remember(
  deps: Deps,
  { workspaceId, agentId }: AgentScope,
  input: z.infer<typeof observeInput>,
  { revision, labels }: { revision: number; labels: string[] },
): void {
  const text = JSON.stringify(input.result ?? null);
  const result = { tool: input.tool, text, claimed: input.trusted ?? true, broker: false };
  deps.runs.took(workspaceId, input.runId, revision, {
    result,
    labels: labels.map((name) => ({ class: name, tool: input.tool })),
  });
  if (labels.length > 0) deps.knowledge.forget(workspaceId, agentId);
}
