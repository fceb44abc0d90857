import type { Status } from '@/server/domain/status';
import type { Database } from './database';

/**
 * Takes the lease of an action that is in `status` and that no living process holds. False when somebody else has it or the action has moved
 * on. `seconds` is how long the holder may be silent before another process takes over.
 */
export async function takeLease(
  db: Database,
  actionId: string,
  status: Status,
  holder: string,
  seconds: number,
): Promise<boolean> {
  const { rowCount } = await db.pool.query(
    `UPDATE planned_action SET lease_holder = $3, lease_until = clock_timestamp() + make_interval(secs => $4)
     WHERE id = $1 AND status = $2 AND (lease_holder IS NULL OR lease_holder = $3 OR lease_until < clock_timestamp())`,
    [actionId, status, holder, seconds],
  );
  return rowCount === 1;
}

/** Tells the others that this process is still at work. False when the lease was lost: stop. */
export async function renewLease(
  db: Database,
  actionId: string,
  holder: string,
  seconds: number,
): Promise<boolean> {
  const { rowCount } = await db.pool.query(
    `UPDATE planned_action SET lease_until = clock_timestamp() + make_interval(secs => $3)
     WHERE id = $1 AND lease_holder = $2 AND status IN ('measuring', 'executing')`,
    [actionId, holder, seconds],
  );
  return rowCount === 1;
}

/**
 * Writes down, before COMMIT is sent to the target, by what that commit can be recognised afterwards. False, and nothing written, when the
 * lease was lost or a halt is in force: then the target must be rolled back.
 */
export async function writeCommitEvidence(
  db: Database,
  actionId: string,
  holder: string,
  evidence: string,
): Promise<boolean> {
  const { rowCount } = await db.pool.query(
    `UPDATE planned_action a SET commit_evidence = $3, lease_until = clock_timestamp() + interval '60 seconds'
     WHERE a.id = $1 AND a.lease_holder = $2 AND a.status = 'executing'
       AND NOT halt_in_force(a.workspace_id, a.agent_id, a.run_id, a.tool_id, a.target_id)`,
    [actionId, holder, evidence],
  );
  return rowCount === 1;
}

/** Work nobody is doing: `measuring` or `executing` with a dead lease, `released` broker actions not yet claimed. Oldest first. */
export async function listAbandoned(
  db: Database,
  limit: number,
): Promise<{ id: string; workspaceId: string; status: Status; execution: string }[]> {
  const { rows } = await db.pool.query(
    `SELECT id, workspace_id AS "workspaceId", status, execution FROM planned_action
     WHERE (status IN ('submitted', 'measuring', 'executing') AND (lease_until IS NULL OR lease_until < clock_timestamp()))
        OR (status = 'released' AND execution = 'broker' AND expires_at > clock_timestamp())
     ORDER BY id LIMIT $1`,
    [limit],
  );
  return rows;
}
