import type { Database } from './database';

/** Held actions whose next escalation is due, longest due first. */
export async function listDueEscalations(
  db: Database,
  limit: number,
): Promise<{ id: string; workspaceId: string }[]> {
  const { rows } = await db.pool.query<{ id: string; workspaceId: string }>(
    `SELECT id, workspace_id AS "workspaceId" FROM planned_action
     WHERE escalates_at <= clock_timestamp() ORDER BY escalates_at LIMIT $1`,
    [limit],
  );
  return rows;
}
