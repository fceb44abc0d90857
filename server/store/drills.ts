import { type DrillView, drillOutcome } from '@/server/domain/drill-views';
import type { Database, Tx } from './database';

/** Drills of a workspace, newest first, at most 100; of one action, its own. */
export async function listDrillRows(
  db: Database,
  workspaceId: string,
  actionId: string | null,
): Promise<(DrillView & { startedById: string })[]> {
  const { rows } = await db.pool.query({
    name: 'list_drills',
    text: `
      SELECT d.id AS "drillId", d.action_id AS "actionId", a.sentence, a.level, g.name AS agent, d.person_name AS "startedBy",
        d.person_id AS "startedById", d.at, d.lesson,
        CASE WHEN a.status = 'held' AND a.expires_at <= now() THEN 'expired' ELSE a.status END AS status,
        coalesce((SELECT json_agg(json_build_object('personId', p.id, 'name', p.name, 'decision', v.decision, 'at', v.at, 'lookedMs', v.looked_ms)
          ORDER BY v.at) FROM decision v JOIN person p ON p.id = v.person_id WHERE v.action_id = a.id), '[]') AS answers
      FROM drill d JOIN planned_action a ON a.id = d.action_id JOIN agent g ON g.id = a.agent_id
      WHERE d.workspace_id = $1 AND ($2::text IS NULL OR d.action_id = $2) ORDER BY d.id DESC LIMIT 100`,
    values: [workspaceId, actionId],
  });
  return rows.map(({ status, at, ...row }) => ({
    ...row,
    at: at.toISOString(),
    outcome: drillOutcome(status, row.answers.length),
  }));
}

/** Ends a drill that policy would have let through: nobody was ever asked. */
export async function endUnheldDrill(tx: Tx, actionId: string): Promise<void> {
  await tx.plannedAction.updateMany({
    where: { id: actionId, status: 'measuring' },
    data: {
      status: 'cancelled',
      revision: { increment: 1 },
      finishedAt: new Date(),
      leaseHolder: null,
      leaseUntil: null,
    },
  });
}
