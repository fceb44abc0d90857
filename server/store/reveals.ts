import type { Footprint } from '@/server/domain/footprint';
import type { Classification } from '@/server/domain/vocabulary';
import type { Database, Tx } from './database';

export type Measured = {
  footprint: Footprint | null;
  footprintDigest: string | null;
  digest: string;
  imagesTotal: number | null;
};

/** The measurement an action carries now; null when this workspace has no such action. */
export async function findMeasured(
  db: Database,
  workspaceId: string,
  actionId: string,
): Promise<Measured | null> {
  const row = await db.prisma.plannedAction.findFirst({
    where: { id: actionId, workspaceId },
    select: { footprint: true, footprintDigest: true, digest: true, imagesTotal: true },
  });
  return row && { ...row, footprint: row.footprint as Footprint | null };
}

/** Classes this person has revealed on this footprint. */
export async function listRevealedClasses(
  db: Database,
  personId: string,
  actionId: string,
  footprintDigest: string,
): Promise<Classification[]> {
  const rows = await db.prisma.reveal.findMany({
    where: { actionId, personId, footprintDigest },
    select: { classes: true },
  });
  return [...new Set(rows.flatMap((r) => r.classes))].sort();
}

/** True when the log does not yet say that this person looked at these classes of this footprint. */
export async function recordFirstView(
  tx: Tx,
  workspaceId: string,
  personId: string,
  actionId: string,
  footprintDigest: string,
  classes: readonly string[],
): Promise<boolean> {
  const seen = await tx.auditEvent.findMany({
    where: { workspaceId, actionId, footprintDigest, actorId: personId, kind: 'data.viewed' },
    select: { data: true },
  });
  const known = new Set(seen.flatMap((e) => (e.data as { classes?: string[] }).classes ?? []));
  return classes.some((c) => !known.has(c));
}
