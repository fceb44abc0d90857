import type { ChangeFor, GroupState } from '@/server/domain/workspace-state';
import type { Tx } from './database';
import { newId } from './new-id';

/** Writes groups as planned. All groups exist before any member is written, so that groups may name each other in any order. */
export async function writeGroups(
  tx: Tx,
  workspaceId: string,
  changes: readonly ChangeFor<'group'>[],
  known: ReadonlyMap<string, { id: string }>,
  people: ReadonlyMap<string, string>,
  by: { source: 'hand' | 'file'; now: Date },
): Promise<void> {
  const ids = new Map([...known].map(([name, row]) => [name, row.id]));
  const touched = changes.filter((change) => change.change !== 'unchanged');
  const removed = touched.filter((change) => change.after === null);
  const created = touched.filter((change) => change.change === 'create');
  for (const change of created) ids.set(change.name, newId('group'));
  await tx.group.createMany({
    data: created.map(({ name, after }) => ({
      id: idOf(ids, name),
      workspaceId,
      name,
      source: by.source,
      ...columnsOf(after),
    })),
  });
  for (const { name, after } of touched.filter((change) => change.change === 'update')) {
    const data = { ...columnsOf(after), updatedAt: by.now };
    await tx.group.update({ where: { id: idOf(ids, name) }, data });
  }
  await tx.groupMember.deleteMany({
    where: { workspaceId, groupId: { in: touched.map((change) => idOf(ids, change.name)) } },
  });
  await tx.groupMember.createMany({
    data: touched.flatMap(({ name, after }) =>
      (after?.members ?? []).map((member) => ({
        id: newId('member'),
        workspaceId,
        groupId: idOf(ids, name),
        personId: typeof member === 'string' ? idOf(people, member) : null,
        memberGroupId: typeof member !== 'string' && 'group' in member ? idOf(ids, member.group) : null,
        address: typeof member !== 'string' && 'address' in member ? member.address : null,
      })),
    ),
  });
  await tx.group.deleteMany({
    where: { workspaceId, id: { in: removed.map((change) => idOf(ids, change.name)) } },
  });
}

const columnsOf = (group: GroupState | null) =>
  group === null
    ? {}
    : {
        kind: group.kind,
        aliases: [...group.aliases],
        open: group.open,
        complete: group.complete,
      };

/** The checks before found every name; a missing one is a bug that must not become a dangling row. */
function idOf(ids: ReadonlyMap<string, string>, name: string): string {
  const id = ids.get(name);
  if (id === undefined) throw new Error(`${name} was checked to exist and does not`);
  return id;
}
