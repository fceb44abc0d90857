import type { DeliveryView } from '@/server/domain/views';
import type { Database, Tx } from './database';

const SHOWN = 200;

/** What left Holdpoint lately, or could not: the given up first, then what waits, then the rest, each newest first. */
export async function listDeliveryRows(db: Database, workspaceId: string): Promise<DeliveryView[]> {
  const { rows } = await db.pool.query(
    `SELECT o.id::text AS "deliveryId", o.channel, coalesce(p.name, CASE o.channel WHEN 'push' THEN 'a browser that was removed' ELSE o.recipient END) AS recipient, o.topic, o.action_id AS "actionId", a.sentence,
       CASE WHEN o.failed_at IS NOT NULL THEN 'failed' WHEN o.delivered_at IS NOT NULL THEN 'delivered' ELSE 'waiting' END AS state,
       o.attempts, o.last_error AS error, o.created_at AS "createdAt",
       CASE WHEN o.delivered_at IS NULL AND o.failed_at IS NULL THEN o.next_attempt_at END AS "nextAttemptAt"
     FROM outbox o LEFT JOIN push_device v ON o.channel = 'push' AND v.id = o.recipient LEFT JOIN person p ON p.id = CASE o.channel WHEN 'mail' THEN o.recipient ELSE v.person_id END LEFT JOIN planned_action a ON a.id = o.action_id
     WHERE o.workspace_id = $1 AND o.channel IS NOT NULL
     ORDER BY (o.failed_at IS NULL), (o.delivered_at IS NOT NULL), o.id DESC LIMIT ${SHOWN}`,
    [workspaceId],
  );
  return rows.map((row) => ({
    ...row,
    createdAt: row.createdAt.toISOString(),
    nextAttemptAt: row.nextAttemptAt?.toISOString() ?? null,
  }));
}

/**
 * Sends a delivery again that was given up, with all its attempts, or one to a webhook that arrived; null when it is none of this workspace, or neither.
 */
export async function reviveDelivery(
  tx: Tx,
  workspaceId: string,
  deliveryId: string,
): Promise<{ channel: string; recipient: string; actionId: string | null } | null> {
  const rows = await tx.$queryRaw<{ channel: string; recipient: string; actionId: string | null }[]>`
    UPDATE outbox SET failed_at = NULL, delivered_at = NULL, attempts = 0, next_attempt_at = clock_timestamp()
    WHERE workspace_id = ${workspaceId} AND id::text = ${deliveryId} AND channel IS NOT NULL
      AND (failed_at IS NOT NULL OR (channel = 'webhook' AND delivered_at IS NOT NULL))
      -- One that waits says all that an older one of the same person would.
      AND NOT (topic = 'digest' AND EXISTS (SELECT FROM outbox w WHERE w.topic = 'digest' AND w.recipient = outbox.recipient
        AND w.delivered_at IS NULL AND w.failed_at IS NULL))
    RETURNING channel, recipient, action_id AS "actionId"`;
  return rows[0] ?? null;
}
