import { z } from 'zod';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import { lockAgent, setSuspended } from '@/server/store/agent-keys';
import { append } from '@/server/store/audit';
import { inTransaction } from '@/server/store/database';
import { wake } from '@/server/store/outbox';
import { personActor, refuseUnlessAdministrator } from './administrators';
import type { Deps } from './deps';

export const suspendAgentInput = z.strictObject({
  agentId: z.string().max(100),
  reason: z.string().trim().min(1, 'Say why, in a few words.').max(2_000),
});
type Suspension = { agentId: string; suspendedAt: string | null };

/** Stops an agent until somebody resumes it: when this returns, nothing more is accepted from it and nothing of it is claimed. */
export function suspendAgent(
  deps: Pick<Deps, 'db' | 'clock'>,
  person: ReviewerScope,
  input: z.infer<typeof suspendAgentInput>,
): Promise<Outcome<Suspension>> {
  return changeSuspension(deps, person, input, deps.clock.now());
}

/** Lets a suspended agent work again, with the keys it has. */
export function resumeAgent(
  deps: Pick<Deps, 'db' | 'clock'>,
  person: ReviewerScope,
  input: z.infer<typeof suspendAgentInput>,
): Promise<Outcome<Suspension>> {
  return changeSuspension(deps, person, input, null);
}

async function changeSuspension(
  deps: Pick<Deps, 'db'>,
  person: ReviewerScope,
  input: z.infer<typeof suspendAgentInput>,
  at: Date | null,
): Promise<Outcome<Suspension>> {
  const refused = refuseUnlessAdministrator(person);
  if (refused !== null) return refused;
  const { workspaceId } = person;
  return inTransaction<Outcome<Suspension>>(deps.db, async (tx) => {
    const agent = await lockAgent(tx, workspaceId, input.agentId);
    if (agent === null) return refuse('agent_unknown', 'There is no such agent in this workspace.');
    const isSame = (agent.suspendedAt === null) === (at === null);
    if (isSame) return accept({ agentId: agent.id, suspendedAt: agent.suspendedAt?.toISOString() ?? null });
    await setSuspended(tx, agent.id, at);
    await append(tx, {
      workspaceId,
      kind: 'agent.updated',
      actor: personActor(person),
      data: {
        name: agent.name,
        agentId: agent.id,
        detail: at === null ? 'resumed' : 'suspended',
        reason: input.reason,
      },
    });
    await wake(tx, workspaceId, { config: true });
    return accept({ agentId: agent.id, suspendedAt: at?.toISOString() ?? null });
  });
}
