import type { ChangeFor } from '@/server/domain/workspace-state';
import type { Tx } from './database';
import { newId } from './new-id';
import { endSessions } from './sessions';
import { withdrawSetupLinks } from './setup-links';

type Known = ReadonlyMap<string, { id: string }>;

/** Writes people as planned and answers the id of everybody, old and new, by address; and the sessions that ended with a removal. */
export async function writePeople(
  tx: Tx,
  workspaceId: string,
  changes: readonly ChangeFor<'person'>[],
  known: Known,
  by: { source: 'hand' | 'file'; now: Date },
): Promise<{ ids: Map<string, string>; ended: { sessionId: string; personId: string }[] }> {
  const ids = new Map([...known].map(([email, row]) => [email, row.id]));
  const ended: { sessionId: string; personId: string }[] = [];
  const created: Parameters<Tx['person']['createMany']>[0] = { data: [] };
  for (const { change, name: email, after } of changes) {
    if (change === 'unchanged') continue;
    const id = ids.get(email);
    if (after === null) {
      if (id === undefined) continue;
      const sessions = await disablePerson(tx, workspaceId, id, by.now);
      ended.push(...sessions.map((sessionId) => ({ sessionId, personId: id })));
      continue;
    }
    const data = {
      name: after.name,
      roles: [...after.roles],
      clearances: [...after.clearances],
      aliases: [...after.aliases],
      kind: after.guest ? 'guest' : 'member',
      forwardsTo: [...after.forwardsTo],
      updatedAt: by.now,
    };
    if (id !== undefined) {
      await tx.person.update({ where: { id }, data: { ...data, disabledAt: null, departedAt: null } });
      continue;
    }
    const fresh = newId('person');
    ids.set(email, fresh);
    (created.data as object[]).push({ id: fresh, workspaceId, email, source: by.source, ...data });
  }
  await tx.person.createMany(created);
  await writeManagers(tx, changes, ids);
  return { ids, ended };
}

/** Managers come last: they may be of the same document. */
async function writeManagers(
  tx: Tx,
  changes: readonly ChangeFor<'person'>[],
  ids: ReadonlyMap<string, string>,
): Promise<void> {
  for (const { change, name: email, before, after } of changes) {
    if (change === 'unchanged' || after === null || after.manager === (before?.manager ?? null)) continue;
    const managerId = after.manager === null ? null : (ids.get(after.manager) ?? null);
    await tx.person.update({ where: { id: ids.get(email) ?? '' }, data: { managerId } });
  }
}

/** From this commit on nobody acts as this person: disabled, signed out everywhere, no link left to come back by. */
export async function disablePerson(tx: Tx, workspaceId: string, id: string, now: Date): Promise<string[]> {
  await tx.person.update({ where: { id }, data: { disabledAt: now } });
  await withdrawSetupLinks(tx, { personId: id });
  return endSessions(tx, { workspaceId, personId: id });
}
