import type { ScimLookup } from '@/server/domain/scim-lookup';
import type { Database, Tx } from './database';
import type { Person, Prisma } from './generated/client';

type Client = Tx | Database['prisma'];

/** Everybody the identity provider can see: the whole workspace, without those it has deleted. */
const visible = (workspaceId: string) => ({ workspaceId, departedAt: null });

function simpleWhere(simple: ScimLookup): Prisma.PersonWhereInput {
  const lower = simple.value.toLowerCase();
  switch (simple.attribute) {
    case 'id':
      return { id: simple.value };
    case 'externalId':
      return { externalId: simple.value };
    case 'displayName':
      return { name: { equals: simple.value, mode: 'insensitive' } };
    case 'email':
      return { OR: [{ email: lower }, { aliases: { has: lower } }] };
    case 'userName':
      // Somebody added by hand has no name of the provider's yet; their address is what it will ask for.
      return { OR: [{ userName: lower }, { userName: null, email: lower }] };
  }
}

export function findScimPerson(client: Client, workspaceId: string, id: string): Promise<Person | null> {
  return client.person.findFirst({ where: { ...visible(workspaceId), id } });
}

/** Whoever has this user name or address already, of any workspace and also when deleted: addresses are unique over all. */
export function findScimNamesakes(
  client: Client,
  workspaceId: string,
  of: { userName: string; email: string },
): Promise<Person[]> {
  return client.person.findMany({
    where: { OR: [{ email: of.email }, { workspaceId, userName: of.userName }] },
  });
}

/** One page in the order of creation, and how many there are. */
export async function listScimPeople(
  db: Database,
  workspaceId: string,
  page: { simple: ScimLookup | null; skip: number; take: number },
): Promise<{ rows: Person[]; total: number }> {
  const where = { ...visible(workspaceId), ...(page.simple === null ? {} : simpleWhere(page.simple)) };
  const [rows, total] = await Promise.all([
    page.take === 0
      ? []
      : db.prisma.person.findMany({ where, orderBy: { id: 'asc' }, skip: page.skip, take: page.take }),
    db.prisma.person.count({ where }),
  ]);
  return { rows, total };
}

/** How many owners could still sign in if this person were gone. */
export function countOtherOwners(tx: Tx, workspaceId: string, personId: string): Promise<number> {
  return tx.person.count({
    where: { workspaceId, id: { not: personId }, disabledAt: null, roles: { has: 'owner' } },
  });
}
