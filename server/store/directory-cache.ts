import type { Directory, DirectoryGroup, DirectoryMember } from '@/server/domain/directory';
import type { Database } from './database';

type Loaded = { until: number; directory: Promise<Directory> };

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

  get(workspaceId: string): Promise<Directory> {
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

  async #load(workspaceId: string): Promise<Directory> {
    const { prisma } = this.#db;
    const [people, groups, agents] = await Promise.all([
      prisma.person.findMany({ where: { workspaceId } }),
      prisma.group.findMany({ where: { workspaceId }, include: { members: true } }),
      prisma.agent.findMany({ where: { workspaceId } }),
    ]);
    return {
      people: new Map(
        people.map((p) => [
          p.id,
          {
            id: p.id,
            name: p.name,
            email: p.email,
            aliases: [],
            kind: 'member' as const,
            clearances: p.clearances,
            managerId: null,
            active: p.disabledAt === null,
            forwardsTo: [],
          },
        ]),
      ),
      groups: new Map(groups.map((g) => [g.id, toGroup(g)])),
      agents: new Map(agents.map((a) => [a.id, { id: a.id, name: a.name, clearances: a.clearances }])),
      domains: new Set(),
      syncedAt: null,
    };
  }
}

type GroupRow = {
  id: string;
  name: string;
  members: { personId: string | null; memberGroupId: string | null }[];
};

function toGroup(row: GroupRow): DirectoryGroup {
  const members = row.members.flatMap(({ personId, memberGroupId }): DirectoryMember[] => {
    if (personId !== null) return [{ person: personId }];
    return memberGroupId === null ? [] : [{ group: memberGroupId }];
  });
  return { id: row.id, name: row.name, kind: 'group', aliases: [], open: false, complete: true, members };
}
