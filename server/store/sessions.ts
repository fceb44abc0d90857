import type { Database, Tx } from './database';

/** A session is good for this long after it was last used … */
export const IDLE_SECONDS = 12 * 3600;
/** … and ends this long after signing in, used or not. */
export const LONGEST_SECONDS = 7 * 24 * 3600;

/** One live session with the person as they are now. */
export type LiveSession = {
  sessionId: string;
  workspaceId: string;
  personId: string;
  name: string;
  email: string;
  roles: string[];
  clearances: string[];
  /** When it ends unless used again. */
  expiresAt: Date;
  /** Whether using it now is worth writing down: at most once an hour. */
  isDue: boolean;
};

const LIVE = `
  SELECT s.id AS "sessionId", s.workspace_id AS "workspaceId", p.id AS "personId", p.name, p.email, p.roles, p.clearances,
    s.expires_at AS "expiresAt",
    s.expires_at < least(now() + make_interval(secs => ${IDLE_SECONDS} - 3600), s.created_at + make_interval(secs => ${LONGEST_SECONDS}))
      AS "isDue"
  FROM session s JOIN person p ON p.id = s.person_id AND p.workspace_id = s.workspace_id
  WHERE s.id = $1 AND s.revoked_at IS NULL AND s.expires_at > now() AND p.disabled_at IS NULL AND cardinality(p.roles) > 0`;

/** The session if it may be used right now (not ended, not expired, its person not disabled and with a role), else null. One query. */
export async function findLiveSession(db: Database, sessionId: string): Promise<LiveSession | null> {
  const found = await db.pool.query<LiveSession>({ name: 'live_session', text: LIVE, values: [sessionId] });
  return found.rows[0] ?? null;
}

/** Moves the end of a session that is being used, never beyond its longest life and never back to life. */
export async function prolongSession(db: Database, sessionId: string): Promise<void> {
  await db.pool.query(
    `UPDATE session SET expires_at = greatest(expires_at, least(now() + make_interval(secs => $2), created_at + make_interval(secs => $3)))
     WHERE id = $1 AND revoked_at IS NULL AND expires_at > now()`,
    [sessionId, IDLE_SECONDS, LONGEST_SECONDS],
  );
}

export async function insertSession(
  tx: Tx,
  session: {
    id: string;
    workspaceId: string;
    personId: string;
    expiresAt: Date;
    userAgent: string | null;
    address: string | null;
  },
): Promise<void> {
  await tx.session.create({ data: session });
}

/** Ends sessions that have not ended yet, of one person (all, or all but one) or the one named, and answers which. */
export async function endSessions(
  tx: Tx,
  where: { workspaceId: string; personId: string; sessionId?: string; exceptSessionId?: string },
): Promise<string[]> {
  const ended = await tx.$queryRaw<{ id: string }[]>`
    UPDATE session SET revoked_at = now()
    WHERE workspace_id = ${where.workspaceId} AND person_id = ${where.personId} AND revoked_at IS NULL
      AND (${where.sessionId ?? null}::text IS NULL OR id = ${where.sessionId ?? null})
      AND id IS DISTINCT FROM ${where.exceptSessionId ?? null}::text
    RETURNING id`;
  return ended.map((row) => row.id);
}
