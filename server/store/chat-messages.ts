import type { ChatFacts } from '@/server/domain/chat-card';
import type { Database } from './database';

/** Where an action was told. */
export async function listChatChannels(db: Database, actionId: string): Promise<string[]> {
  const { rows } = await db.pool.query<{ channel: string }>(
    'SELECT channel FROM chat_message WHERE action_id = $1 ORDER BY posted_at, channel',
    [actionId],
  );
  return rows.map(({ channel }) => channel);
}

export async function findChatPlace(db: Database, actionId: string, channel: string): Promise<string | null> {
  const { rows } = await db.pool.query<{ place: string }>(
    'SELECT place FROM chat_message WHERE action_id = $1 AND channel = $2',
    [actionId, channel],
  );
  return rows[0]?.place ?? null;
}

/** The newest message about an action in a channel is the one that is kept up to date. */
export async function keepChatPlace(
  db: Database,
  message: { workspaceId: string; actionId: string; channel: string; place: string },
): Promise<void> {
  await db.pool.query(
    `INSERT INTO chat_message (action_id, channel, workspace_id, place) VALUES ($1, $2, $3, $4)
     ON CONFLICT (action_id, channel) DO UPDATE SET place = excluded.place, posted_at = now()`,
    [message.actionId, message.channel, message.workspaceId, message.place],
  );
}

/** An action as it is now, as far as a chat may tell. */
export async function findChatFacts(
  db: Database,
  workspaceId: string,
  actionId: string,
): Promise<(ChatFacts & { target: string | null; groups: string[] }) | null> {
  const { rows } = await db.pool.query(
    `SELECT a.id AS "actionId", CASE WHEN a.status = 'held' AND a.expires_at <= now() THEN 'expired' ELSE a.status END AS status,
       a.sentence, a.level, g.name AS agent, a.tool_name AS tool, t.name AS target, a.digest, a.footprint_digest AS "footprintDigest",
       a.approvals, a.needed, a.round, a.expires_at AS "expiresAt",
       ARRAY(SELECT jsonb_array_elements_text(coalesce(a.obligation -> 'reviewers', '[]'))) AS groups
     FROM planned_action a JOIN agent g ON g.id = a.agent_id LEFT JOIN target t ON t.id = a.target_id
     WHERE a.workspace_id = $1 AND a.id = $2`,
    [workspaceId, actionId],
  );
  return rows[0] ?? null;
}

/** True for exactly one caller per signature; what is older than a request may be is forgotten. */
export async function consumeChatRequest(db: Database, signatureHash: string): Promise<boolean> {
  const { rowCount } = await db.pool.query(
    `WITH past AS (DELETE FROM chat_request WHERE at < now() - interval '1 hour')
     INSERT INTO chat_request (signature_hash) VALUES ($1) ON CONFLICT DO NOTHING`,
    [signatureHash],
  );
  return rowCount === 1;
}
