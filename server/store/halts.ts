import type { Actor } from '@/server/domain/audit-event';
import type { HaltScope } from '@/server/domain/vocabulary';
import type { Tx } from './database';

/** What a halt would stop, by id or exact name; null when this workspace has no such thing. */
export async function findHaltSubject(
  tx: Tx,
  workspaceId: string,
  scope: HaltScope,
  id: string | null,
): Promise<{ id: string; name: string } | null> {
  if (scope === 'workspace') {
    return tx.workspace.findUnique({ where: { id: workspaceId }, select: { id: true, name: true } });
  }
  if (id === null) return null;
  const where = { workspaceId, OR: [{ id }, { name: id }] };
  const select = { id: true, name: true };
  if (scope === 'agent') return tx.agent.findFirst({ where, select });
  if (scope === 'tool') return tx.tool.findFirst({ where, select });
  if (scope === 'target') return tx.target.findFirst({ where, select });
  const run = await tx.run.findFirst({ where: { workspaceId, id }, select: { id: true, goal: true } });
  return run && { id: run.id, name: run.goal.slice(0, 120) };
}

/**
 * Revokes every release nobody has claimed of one run, or else of whatever a halt in force stops, with its event and its wake-up, in one statement
 * however many there are; what they released is `revoked`. Answers how many. For the transaction of what causes it.
 */
export async function revokeUnclaimed(
  tx: Tx,
  of: { workspaceId: string; runId: string | null; because: string; haltId?: string },
  by: Actor,
): Promise<number> {
  const rows = await tx.$queryRaw<{ revoked: number }[]>`
    WITH stopped AS (
      UPDATE planned_action a SET status = 'revoked', revision = revision + 1, finished_at = clock_timestamp(), expires_at = NULL
      WHERE a.workspace_id = ${of.workspaceId} AND a.status = 'released' AND CASE WHEN ${of.runId}::text IS NOT NULL THEN a.run_id = ${of.runId}
        ELSE halt_in_force(a.workspace_id, a.agent_id, a.run_id, a.tool_id, a.target_id) END
      RETURNING a.id, a.digest, a.footprint_digest
    ), revoked AS (
      UPDATE release r SET revoked_at = clock_timestamp() FROM stopped
      WHERE r.action_id = stopped.id AND r.claimed_at IS NULL AND r.revoked_at IS NULL
    ), audited AS (
      INSERT INTO audit_event (workspace_id, kind, actor_kind, actor_id, actor_name, action_id, digest, footprint_digest, data)
      SELECT ${of.workspaceId}, 'action.revoked', ${by.kind}, ${by.id}, ${by.name}, s.id, s.digest, s.footprint_digest,
        jsonb_strip_nulls(jsonb_build_object('haltId', ${of.haltId ?? null}::text, 'because', ${of.because}::text))
      FROM stopped s ORDER BY s.id
    ), told AS (
      SELECT pg_notify('holdpoint', json_build_object('w', ${of.workspaceId}::text, 'a', s.id, 's', 'revoked')::text) FROM stopped s
    )
    SELECT count(*)::int AS revoked FROM told`;
  return rows[0]?.revoked ?? 0;
}
