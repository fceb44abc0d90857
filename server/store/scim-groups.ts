import type { ScimLookup } from '@/server/domain/scim-lookup';
import type { Database, Tx } from './database';
import type { Prisma } from './generated/client';
import { newId } from './new-id';

type Client = Tx | Database['prisma'];
const WITH_MEMBERS = {
  members: { include: { person: { select: { name: true } }, memberGroup: { select: { name: true } } } },
} satisfies Prisma.GroupInclude;
export type ScimGroupRow = Prisma.GroupGetPayload<{ include: typeof WITH_MEMBERS }>;

/** Groups kept by hand or from a file are not the provider's: policies may name them, and it neither sees nor changes them. */
const visible = (workspaceId: string) => ({ workspaceId, source: 'scim' });

function simpleWhere({ attribute, value }: ScimLookup): Prisma.GroupWhereInput {
  if (attribute === 'id') return { id: value };
  if (attribute === 'externalId') return { externalId: value };
  if (attribute === 'displayName') return { name: { equals: value, mode: 'insensitive' } };
  return { id: '' };
}

export function findScimGroup(client: Client, workspaceId: string, id: string): Promise<ScimGroupRow | null> {
  return client.group.findFirst({ where: { ...visible(workspaceId), id }, include: WITH_MEMBERS });
}

export async function listScimGroups(
  db: Database,
  workspaceId: string,
  page: { simple: ScimLookup | null; skip: number; take: number },
): Promise<{ rows: ScimGroupRow[]; total: number }> {
  const where = { ...visible(workspaceId), ...(page.simple === null ? {} : simpleWhere(page.simple)) };
  const [rows, total] = await Promise.all([
    page.take === 0
      ? []
      : db.prisma.group.findMany({
          where,
          orderBy: { id: 'asc' },
          skip: page.skip,
          take: page.take,
          include: WITH_MEMBERS,
        }),
    db.prisma.group.count({ where }),
  ]);
  return { rows, total };
}

/** Which of these ids are people the provider sees, and which are its groups. */
export async function findScimMembers(tx: Tx, workspaceId: string, ids: readonly string[]) {
  const [people, groups] = await Promise.all([
    tx.person.findMany({
      where: { workspaceId, departedAt: null, id: { in: [...ids] } },
      select: { id: true },
    }),
    tx.group.findMany({ where: { ...visible(workspaceId), id: { in: [...ids] } }, select: { id: true } }),
  ]);
  return { people: new Set(people.map((p) => p.id)), groups: new Set(groups.map((g) => g.id)) };
}

/** Which group contains which, over the whole workspace. */
export async function listGroupLinks(tx: Tx, workspaceId: string): Promise<Map<string, string[]>> {
  const rows = await tx.groupMember.findMany({
    where: { workspaceId, memberGroupId: { not: null } },
    select: { groupId: true, memberGroupId: true },
  });
  const links = new Map<string, string[]>();
  for (const { groupId, memberGroupId } of rows) {
    if (memberGroupId !== null) links.set(groupId, [...(links.get(groupId) ?? []), memberGroupId]);
  }
  return links;
}

/** Adds and removes people and groups by id; outside addresses in the group stay. */
export async function changeScimMembers(
  tx: Tx,
  of: {
    workspaceId: string;
    groupId: string;
    added: readonly string[];
    removed: readonly string[];
    groups: ReadonlySet<string>;
  },
): Promise<void> {
  const removed = [...of.removed];
  if (removed.length > 0) {
    await tx.groupMember.deleteMany({
      where: {
        groupId: of.groupId,
        OR: [{ personId: { in: removed } }, { memberGroupId: { in: removed } }],
      },
    });
  }
  await tx.groupMember.createMany({
    data: of.added.map((id) => ({
      id: newId('member'),
      workspaceId: of.workspaceId,
      groupId: of.groupId,
      personId: of.groups.has(id) ? null : id,
      memberGroupId: of.groups.has(id) ? id : null,
    })),
  });
}
