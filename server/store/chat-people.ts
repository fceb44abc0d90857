import type { Database } from './database';
import type { LiveSession } from './sessions';

export type ChatPerson = Omit<LiveSession, 'sessionId' | 'expiresAt' | 'isDue'>;

/** The person of a workspace with this address, who may sign in; null when there is none. */
export async function findChatPerson(
  db: Database,
  workspace: string,
  email: string,
): Promise<ChatPerson | null> {
  const { rows } = await db.pool.query<ChatPerson>(
    `SELECT p.workspace_id AS "workspaceId", p.id AS "personId", p.name, p.email, p.roles, p.clearances
     FROM person p JOIN workspace w ON w.id = p.workspace_id
     WHERE w.name = $1 AND lower(p.email) = lower($2) AND p.disabled_at IS NULL AND p.roles <> '{}'`,
    [workspace, email],
  );
  // Two workspaces of one name, or two people of one address: nobody is picked.
  return rows.length === 1 ? (rows[0] ?? null) : null;
}
