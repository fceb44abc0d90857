import type { ChangeFor } from '@/server/domain/workspace-state';
import { insertKey, type NewKey } from './agent-keys';
import type { Tx } from './database';
import { newId } from './new-id';

/** Writes agents as planned; new ones get their first key, which is in the answer and nowhere else. */
export async function writeAgents(
  tx: Tx,
  workspaceId: string,
  changes: readonly ChangeFor<'agent'>[],
  known: ReadonlyMap<string, { id: string }>,
  people: ReadonlyMap<string, string>,
  now: Date,
): Promise<{ agentId: string; name: string; key: NewKey }[]> {
  const created: { agentId: string; name: string; key: NewKey }[] = [];
  for (const { change, name, after } of changes) {
    if (change === 'unchanged') continue;
    const id = known.get(name)?.id;
    if (after === null) {
      if (id !== undefined) await tx.agent.update({ where: { id }, data: { suspendedAt: now } });
      continue;
    }
    const ownerId = people.get(after.owner);
    if (ownerId === undefined) throw new Error(`${after.owner} was checked to exist and does not`);
    const data = { ownerId, clearances: [...after.clearances] };
    if (id !== undefined) {
      await tx.agent.update({ where: { id }, data });
      continue;
    }
    const agentId = newId('agent');
    await tx.agent.create({ data: { id: agentId, workspaceId, name, ...data } });
    const key = await insertKey(tx, {
      workspaceId,
      agentId,
      label: 'first key',
      createdAt: now,
      expiresAt: null,
    });
    created.push({ agentId, name, key });
  }
  return created;
}
