import type { DirectorySource } from '@/server/domain/directory-views';
import type { Database, Tx } from './database';

/** How many people and groups each source keeps. */
export async function countSources(
  db: Database,
  workspaceId: string,
): Promise<Record<DirectorySource, number>> {
  const { rows } = await db.pool.query<{ source: DirectorySource; n: number }>(
    `SELECT source, count(*)::int AS n FROM (
       SELECT source FROM person WHERE workspace_id = $1 UNION ALL SELECT source FROM "group" WHERE workspace_id = $1) AS entry
     GROUP BY source`,
    [workspaceId],
  );
  const counts: Record<DirectorySource, number> = { hand: 0, scim: 0, file: 0 };
  for (const { source, n } of rows) counts[source] = n;
  return counts;
}

/** When each source was last heard of, newest first. */
export async function listSyncs(db: Database, workspaceId: string) {
  const rows = await db.prisma.directorySync.findMany({ where: { workspaceId }, orderBy: { at: 'desc' } });
  return rows.map(({ source, at, by }) => ({ source: source as DirectorySource, at: at.toISOString(), by }));
}

/** A file was read in whole: from then on what it keeps is as old as that. */
export async function noteFileImport(
  tx: Tx,
  of: { workspaceId: string; by: string; at: Date },
): Promise<void> {
  const { workspaceId, by, at } = of;
  await tx.directorySync.upsert({
    where: { workspaceId_source: { workspaceId, source: 'file' } },
    create: { workspaceId, source: 'file', at, by },
    update: { at, by },
  });
}
