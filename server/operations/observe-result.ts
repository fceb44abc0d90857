import { z } from 'zod';
import { unfaithfulValues } from '@/server/domain/action-digest';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import type { AgentScope } from '@/server/domain/scopes';
import { storable } from '@/server/domain/storable-text';
import { append } from '@/server/store/audit';
import { inTransaction } from '@/server/store/database';
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
  return inTransaction<Outcome<Record<string, never>>>(deps.db, async (tx) => {
    const run = await tx.run.findFirst({ where: { id: input.runId, workspaceId, agentId } });
    if (!run) return refuse('run_unknown', 'There is no such run of yours.');
    if (run.finishedAt)
      return refuse('run_finished', 'This run is finished. Start a new one with agent.startRun.');
    await tx.observation.create({
      data: {
        id: newId('observation'),
        workspaceId,
        runId: run.id,
        toolName: input.tool,
        result: result as Prisma.InputJsonValue,
        trusted: input.trusted ?? true,
      },
    });
    await append(tx, {
      workspaceId,
      kind: 'run.observed',
      actor: { kind: 'agent', id: agentId, name: agent.agentName },
      data: { runId: run.id, tool: input.tool, trusted: input.trusted ?? null },
    });
    await wake(tx, workspaceId, { runId: run.id });
    return accept({});
  });
}
