import type { MailChoice } from '@/server/domain/mail-choice';
import type { Level } from '@/server/domain/vocabulary';
import type { Database } from './database';

export type QueuedNotice = {
  id: string;
  workspaceId: string;
  topic: string;
  actionId: string | null;
  attempts: number;
  createdAt: Date;
  payload: Record<string, unknown>;
  agent: string | null;
  level: Level | null;
  sentence: string | null;
  expiresAt: Date | null;
  /** Whether the action still waits: a notice of something decided meanwhile is stale. */
  stillHeld: boolean;
  workspace: string;
  /** Null for a notice that is no delivery yet. */
  channel: Delivery['channel'] | null;
  recipient: string | null;
  /** Of a notice, whom it concerns; of a mail, the one it goes to, if they are still there. */
  people: { id: string; name: string; email: string; choice: MailChoice | null; devices: string[] }[];
  /** How many people a held action needs beyond those who could decide it (a stand-in fills the absent one's seat and adds none); above 0, nobody's decisions would ever be enough. */
  missing: number | null;
};

/** One recipient of a notice: a person by mail, a browser of theirs, a channel of the chat, or a webhook by name. `inSeconds`: with the digest that is due then. */
export type Delivery = {
  channel: 'mail' | 'push' | 'slack' | 'webhook';
  recipient: string;
  inSeconds?: number;
};

/** Makes a notice into deliveries, once: a second caller finds it done. `stuck`: that too few could decide is written down and told as well. */
export async function fanOut(
  db: Database,
  noticeId: string,
  deliveries: readonly Delivery[],
  stuck: { missing: number } | null,
): Promise<void> {
  await db.pool.query(
    `WITH done AS (
       UPDATE outbox SET delivered_at = clock_timestamp(), last_error = NULL WHERE id = $1 AND delivered_at IS NULL RETURNING *
     ), told AS (
       INSERT INTO outbox (workspace_id, topic, action_id, payload)
       SELECT d.workspace_id, 'action.stuck', d.action_id, jsonb_build_object('missing', $4::int) FROM done d WHERE $4::int IS NOT NULL
     ), audited AS (
       INSERT INTO audit_event (workspace_id, kind, actor_kind, actor_name, action_id, data)
       SELECT d.workspace_id, 'action.stuck', 'holdpoint', 'Holdpoint', d.action_id, jsonb_build_object('missing', $4::int)
       FROM done d WHERE $4::int IS NOT NULL
     )
, together AS (
       -- One that waits already covers this, too. One that is just being sent is due once more, at the next time: it may not have seen it.
       INSERT INTO outbox AS o (workspace_id, topic, payload, channel, recipient, next_attempt_at)
       SELECT d.workspace_id, 'digest', '{"asked": 1}', r.channel, r.recipient, clock_timestamp() + make_interval(secs => r.seconds)
       FROM done d, unnest($2::text[], $3::text[], $5::int[]) AS r(channel, recipient, seconds) WHERE r.seconds IS NOT NULL
       ON CONFLICT (recipient) WHERE topic = 'digest' AND delivered_at IS NULL AND failed_at IS NULL
       DO UPDATE SET payload = jsonb_build_object('asked', (o.payload ->> 'asked')::int + 1),
         next_attempt_at = CASE WHEN o.attempts = 0 THEN o.next_attempt_at ELSE greatest(o.next_attempt_at, excluded.next_attempt_at) END
     )
     INSERT INTO outbox (workspace_id, topic, action_id, payload, channel, recipient)
     SELECT d.workspace_id, d.topic, d.action_id, d.payload, r.channel, r.recipient
     FROM done d, unnest($2::text[], $3::text[], $5::int[]) AS r(channel, recipient, seconds) WHERE r.seconds IS NULL`,
    [
      noticeId,
      deliveries.map((d) => d.channel),
      deliveries.map((d) => d.recipient),
      stuck?.missing ?? null,
      deliveries.map((d) => d.inSeconds ?? null),
    ],
  );
}

/**
 * Takes up to `limit` due notices for `seconds`: other processes skip them meanwhile, and a process that dies gives them back by silence.
 * `people` are those a held action waits for (entitled, not excluded, not away, not heard yet), for what nobody can or does decide owners and security
 * leads as well, or for halts everybody who decides; of a mail, its recipient as far as they are still one of them. What is told one recipient of an action is told in order, and notices of an action become deliveries in theirs.
 */
