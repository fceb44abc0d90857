import { HOLDPOINT } from '@/server/domain/audit-event';
import { lockAction } from '@/server/store/actions';
import { append } from '@/server/store/audit';
import { inTransaction } from '@/server/store/database';
import { endDrillRuns } from '@/server/store/drills';
import { enqueue, wake } from '@/server/store/outbox';
import type { Deps } from './deps';

/**
 * Writes down that holds and releases ran out. Only bookkeeping: everything that acts on an action checks its expiry itself. Returns how many
 * expired; call again while it returns `limit`.
 */
export async function expireActions(deps: Deps, limit = 100): Promise<number> {
  const { rows } = await deps.db.pool.query<{ id: string; workspaceId: string }>(
    `SELECT id, workspace_id AS "workspaceId" FROM planned_action
     WHERE status IN ('held', 'released') AND expires_at <= clock_timestamp() ORDER BY expires_at LIMIT $1`,
    [limit],
  );
  for (const row of rows) await expireOne(deps, row.workspaceId, row.id);
  await endDrillRuns(deps.db);
  return rows.length;
}

async function expireOne(deps: Deps, workspaceId: string, actionId: string): Promise<void> {
  await inTransaction(deps.db, async (tx) => {
    const action = await lockAction(tx, workspaceId, actionId);
    if (!action || (action.status !== 'held' && action.status !== 'released')) return;
    if (action.expiresAt === null || action.expiresAt > action.now) return;
    await tx.plannedAction.update({
      where: { id: actionId },
      data: { status: 'expired', revision: { increment: 1 }, finishedAt: action.now },
    });
    await tx.release.updateMany({
      where: { actionId, claimedAt: null, revokedAt: null },
      data: { revokedAt: action.now },
    });
    await append(tx, {
      workspaceId,
      actionId,
      digest: action.digest,
      footprintDigest: action.footprintDigest,
      kind: 'action.expired',
      actor: HOLDPOINT,
      data: { was: action.status },
    });
    await enqueue(tx, { workspaceId, topic: 'action.expired', actionId, payload: { was: action.status } });
    await wake(tx, workspaceId, { actionId, status: 'expired' });
  });
}
