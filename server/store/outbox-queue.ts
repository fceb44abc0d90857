import type { Level } from '@/server/domain/vocabulary';
import type { Database } from './database';

export type QueuedNotice = {
  id: string;
  workspaceId: string;
  topic: string;
  actionId: string | null;
  attempts: number;
  payload: Record<string, unknown>;
  agent: string | null;
  level: Level | null;
  sentence: string | null;
  expiresAt: Date | null;
  /** Whether the action still waits: a notice of something decided meanwhile is stale. */
  stillHeld: boolean;
  people: { id: string; name: string; email: string }[];
};

/**
 * Takes up to `limit` due notices for `seconds`: other processes skip them meanwhile, and a process that dies gives them back by silence.
 * `people` are those a held action waits for (entitled by role, not excluded), or for halts everybody who decides.
 */
export async function takeNotices(db: Database, limit: number, seconds: number): Promise<QueuedNotice[]> {
  const { rows } = await db.pool.query<QueuedNotice>(
    `WITH due AS (
       SELECT id FROM outbox WHERE delivered_at IS NULL AND failed_at IS NULL AND next_attempt_at <= clock_timestamp()
       ORDER BY next_attempt_at, id LIMIT $1 FOR UPDATE SKIP LOCKED
     ), taken AS (
       UPDATE outbox o SET attempts = attempts + 1, next_attempt_at = clock_timestamp() + make_interval(secs => $2)
       FROM due WHERE o.id = due.id RETURNING o.*
     )
     SELECT t.id::text, t.workspace_id AS "workspaceId", t.topic, t.action_id AS "actionId", t.attempts, t.payload, g.name AS agent,
       a.level, a.sentence, a.expires_at AS "expiresAt", coalesce(a.status = 'held', false) AS "stillHeld",
       (SELECT coalesce(json_agg(json_build_object('id', p.id, 'name', p.name, 'email', p.email) ORDER BY p.email), '[]') FROM person p
        WHERE p.workspace_id = t.workspace_id AND p.disabled_at IS NULL AND p.roles && ARRAY['owner', 'security_lead', 'reviewer']
          AND (a.id IS NULL OR (p.id <> ALL (a.excluded_ids) AND may_review(a.workspace_id, p.id, p.roles, a.obligation)))
          AND p.id IS DISTINCT FROM g.owner_id AND p.id IS DISTINCT FROM a.owner_id AND p.id IS DISTINCT FROM r.on_behalf_of_id) AS people
     FROM taken t LEFT JOIN planned_action a ON a.id = t.action_id LEFT JOIN agent g ON g.id = a.agent_id LEFT JOIN run r ON r.id = a.run_id
     ORDER BY t.id`,
    [limit, seconds],
  );
  return rows;
}

export async function markDelivered(db: Database, noticeId: string): Promise<void> {
  await db.pool.query('UPDATE outbox SET delivered_at = clock_timestamp(), last_error = NULL WHERE id = $1', [
    noticeId,
  ]);
}

/** Puts a notice back for later, or gives it up as a dead letter that a person can see. */
export async function markFailed(
  db: Database,
  noticeId: string,
  error: string,
  retrySeconds: number | null,
): Promise<void> {
  await db.pool.query(
    `UPDATE outbox SET last_error = $2, failed_at = CASE WHEN $3::int IS NULL THEN clock_timestamp() END,
       next_attempt_at = clock_timestamp() + make_interval(secs => coalesce($3::int, 0)) WHERE id = $1`,
    [noticeId, error.slice(0, 2_000), retrySeconds],
  );
}