export async function takeNotices(db: Database, limit: number, seconds: number): Promise<QueuedNotice[]> {
  const { rows } = await db.pool.query<QueuedNotice>(
    `WITH due AS (
       SELECT o.id FROM outbox o WHERE o.delivered_at IS NULL AND o.failed_at IS NULL AND o.next_attempt_at <= clock_timestamp()
         AND (o.action_id IS NULL OR NOT EXISTS (
           SELECT FROM outbox e WHERE e.action_id = o.action_id AND e.channel IS NOT DISTINCT FROM o.channel
             AND e.recipient IS NOT DISTINCT FROM o.recipient AND e.id < o.id AND e.delivered_at IS NULL AND e.failed_at IS NULL))
       ORDER BY o.next_attempt_at, o.id LIMIT $1 FOR UPDATE SKIP LOCKED
     ), taken AS (
       UPDATE outbox o SET attempts = attempts + 1, next_attempt_at = clock_timestamp() + make_interval(secs => $2)
       FROM due WHERE o.id = due.id RETURNING o.*
     )
     SELECT t.id::text, t.workspace_id AS "workspaceId", t.topic, t.action_id AS "actionId", t.attempts, t.created_at AS "createdAt", t.payload, t.channel, t.recipient, w.name AS workspace, g.name AS agent,
       a.level, a.sentence, a.expires_at AS "expiresAt", coalesce(a.status = 'held', false) AS "stillHeld",
       (SELECT coalesce(json_agg(json_build_object('id', p.id, 'name', p.name, 'email', p.email,
           'choice', CASE WHEN c.person_id IS NOT NULL THEN json_build_object('fromLevel', c.from_level, 'hours', c.hours, 'digest', c.digest) END,
           'devices', ARRAY(SELECT v.id FROM push_device v WHERE v.person_id = p.id ORDER BY v.id)) ORDER BY p.email), '[]')
        FROM person p LEFT JOIN mail_choice c ON c.person_id = p.id
        WHERE p.workspace_id = t.workspace_id AND p.disabled_at IS NULL AND coalesce(t.channel, 'mail') IN ('mail', 'push')
          AND (t.channel IS NULL OR p.id = CASE t.channel WHEN 'mail' THEN t.recipient ELSE (SELECT v.person_id FROM push_device v WHERE v.id = t.recipient) END) AND p.roles && ARRAY['owner', 'security_lead', 'reviewer']
          AND (a.id IS NULL OR t.topic = 'glass.broken' OR (t.topic IN ('action.widened', 'action.paged', 'action.stuck') AND p.roles && ARRAY['owner', 'security_lead'])
            OR (t.topic <> 'action.stuck' AND p.id <> ALL (excluded_from(a, g.owner_id, r.on_behalf_of_id))
              AND may_review(a, p.id, p.roles, a.obligation, excluded_from(a, g.owner_id, r.on_behalf_of_id), now(), NULL)
              AND NOT EXISTS (SELECT FROM decision d WHERE d.action_id = a.id AND d.round = a.round AND d.person_id = p.id)))
          AND (a.id IS NULL OR t.topic IN ('action.paged', 'glass.broken') OR NOT EXISTS (SELECT FROM absence b WHERE b.person_id = p.id AND is_away(b, now())))) AS people,
       CASE WHEN t.channel IS NULL AND a.status = 'held' THEN a.needed - (SELECT count(*)::int FROM person p WHERE p.workspace_id = a.workspace_id AND p.disabled_at IS NULL
         AND p.roles && ARRAY['owner', 'security_lead', 'reviewer'] AND p.id <> ALL (excluded_from(a, g.owner_id, r.on_behalf_of_id))
         AND may_review(a, p.id, p.roles, a.obligation, excluded_from(a, g.owner_id, r.on_behalf_of_id), '-infinity', NULL)) END AS missing
     FROM taken t JOIN workspace w ON w.id = t.workspace_id LEFT JOIN planned_action a ON a.id = t.action_id LEFT JOIN agent g ON g.id = a.agent_id LEFT JOIN run r ON r.id = a.run_id
     ORDER BY t.id`,
    [limit, seconds],
  );
  return rows;
}

/** Done, unless more was asked of it since it was taken: a digest. */
export async function markDelivered(
  db: Database,
  noticeId: string,
  payload: Record<string, unknown>,
): Promise<void> {
  await db.pool.query(
    'UPDATE outbox SET delivered_at = clock_timestamp(), last_error = NULL WHERE id = $1 AND payload = $2::jsonb',
    [noticeId, JSON.stringify(payload)],
  );
}

/** Puts a delivery back for as long as its service asks; that was no failure. */
export async function putOff(db: Database, noticeId: string, why: string, seconds: number): Promise<void> {
  await db.pool.query(
    `UPDATE outbox SET attempts = greatest(0, attempts - 1), last_error = $2,
       next_attempt_at = clock_timestamp() + make_interval(secs => $3) WHERE id = $1`,
    [noticeId, why.slice(0, 2_000), seconds],
  );
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
