import type { Directory, DirectoryGroup, DirectoryMember, DirectoryPerson } from '@/server/domain/directory';

/** A person of a directory made up for a test; the address is `<id>@acme.com`. */
export const somebody = (id: string, of: Partial<DirectoryPerson> = {}): DirectoryPerson => ({
  id,
  name: id,
  email: `${id}@acme.com`,
  aliases: [],
  kind: 'member',
  clearances: [],
  managerId: null,
  active: true,
  forwardsTo: [],
  ...of,
});

/** A group of people by id, or of other members. */
export const someGroup = (
  id: string,
  members: readonly (string | DirectoryMember)[],
  of: Partial<DirectoryGroup> = {},
): DirectoryGroup => ({
  id,
  name: id,
  kind: 'group',
  aliases: [],
  open: false,
  complete: true,
  members: members.map((m) => (typeof m === 'string' ? { person: m } : m)),
  ...of,
});

/** A directory of acme.com. */
export const directoryOf = (
  people: readonly DirectoryPerson[],
  groups: readonly DirectoryGroup[] = [],
  of: Partial<Directory> = {},
): Directory => ({
  people: new Map(people.map((p) => [p.id, p])),
  groups: new Map(groups.map((g) => [g.id, g])),
  agents: new Map(),
  domains: new Set(['acme.com']),
  syncedAt: null,
  ...of,
});
