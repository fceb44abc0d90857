import type { Database, Tx } from './database';
import { newId } from './new-id';

export type StoredAbsence = {
  id: string;
  personId: string;
  startsAt: Date;
  endsAt: Date;
  standIn: { id: string; name: string } | null;
};

const SELECT = {
  id: true,
  personId: true,
  startsAt: true,
  endsAt: true,
  standIn: { select: { id: true, name: true } },
} as const;

const inForce = (workspaceId: string, at: Date) => ({ workspaceId, endedAt: null, endsAt: { gt: at } });

/** Who of the workspace is away at a time, with who stands in. */
export function listAbsences(db: Database | Tx, workspaceId: string, at: Date): Promise<StoredAbsence[]> {
  const client = 'prisma' in db ? db.prisma : db;
  return client.absence.findMany({
    where: inForce(workspaceId, at),
    select: SELECT,
    orderBy: { endsAt: 'asc' },
  });
}

/** Ends whatever absence of a person is in force. Answers how many. */
export async function endAbsence(tx: Tx, workspaceId: string, personId: string, at: Date): Promise<number> {
  const { count } = await tx.absence.updateMany({
    where: { ...inForce(workspaceId, at), personId },
    data: { endedAt: at },
  });
  return count;
}

export async function saveAbsence(
  tx: Tx,
  of: { workspaceId: string; personId: string; standInId: string | null; startsAt: Date; endsAt: Date },
): Promise<void> {
  await tx.absence.create({ data: { id: newId('absence'), ...of } });
}
