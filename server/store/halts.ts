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

/** Revokes every release in force of a halt that nobody has claimed; what they released is `revoked`. For the halt's own transaction. */
export async function revokeUnclaimed(
  tx: Tx,
  workspaceId: string,
): Promise<{ id: string; digest: string; footprintDigest: string | null }[]> {
  return tx.$queryRaw`
    WITH stopped AS (
      UPDATE planned_action a SET status = 'revoked', revision = revision + 1, finished_at = clock_timestamp(), expires_at = NULL
      WHERE a.workspace_id = ${workspaceId} AND a.status = 'released'
        AND halt_in_force(a.workspace_id, a.agent_id, a.run_id, a.tool_id, a.target_id)
      RETURNING a.id, a.digest, a.footprint_digest
    ), revoked AS (
      UPDATE release r SET revoked_at = clock_timestamp() FROM stopped
      WHERE r.action_id = stopped.id AND r.claimed_at IS NULL AND r.revoked_at IS NULL
    )
    SELECT id, digest, footprint_digest AS "footprintDigest" FROM stopped`;
}
