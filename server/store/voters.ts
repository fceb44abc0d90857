import type { Obligation } from '@/server/domain/verdict';
import type { StoredAction } from './actions';
import type { Tx } from './database';

/** People whose approval of this round counts under an obligation: still in the workspace, in a deciding role and in one of its groups. */
export async function listFittingApprovers(
  tx: Tx,
  action: Pick<StoredAction, 'id' | 'round' | 'workspaceId'>,
  obligation: Obligation | null,
): Promise<string[]> {
  const rows = await tx.$queryRawUnsafe<{ id: string }[]>(
    `SELECT DISTINCT p.id FROM decision d
     JOIN person p ON p.id = d.person_id AND p.workspace_id = $3 AND p.disabled_at IS NULL AND p.roles && ARRAY['owner', 'security_lead', 'reviewer']
     WHERE d.action_id = $1 AND d.round = $2 AND d.decision = 'approve' AND may_review($3, p.id, p.roles, $4::jsonb)`,
    action.id,
    action.round,
    action.workspaceId,
    JSON.stringify(obligation),
  );
  return rows.map((r) => r.id);
}
