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

/** How long a COMMIT may take to be answered before another process asks the target what became of it. */
const COMMIT_SECONDS = 60;

/**
 * Writes down, before COMMIT is sent to the target, by what that commit can be recognised afterwards. False, and nothing written, when the
 * lease was lost, a halt is in force, or `policy` (the version that allowed by rule what is there now) is not in force any more: then the
 * target must be rolled back.
 */
export async function writeCommitEvidence(
  db: Database,
  actionId: string,
  holder: string,
  evidence: string,
  policy: string | null = null,
): Promise<boolean> {
  const { rows } = await db.pool.query<{ written: boolean }>(
    'SELECT write_commit_evidence($1, $2, $3, $4, $5) AS written',
    [actionId, holder, evidence, COMMIT_SECONDS, policy],
  );
  return rows[0]?.written ?? false;
}

/**
 * Work nobody is doing: `measuring` or `executing` with a dead lease, `released` broker actions not yet claimed. Oldest first. Releases that
 * cannot be claimed now (halted, agent suspended) are left out: enough of them would hide everything else.
 */
export async function listAbandoned(
  db: Database,
  limit: number,
): Promise<{ id: string; workspaceId: string; agentId: string; status: Status; execution: string }[]> {
  const { rows } = await db.pool.query(
    `SELECT a.id, a.workspace_id AS "workspaceId", a.agent_id AS "agentId", a.status, a.execution FROM planned_action a
     WHERE (a.status IN ('submitted', 'measuring', 'executing') AND (a.lease_until IS NULL OR a.lease_until < clock_timestamp()))
        OR (a.status = 'released' AND a.execution = 'broker' AND a.expires_at > clock_timestamp()
          AND NOT EXISTS (SELECT FROM agent g WHERE g.id = a.agent_id AND g.suspended_at IS NOT NULL)
          AND NOT halt_in_force(a.workspace_id, a.agent_id, a.run_id, a.tool_id, a.target_id))
     ORDER BY a.id LIMIT $1`,
    [limit],
  );
  return rows;
}
