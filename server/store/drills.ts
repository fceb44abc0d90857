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

/** Drills that somebody else started and that still wait: what they are is not told yet. */
export async function listOpenDrills(
  db: Database,
  { workspaceId, personId }: { workspaceId: string; personId: string },
): Promise<string[]> {
  const { rows } = await db.pool.query<{ id: string }>({
    name: 'list_open_drills',
    text: `
      SELECT d.id FROM drill d JOIN planned_action a ON a.id = d.action_id
      WHERE d.workspace_id = $1 AND d.person_id <> $2 AND (a.status = 'measuring' OR a.status = 'held' AND a.expires_at > now())`,
    values: [workspaceId, personId],
  });
  return rows.map(({ id }) => id);
}

/** Ends the runs that were made up for drills that are over, however they ended. */
export async function endDrillRuns(db: Database): Promise<void> {
  await db.pool.query({
    name: 'end_drill_runs',
    text: `
      UPDATE run r SET finished_at = now(), outcome = 'drill' FROM drill d JOIN planned_action a ON a.id = d.action_id
      WHERE r.id = a.run_id AND r.finished_at IS NULL AND a.status NOT IN ('measuring', 'held')`,
  });
}
