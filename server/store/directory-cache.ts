import type { Directory, DirectoryGroup, DirectoryMember, DirectoryPerson } from '@/server/domain/directory';
import type { Database } from './database';
import type { Prisma } from './generated/client';

/** A directory and the count of its changes: a claim compares it with the count as it is when it commits. */
export type VersionedDirectory = Directory & { version: string };

type Loaded = { until: number; directory: Promise<VersionedDirectory> };

const WORKSPACES_MAX = 500;

/**
 * Who is who in each workspace, as measuring needs it. At most `ttlMs` old, and dropped at once by a notice of a change, like the catalog.
 */
export class Directories {
  readonly #db: Database;
  readonly #ttlMs: number;
  readonly #now: () => number;
  readonly #workspaces = new Map<string, Loaded>();

  constructor(db: Database, options: { ttlMs?: number; now?: () => number } = {}) {
    this.#db = db;
    this.#ttlMs = options.ttlMs ?? 5_000;
    this.#now = options.now ?? Date.now;
  }

  get(workspaceId: string): Promise<VersionedDirectory> {
    const known = this.#workspaces.get(workspaceId);
    if (known !== undefined && known.until > this.#now()) return known.directory;
    const loaded: Loaded = { until: this.#now() + this.#ttlMs, directory: this.#load(workspaceId) };
    this.#workspaces.delete(workspaceId);
    this.#workspaces.set(workspaceId, loaded);
    const [oldest] = this.#workspaces.keys();
    if (this.#workspaces.size > WORKSPACES_MAX && oldest !== undefined) this.#workspaces.delete(oldest);
    // A failed read must not be answered from the cache for the next seconds.
    loaded.directory.catch(() => {
      if (this.#workspaces.get(workspaceId) === loaded) this.#workspaces.delete(workspaceId);
    });
    return loaded.directory;
  }

  /** Forgets one workspace, or all of them. */
  drop(workspaceId?: string): void {
    if (workspaceId === undefined) this.#workspaces.clear();
    else this.#workspaces.delete(workspaceId);
  }

  async #load(workspaceId: string): Promise<VersionedDirectory> {
    const { prisma } = this.#db;
    const where = { workspaceId };
    // The version is read first: what changes while the rest is read makes it look older than it is, never newer.
    const versions = await prisma.directoryVersion.findMany({ where, select: { version: true } });
    const [people, groups, agents, workspace, syncs] = await Promise.all([
      prisma.person.findMany({ where }),
      prisma.group.findMany({ where, include: { members: true } }),
      prisma.agent.findMany({ where }),
      prisma.workspace.findUnique({ where: { id: workspaceId }, select: { domains: true } }),
      prisma.directorySync.findMany({ where }),
    ]);
    const used = new Set([...people, ...groups].map((entry) => entry.source));
    const times = syncs.filter((sync) => used.has(sync.source)).map((sync) => sync.at.getTime());
    return {
      version: String(versions[0]?.version ?? 0),
      people: new Map(people.map((p) => [p.id, toPerson(p)])),
      groups: new Map(groups.map((g) => [g.id, toGroup(g)])),
      agents: new Map(agents.map((a) => [a.id, { id: a.id, name: a.name, clearances: a.clearances }])),
      domains: new Set(workspace?.domains ?? []),
      // With several sources the one that was not heard of longest: no fact is newer than that.
      syncedAt: times.length === 0 ? null : new Date(Math.min(...times)).toISOString(),
    };
  }
}

type PersonRow = Prisma.PersonGetPayload<object>;
type GroupRow = Prisma.GroupGetPayload<{ include: { members: true } }>;

const toPerson = (p: PersonRow): DirectoryPerson => ({
  id: p.id,
  name: p.name,
  email: p.email,
  aliases: p.userName === null ? p.aliases : [...p.aliases, p.userName],
  kind: p.kind as DirectoryPerson['kind'],
  clearances: p.clearances,
  managerId: p.managerId,
  active: p.disabledAt === null,
  forwardsTo: p.forwardsTo,
});

function toGroup(row: GroupRow): DirectoryGroup {
  const members = row.members.flatMap(({ personId, memberGroupId, address }): DirectoryMember[] => {
    if (personId !== null) return [{ person: personId }];
    if (memberGroupId !== null) return [{ group: memberGroupId }];
    return address === null ? [] : [{ address }];
  });
  const { id, name, aliases, open, complete } = row;
  return { id, name, kind: row.kind as DirectoryGroup['kind'], aliases, open, complete, members };
}
