import type { Actor } from '@/server/domain/audit-event';
import type { Tx } from './database';

/** Revokes every release of a run that nobody has claimed, with its event and its wake-up, in one statement. Answers how many. */
export async function revokeOfRun(
  tx: Tx,
  { workspaceId, runId }: { workspaceId: string; runId: string },
  by: Actor,
): Promise<number> {
  const rows = await tx.$queryRaw<{ revoked: number }[]>`
    WITH stopped AS (
      UPDATE planned_action SET status = 'revoked', revision = revision + 1, finished_at = clock_timestamp(), expires_at = NULL
      WHERE workspace_id = ${workspaceId} AND run_id = ${runId} AND status = 'released' RETURNING id, digest, footprint_digest
    ), revoked AS (
      UPDATE release r SET revoked_at = clock_timestamp() FROM stopped
      WHERE r.action_id = stopped.id AND r.claimed_at IS NULL AND r.revoked_at IS NULL
    ), audited AS (
      INSERT INTO audit_event (workspace_id, kind, actor_kind, actor_id, actor_name, action_id, digest, footprint_digest, data)
      SELECT ${workspaceId}, 'action.revoked', ${by.kind}, ${by.id}, ${by.name}, s.id, s.digest, s.footprint_digest,
        jsonb_build_object('because', 'The mandate of its run was ended.')
      FROM stopped s ORDER BY s.id
    ), told AS (
      SELECT pg_notify('holdpoint', json_build_object('w', ${workspaceId}::text, 'a', s.id, 's', 'revoked')::text) FROM stopped s
    )
    SELECT count(*)::int AS revoked FROM told`;
  return rows[0]?.revoked ?? 0;
}
