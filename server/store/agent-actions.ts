import type { Status } from '@/server/domain/status';
import type { ExecutionMode } from '@/server/domain/vocabulary';
import type { Database } from './database';

/** What an agent's view is made of. Expired holds read as expired even before the sweeper has been: expiry is checked here, in SQL. */
export type AgentActionRow = {
  id: string;
  runId: string | null;
  status: Status;
  digest: string;
  execution: ExecutionMode;
  settlesAt: Date | null;
  veiledUntil: Date | null;
  withdrawnAt: Date | null;
  expiresAt: Date | null;
  note: string | null;
  result: unknown;
};

const SELECT = `
  SELECT id, run_id AS "runId", digest, execution, expires_at AS "expiresAt", note, result,
    settles_at AS "settlesAt", veiled_until AS "veiledUntil", withdrawn_at AS "withdrawnAt",
    CASE WHEN status IN ('held', 'released') AND expires_at <= clock_timestamp() THEN 'expired' ELSE status END AS status
  FROM planned_action`;

/** One of this agent's own actions; null when there is none, also when it is somebody else's. */
export async function findAgentAction(
  db: Database,
  workspaceId: string,
  agentId: string,
  actionId: string,
): Promise<AgentActionRow | null> {
  const { rows } = await db.pool.query<AgentActionRow>({
    name: 'find_agent_action',
    text: `${SELECT} WHERE id = $1 AND agent_id = $2 AND workspace_id = $3`,
    values: [actionId, agentId, workspaceId],
  });
  return rows[0] ?? null;
}

/** The action an agent submitted under this idempotency key; null when none. */
export async function findByIdempotencyKey(
  db: Database,
  agentId: string,
  idempotencyKey: string,
): Promise<AgentActionRow | null> {
  const { rows } = await db.pool.query<AgentActionRow>({
    name: 'find_by_idempotency_key',
    text: `${SELECT} WHERE agent_id = $1 AND idempotency_key = $2`,
    values: [agentId, idempotencyKey],
  });
  return rows[0] ?? null;
}
