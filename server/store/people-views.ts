import type { GroupListItem, NamedRef, PersonListItem } from '@/server/domain/catalog-views';
import type { Role } from '@/server/domain/vocabulary';
import type { Database } from './database';
import type { Prisma } from './generated/client';

type NamePage = { after: string | null; limit: number; q: string | null };

/** People by address, after `after`, those who were disabled included. */
export async function listPeopleRows(
  db: Database,
  workspaceId: string,
  page: NamePage,
  now: Date,
): Promise<(PersonListItem & { sessions: number })[]> {
  const rows = await readPeople(db, { workspaceId, ...wherePage(page) }, page.limit, now);
  return rows.map(({ owned: _, ...row }) => row);
}

/** One person; null when the workspace has none of that id. */
export async function findPersonRow(
  db: Database,
  workspaceId: string,
  id: string,
  now: Date,
): Promise<PersonRow | null> {
  return (await readPeople(db, { workspaceId, id }, 1, now))[0] ?? null;
}

type PersonRow = PersonListItem & { sessions: number; owned: NamedRef[] };

function wherePage(page: NamePage) {
  const find = { contains: page.q ?? '', mode: 'insensitive' as const };
  return {
    ...(page.after === null ? {} : { email: { gt: page.after } }),
    ...(page.q === null ? {} : { OR: [{ email: find }, { name: find }] }),
  };
}

async function readPeople(
  db: Database,
  where: Prisma.PersonWhereInput,
  limit: number,
  now: Date,
): Promise<PersonRow[]> {
  const rows = await db.prisma.person.findMany({
    where,
    orderBy: { email: 'asc' },
    take: limit,
    include: {
      memberships: { select: { group: { select: { name: true } } } },
      agents: { select: { id: true, name: true }, orderBy: { name: 'asc' } },
      absences: {
        where: { endedAt: null, endsAt: { gt: now } },
        select: { endsAt: true, standIn: { select: { id: true, name: true } } },
      },
      _count: { select: { sessions: { where: { revokedAt: null, expiresAt: { gt: now } } } } },
    },
  });
  return rows.map((row) => ({
    personId: row.id,
    name: row.name,
    email: row.email,
    roles: row.roles as Role[],
    clearances: row.clearances,
    disabledAt: row.disabledAt?.toISOString() ?? null,
    hasPassword: row.passwordHash !== null,
    sessions: row._count.sessions,
    groups: row.memberships.map((m) => m.group.name).sort(),
    agents: row.agents.map((agent) => agent.name),
    owned: row.agents,
    away: row.absences.map((a) => ({ until: a.endsAt.toISOString(), standIn: a.standIn }))[0] ?? null,
  }));
}

/** Groups by name, after `after`, with their direct members. */
export async function listGroupRows(
  db: Database,
  workspaceId: string,
  page: NamePage,
): Promise<GroupListItem[]> {
  const rows = await db.prisma.group.findMany({
    where: {
      workspaceId,
      ...(page.after === null ? {} : { name: { gt: page.after } }),
      ...(page.q === null ? {} : { AND: { name: { contains: page.q, mode: 'insensitive' } } }),
    },
    orderBy: { name: 'asc' },
    take: page.limit,
    include: { members: { include: { person: true, memberGroup: true } } },
  });
  return rows.map((row) => ({
    groupId: row.id,
    name: row.name,
    people: row.members
      .flatMap(({ person }) =>
        person === null ? [] : [{ id: person.id, name: person.name, email: person.email }],
      )
      .sort((a, b) => a.email.localeCompare(b.email)),
    groups: row.members
      .flatMap(({ memberGroup }) =>
        memberGroup === null ? [] : [{ id: memberGroup.id, name: memberGroup.name }],
      )
      .sort((a, b) => a.name.localeCompare(b.name)),
  }));
}
