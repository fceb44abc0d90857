import { z } from 'zod';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import type { AgentScope } from '@/server/domain/scopes';
import { storable } from '@/server/domain/storable-text';
import { append } from '@/server/store/audit';
import { inTransaction } from '@/server/store/database';
import { wake } from '@/server/store/outbox';
import type { Deps } from './deps';

export const finishRunInput = z.strictObject({
  runId: storable(z.string().min(1).max(100)),
  outcome: storable(z.string().max(10_000)).optional(),
});

/** Ends a run of this agent; nothing can be submitted to it afterwards. Finishing twice is fine. */
export async function finishRun(
  deps: Deps,
  agent: AgentScope,
  input: z.infer<typeof finishRunInput>,
): Promise<Outcome<{ runId: string }>> {
  return inTransaction<Outcome<{ runId: string }>>(deps.db, async (tx) => {
    const { workspaceId, agentId } = agent;
    const { count } = await tx.run.updateMany({
      where: { id: input.runId, workspaceId, agentId, finishedAt: null },
      data: { finishedAt: deps.clock.now(), outcome: input.outcome ?? null },
    });
    if (count === 0) {
      const known = await tx.run.findFirst({ where: { id: input.runId, workspaceId, agentId } });
      return known ? accept({ runId: input.runId }) : refuse('run_unknown', 'There is no such run of yours.');
    }
    await append(tx, {
      workspaceId,
      kind: 'run.finished',
      actor: { kind: 'agent', id: agentId, name: agent.agentName },
      data: { runId: input.runId, outcome: input.outcome?.slice(0, 500) ?? null },
    });
    await wake(tx, workspaceId, { runId: input.runId });
    return accept({ runId: input.runId });
  });
}
