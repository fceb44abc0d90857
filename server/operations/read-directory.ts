import { z } from 'zod';
import type { Page } from '@/server/domain/catalog-views';
import type { Directory, DirectoryGroup } from '@/server/domain/directory';
import { type Reach, reachFrom } from '@/server/domain/directory-reach';
import type {
  DirectoryGroupItem,
  DirectoryGroupView,
  DirectoryOverview,
  DirectoryPersonItem,
  OutsideItem,
} from '@/server/domain/directory-views';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import { countSources, listSyncs } from '@/server/store/directory-sources';
import type { Deps } from './deps';
import { type PageInput, pageByName, pageInput } from './page-input';

type DirectoryDeps = Pick<Deps, 'db' | 'directories'>;

const PAGE = {
  cursor: pageInput.unwrap().shape.cursor,
  limit: pageInput.unwrap().shape.limit,
  q: pageInput.unwrap().shape.q,
};
export const directoryPeopleInput = z.strictObject({ ...PAGE, kind: z.enum(['member', 'guest']) });
export const directoryGroupsInput = z.strictObject({ ...PAGE, kind: z.enum(['group', 'channel']) });
export const directoryOutsideInput = z.strictObject(PAGE);
export const directoryGroupInput = z.strictObject({ groupId: z.string().min(1).max(100) });

const reachOf = (directory: Directory, group: DirectoryGroup): Reach =>
  reachFrom(directory, [{ kind: 'group', group }]);

const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** A page of a snapshot in memory: sorted by key, from `after` on, those that hold the words looked for. */
function pageOf<Item>(
  input: PageInput,
  items: Item[],
  of: { key(item: Item): string; text(item: Item): string },
): Promise<Outcome<Page<Item>>> {
  const sorted = items.sort((a, b) => byName(of.key(a), of.key(b)));
  return pageByName(
    input,
    async ({ after, limit, q }) =>
      sorted
        .filter((item) => after === null || of.key(item) > after)
        .filter((item) => q === null || of.text(item).toLowerCase().includes(q.toLowerCase()))
        .slice(0, limit),
    of.key,
  );
}

function outsideOf(directory: Directory): OutsideItem[] {
  const found = new Map<string, Set<string>>();
  for (const group of directory.groups.values()) {
    for (const { id, kind } of reachOf(directory, group).members.values()) {
      if (kind !== 'external') continue;
      found.set(id, (found.get(id) ?? new Set()).add(group.name));
    }
  }
  return [...found].map(([address, groups]) => ({
    address,
    domain: address.slice(address.lastIndexOf('@') + 1),
    groups: [...groups].sort(),
  }));
}

/** How many there are of everything, who keeps them, and how old that is. */
export async function getDirectory(
  deps: DirectoryDeps,
  viewer: ReviewerScope,
): Promise<Outcome<DirectoryOverview>> {
  const { workspaceId } = viewer;
  const [directory, sources, syncs] = await Promise.all([
    deps.directories.get(workspaceId),
    countSources(deps.db, workspaceId),
    listSyncs(deps.db, workspaceId),
  ]);
  const people = [...directory.people.values()];
  const groups = [...directory.groups.values()];
  return accept({
    people: people.filter((p) => p.active && p.kind === 'member').length,
    guests: people.filter((p) => p.active && p.kind === 'guest').length,
    disabled: people.filter((p) => !p.active).length,
    groups: groups.filter((g) => g.kind === 'group').length,
    channels: groups.filter((g) => g.kind === 'channel').length,
    outside: outsideOf(directory).length,
    domains: [...directory.domains].sort(),
    sources,
    syncs,
    syncedAt: directory.syncedAt,
  });
}

/** One page of people or guests by address. */
export async function listDirectoryPeople(
  deps: DirectoryDeps,
  viewer: ReviewerScope,
  input: z.infer<typeof directoryPeopleInput>,
): Promise<Outcome<Page<DirectoryPersonItem>>> {
  const directory = await deps.directories.get(viewer.workspaceId);
  const memberships = new Map<string, string[]>();
  for (const group of directory.groups.values()) {
    for (const member of group.members) {
      if (!('person' in member)) continue;
      memberships.set(member.person, [...(memberships.get(member.person) ?? []), group.name]);
    }
  }
  const items = [...directory.people.values()]
    .filter((person) => person.kind === input.kind)
    .map(
      (person): DirectoryPersonItem => ({
        personId: person.id,
        name: person.name,
        email: person.email,
        kind: person.kind,
        aliases: [...person.aliases].filter((alias) => alias !== person.email),
        forwardsTo: [...person.forwardsTo],
        manager: person.managerId === null ? null : (directory.people.get(person.managerId)?.name ?? null),
        clearances: [...person.clearances],
        active: person.active,
        groups: (memberships.get(person.id) ?? []).sort(),
      }),
    );
  return pageOf(input, items, {
    key: (item) => item.email,
    text: (item) => [item.name, item.email, ...item.aliases, ...item.groups].join(' '),
  });
}

function groupItem(group: DirectoryGroup, reach: Reach): DirectoryGroupItem {
  const members = [...reach.members.values()];
  return {
    groupId: group.id,
    name: group.name,
    kind: group.kind,
    aliases: [...group.aliases],
    open: group.open,
    complete: group.complete,
    reaches: reach.whole ? members.length : null,
    external: members.filter((m) => m.kind === 'external' || m.kind === 'guest').length,
  };
}

/** One page of groups or channels by name, each with how many people it reaches. */
export async function listDirectoryGroups(
  deps: DirectoryDeps,
  viewer: ReviewerScope,
  input: z.infer<typeof directoryGroupsInput>,
): Promise<Outcome<Page<DirectoryGroupItem>>> {
  const directory = await deps.directories.get(viewer.workspaceId);
  const groups = [...directory.groups.values()].filter((group) => group.kind === input.kind);
  const items = groups.map((group) => groupItem(group, reachOf(directory, group)));
  return pageOf(input, items, {
    key: (item) => item.name,
    text: (item) => [item.name, ...item.aliases].join(' '),
  });
}

/** One page of outside addresses that groups lead to. */
export async function listOutside(
  deps: DirectoryDeps,
  viewer: ReviewerScope,
  input: z.infer<typeof directoryOutsideInput>,
): Promise<Outcome<Page<OutsideItem>>> {
  const directory = await deps.directories.get(viewer.workspaceId);
  return pageOf(input, outsideOf(directory), {
    key: (item) => item.address,
    text: (item) => [item.address, ...item.groups].join(' '),
  });
}

/** A group with everybody in it and through which groups they are. */
export async function getDirectoryGroup(
  deps: DirectoryDeps,
  viewer: ReviewerScope,
  input: z.infer<typeof directoryGroupInput>,
): Promise<Outcome<DirectoryGroupView>> {
  const directory = await deps.directories.get(viewer.workspaceId);
  const group = directory.groups.get(input.groupId);
  if (group === undefined) {
    return refuse('input_invalid', 'There is no such group in this workspace. It may have been removed.');
  }
  const reach = reachOf(directory, group);
  const members = [...reach.members.values()].map((member) => ({
    ...member,
    clearances: [...(directory.people.get(member.id)?.clearances ?? [])],
  }));
  return accept({
    ...groupItem(group, reach),
    members: members.sort((a, b) => byName(a.name, b.name)),
    gap: reach.why,
  });
}
