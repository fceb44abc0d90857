import { findCycle } from '@/server/domain/find-cycle';
import { renderGroup } from '@/server/domain/scim-render';
import {
  invalid,
  readScimGroup,
  ScimFault,
  type ScimGroup,
  type ScimJson,
} from '@/server/domain/scim-shapes';
import type { ScimScope } from '@/server/domain/scopes';
import { append } from '@/server/store/audit';
import { inTransaction, type Tx } from '@/server/store/database';
import { newId } from '@/server/store/new-id';
import { wake } from '@/server/store/outbox';
import {
  changeScimMembers,
  findScimGroup,
  findScimMembers,
  listGroupLinks,
  type ScimGroupRow,
} from '@/server/store/scim-groups';
import { lockWorkspace } from '@/server/store/workspace-state';
import type { Deps } from './deps';
import { checkMatch, scimActor, scimBase } from './save-scim-person';
import { patchScim } from './scim-patch-ops';

/** `id` null creates; otherwise the whole group is replaced, or changed by a PATCH body. */
export type SaveScimGroup = {
  id: string | null;
  how: 'create' | 'replace' | 'patch';
  body: unknown;
  ifMatch?: string | undefined;
};

const memberIds = (group: ScimGroupRow): string[] =>
  group.members.flatMap((m) => m.personId ?? m.memberGroupId ?? []);

function wishFor(request: SaveScimGroup, before: ScimJson | null): ScimGroup {
  if (request.how !== 'patch' || before === null) return readScimGroup(request.body);
  // Only the ids take part: names and addresses of members are ours to show.
  const members = (before.members as { value: string }[]).map(({ value }) => ({ value }));
  return readScimGroup(patchScim({ ...before, members }, request.body));
}

async function checkName(tx: Tx, scope: ScimScope, wish: ScimGroup, id: string | null): Promise<void> {
  const other = await tx.group.findFirst({
    where: {
      workspaceId: scope.workspaceId,
      name: wish.displayName,
      ...(id === null ? {} : { id: { not: id } }),
    },
  });
  if (other === null) return;
  const why =
    other.source === 'scim'
      ? 'There is a group with this displayName already. Look it up and update it instead.'
      : 'A group of this name is kept in Holdpoint itself. Rename one of them.';
  throw new ScimFault(409, 'uniqueness', why);
}

async function writeMembers(
  tx: Tx,
  scope: ScimScope,
  groupId: string,
  before: readonly string[],
  wish: ScimGroup,
) {
  const known = await findScimMembers(tx, scope.workspaceId, wish.members);
  const unknown = wish.members.find((id) => !known.people.has(id) && !known.groups.has(id));
  if (unknown !== undefined)
    throw invalid(`There is no user or group ${unknown.slice(0, 100)}. Provision it first.`);
  const added = wish.members.filter((id) => !before.includes(id));
  const removed = before.filter((id) => !wish.members.includes(id));
  if (added.some((id) => known.groups.has(id))) {
    const links = await listGroupLinks(tx, scope.workspaceId);
    links.set(
      groupId,
      wish.members.filter((id) => known.groups.has(id)),
    );
    if (findCycle(links, groupId) !== null)
      throw invalid('A group cannot contain itself, also not through others.');
  }
  await changeScimMembers(tx, {
    workspaceId: scope.workspaceId,
    groupId,
    added,
    removed,
    groups: known.groups,
  });
  return { added, removed };
}

type Delta = { added: string[]; removed: string[] };

/** What changed, for the log; null when nothing did. */
function detailOf(found: ScimGroupRow | null, wish: ScimGroup, { added, removed }: Delta): string | null {
  const renamed = found !== null && found.name !== wish.displayName;
  const said = [
    ...(renamed ? [`was ${found.name}`] : []),
    ...(added.length > 0 ? [`${added.length} added`] : []),
    ...(removed.length > 0 ? [`${removed.length} removed`] : []),
  ];
  const same = found !== null && said.length === 0 && found.externalId === wish.externalId;
  return same ? null : said.join(', ');
}

async function save(tx: Tx, scope: ScimScope, request: SaveScimGroup, of: { base: string; now: Date }) {
  const { workspaceId } = scope;
  const found = request.id === null ? null : await findScimGroup(tx, workspaceId, request.id);
  if (request.id !== null && found === null)
    throw new ScimFault(404, null, 'There is no group with this id.');
  const shown = found === null ? null : renderGroup(found, of.base);
  if (shown !== null) checkMatch(request.ifMatch, shown);
  const wish = wishFor(request, shown);
  await checkName(tx, scope, wish, request.id);
  const id = found?.id ?? newId('group');
  const data = { name: wish.displayName, externalId: wish.externalId, updatedAt: of.now };
  if (found === null) {
    await tx.group.create({ data: { id, workspaceId, ...data, source: 'scim', createdAt: of.now } });
  }
  const delta = await writeMembers(tx, scope, id, found === null ? [] : memberIds(found), wish);
  const detail = detailOf(found, wish, delta);
  if (detail !== null) {
    await tx.group.update({ where: { id }, data });
    await append(tx, {
      workspaceId,
      kind: found === null ? 'group.created' : 'group.updated',
      actor: scimActor(scope),
      data: {
        name: data.name,
        groupId: id,
        detail,
        added: delta.added.slice(0, 200),
        removed: delta.removed.slice(0, 200),
      },
    });
    await wake(tx, workspaceId, { config: true });
  }
  const after = await findScimGroup(tx, workspaceId, id);
  if (after === null) throw new Error('the group that was just written is not there');
  return { resource: renderGroup(after, of.base), created: found === null };
}

/** Adds or changes a group as an identity provider says, in one transaction with the log. Throws `ScimFault`. */
export async function saveScimGroup(
  deps: Pick<Deps, 'db' | 'clock' | 'url'>,
  scope: ScimScope,
  request: SaveScimGroup,
): Promise<{ resource: ScimJson; created: boolean }> {
  const of = { base: scimBase(deps.url), now: deps.clock.now() };
  return inTransaction(deps.db, async (tx) => {
    await lockWorkspace(tx, scope.workspaceId);
    return save(tx, scope, request, of);
  });
}
