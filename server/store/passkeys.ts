import type { KeptPasskey } from '@/server/domain/presence';
import type { Database, Tx } from './database';

type Whose = { workspaceId: string; personId: string };

/** Passkeys of a person, oldest first. */
export function listPasskeys(db: Database, { workspaceId, personId }: Whose) {
  return db.prisma.passkey.findMany({ where: { workspaceId, personId }, orderBy: { createdAt: 'asc' } });
}

export async function saveChallenge(
  db: Database,
  of: { challenge: string; personId: string; actionId: string | null; nonce: string; expiresAt: Date },
): Promise<void> {
  // Those nobody answered are cleared by the next question.
  await db.prisma.$transaction([
    db.prisma.presenceChallenge.deleteMany({ where: { expiresAt: { lt: new Date() } } }),
    db.prisma.presenceChallenge.create({ data: of }),
  ]);
}

/** Takes a question that was asked of this person and is still good; a second answer to it finds nothing. */
export async function takeChallenge(
  tx: Tx,
  of: { challenge: string; personId: string; actionId: string | null },
): Promise<{ nonce: string } | null> {
  const rows = await tx.$queryRaw<{ nonce: string }[]>`
    DELETE FROM presence_challenge WHERE challenge = ${of.challenge} AND person_id = ${of.personId}
      AND action_id IS NOT DISTINCT FROM ${of.actionId} AND expires_at > clock_timestamp() RETURNING nonce`;
  return rows[0] ?? null;
}

/** Locks the passkey, so that its counter only ever grows. */
export async function lockPasskey(
  tx: Tx,
  { workspaceId, personId }: Whose,
  id: string,
): Promise<KeptPasskey | null> {
  await tx.$queryRaw`SELECT FROM passkey WHERE id = ${id} FOR UPDATE`;
  const row = await tx.passkey.findFirst({ where: { id, workspaceId, personId } });
  return (
    row && { id: row.id, publicKey: row.publicKey, counter: Number(row.counter), transports: row.transports }
  );
}

export async function usedPasskey(tx: Tx, id: string, counter: number, at: Date): Promise<void> {
  await tx.passkey.update({ where: { id }, data: { counter, lastUsedAt: at } });
}
