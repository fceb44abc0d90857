import type { Digest, MailChoice } from '@/server/domain/mail-choice';
import type { Level } from '@/server/domain/vocabulary';
import type { Database, Tx } from './database';

const EVERYTHING: MailChoice = { fromLevel: 'low', hours: null, digest: null };
type Whose = { workspaceId: string; personId: string };

/** What somebody chose; without a choice, everything at once. */
export async function findMailChoice(db: Database, { workspaceId, personId }: Whose): Promise<MailChoice> {
  const row = await db.prisma.mailChoice.findFirst({ where: { workspaceId, personId } });
  if (row === null) return EVERYTHING;
  return { fromLevel: row.fromLevel as Level | null, hours: row.hours, digest: row.digest as Digest | null };
}

export async function saveMailChoice(
  tx: Tx,
  { workspaceId, personId }: Whose,
  choice: MailChoice,
): Promise<void> {
  await tx.mailChoice.upsert({
    where: { personId },
    create: { workspaceId, personId, ...choice },
    update: choice,
  });
}
