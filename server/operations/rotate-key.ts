import { z } from 'zod';
import type { CreatedKey } from '@/server/domain/catalog-views';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import { expireKey, insertKey, lockKey } from '@/server/store/agent-keys';
import { append } from '@/server/store/audit';
import { inTransaction } from '@/server/store/database';
import { wake } from '@/server/store/outbox';
import { personActor, refuseUnlessAdministrator } from './administrators';
import { toCreatedKey } from './create-key';
import type { Deps } from './deps';

const DAY_SECONDS = 24 * 3600;

export const rotateKeyInput = z.strictObject({
  keyId: z.string().max(100),
  /** How long the old key keeps working, so that the new one can be rolled out. */
  graceSeconds: z
    .number()
    .int()
    .min(0)
    .max(30 * DAY_SECONDS)
    .default(DAY_SECONDS),
});

/**
 * A new key in place of an old one: the same label, the same length of life counted from now. The old one works until the grace is over
 * (never longer than it would have). The new key is in this answer and nowhere else.
 */
export async function rotateKey(
  deps: Pick<Deps, 'db' | 'clock'>,
  person: ReviewerScope,
  input: z.infer<typeof rotateKeyInput>,
): Promise<Outcome<CreatedKey & { oldExpiresAt: string }>> {
  const refused = refuseUnlessAdministrator(person);
  if (refused !== null) return refused;
  const { workspaceId } = person;
  const now = deps.clock.now();
  return inTransaction<Outcome<CreatedKey & { oldExpiresAt: string }>>(deps.db, async (tx) => {
    const old = await lockKey(tx, workspaceId, input.keyId);
    if (old === null) return refuse('key_unknown', 'There is no such key in this workspace.');
    if (old.revokedAt !== null || (old.expiresAt !== null && old.expiresAt <= now)) {
      return refuse(
        'conflict',
        'This key no longer works, so there is nothing to replace. Create a new key.',
      );
    }
    const life = old.expiresAt === null ? null : old.expiresAt.getTime() - old.createdAt.getTime();
    const key = await insertKey(tx, {
      workspaceId,
      agentId: old.agentId,
      label: old.label,
      createdAt: now,
      expiresAt: life === null ? null : new Date(now.getTime() + life),
    });
    const end = now.getTime() + input.graceSeconds * 1000;
    const oldExpiresAt = new Date(Math.min(end, old.expiresAt?.getTime() ?? end));
    await expireKey(tx, old.id, oldExpiresAt);
    await append(tx, {
      workspaceId,
      kind: 'key.rotated',
      actor: personActor(person),
      data: {
        name: old.agentName,
        agentId: old.agentId,
        keyId: key.keyId,
        prefix: key.prefix,
        replaces: old.prefix,
        oldExpiresAt: oldExpiresAt.toISOString(),
      },
    });
    await wake(tx, workspaceId, { config: true });
    return accept({ ...toCreatedKey(key), oldExpiresAt: oldExpiresAt.toISOString() });
  });
}
