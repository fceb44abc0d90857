import { z } from 'zod';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import { lockKey, revokeKeyAt } from '@/server/store/agent-keys';
import { append } from '@/server/store/audit';
import { inTransaction } from '@/server/store/database';
import { wake } from '@/server/store/outbox';
import { personActor, refuseUnlessAdministrator } from './administrators';
import type { Deps } from './deps';

export const revokeKeyInput = z.strictObject({
  keyId: z.string().max(100),
  reason: z.string().trim().max(2_000).default(''),
});

/** Ends a key at once and for good: when this returns, nothing more is accepted with it. Revoking twice is the same as once. */
export async function revokeKey(
  deps: Pick<Deps, 'db' | 'clock'>,
  person: ReviewerScope,
  input: z.infer<typeof revokeKeyInput>,
): Promise<Outcome<{ keyId: string; revokedAt: string }>> {
  const refused = refuseUnlessAdministrator(person);
  if (refused !== null) return refused;
  const { workspaceId } = person;
  return inTransaction<Outcome<{ keyId: string; revokedAt: string }>>(deps.db, async (tx) => {
    const key = await lockKey(tx, workspaceId, input.keyId);
    if (key === null) return refuse('key_unknown', 'There is no such key in this workspace.');
    if (key.revokedAt !== null) return accept({ keyId: key.id, revokedAt: key.revokedAt.toISOString() });
    const now = deps.clock.now();
    await revokeKeyAt(tx, key.id, now);
    await append(tx, {
      workspaceId,
      kind: 'key.revoked',
      actor: personActor(person),
      data: {
        name: key.agentName,
        agentId: key.agentId,
        keyId: key.id,
        prefix: key.prefix,
        reason: input.reason,
      },
    });
    await wake(tx, workspaceId, { config: true });
    return accept({ keyId: key.id, revokedAt: now.toISOString() });
  });
}
