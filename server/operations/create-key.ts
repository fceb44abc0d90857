import { z } from 'zod';
import type { CreatedKey } from '@/server/domain/catalog-views';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import { countLiveKeys, insertKey, lockAgent, type NewKey } from '@/server/store/agent-keys';
import { append } from '@/server/store/audit';
import { inTransaction } from '@/server/store/database';
import { wake } from '@/server/store/outbox';
import { personActor, refuseUnlessAdministrator } from './administrators';
import type { Deps } from './deps';

const DAY_SECONDS = 24 * 3600;
/** Enough for every place an agent runs in and a rotation of each; a forgotten script cannot make thousands. */
const LIVE_KEYS_MAX = 20;

export const createKeyInput = z.strictObject({
  agentId: z.string().max(100),
  /** What people call it: where the key is used. */
  label: z.string().trim().max(100).default(''),
  /** After this long the key stops working by itself; null: never. */
  expirySeconds: z
    .number()
    .int()
    .min(60)
    .max(3_650 * DAY_SECONDS)
    .nullable()
    .default(null),
});

/** A new key for an agent. The key itself is in this answer and nowhere else. */
export async function createKey(
  deps: Pick<Deps, 'db' | 'clock'>,
  person: ReviewerScope,
  input: z.infer<typeof createKeyInput>,
): Promise<Outcome<CreatedKey>> {
  const refused = refuseUnlessAdministrator(person);
  if (refused !== null) return refused;
  const { workspaceId } = person;
  const now = deps.clock.now();
  return inTransaction<Outcome<CreatedKey>>(deps.db, async (tx) => {
    const agent = await lockAgent(tx, workspaceId, input.agentId);
    if (agent === null) return refuse('agent_unknown', 'There is no such agent in this workspace.');
    if ((await countLiveKeys(tx, agent.id, now)) >= LIVE_KEYS_MAX) {
      return refuse(
        'conflict',
        `${agent.name} has ${LIVE_KEYS_MAX} working keys. Revoke one it no longer needs first.`,
      );
    }
    const expiresAt =
      input.expirySeconds === null ? null : new Date(now.getTime() + input.expirySeconds * 1000);
    const key = await insertKey(tx, {
      workspaceId,
      agentId: agent.id,
      label: input.label,
      createdAt: now,
      expiresAt,
    });
    await append(tx, {
      workspaceId,
      kind: 'key.created',
      actor: personActor(person),
      data: {
        name: agent.name,
        agentId: agent.id,
        keyId: key.keyId,
        prefix: key.prefix,
        label: input.label,
        expiresAt: expiresAt?.toISOString() ?? null,
      },
    });
    await wake(tx, workspaceId, { config: true });
    return accept(toCreatedKey(key));
  });
}

export const toCreatedKey = (key: NewKey): CreatedKey => ({
  ...key,
  expiresAt: key.expiresAt?.toISOString() ?? null,
});
