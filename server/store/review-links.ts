import type { Database } from './database';

export type ReviewLinkRow = {
  actionId: string;
  personId: string | null;
  /** Whom it was made for, as they are called now. */
  intended: string | null;
  isPast: boolean;
  status: string;
};

/** Keeps a link until the hold it is about ends, or for a day where that has no end; forgets those long past. */
export async function insertReviewLink(
  db: Database,
  link: {
    codeHash: string;
    workspaceId: string;
    actionId: string;
    personId: string | null;
    expiresAt: Date | null;
  },
): Promise<void> {
  await db.pool.query(
    `WITH past AS (DELETE FROM review_link WHERE expires_at < now() - interval '90 days')
     INSERT INTO review_link (code_hash, workspace_id, action_id, person_id, expires_at)
     VALUES ($1, $2, $3, $4, coalesce($5, now() + interval '1 day'))`,
    [link.codeHash, link.workspaceId, link.actionId, link.personId, link.expiresAt],
  );
}

/** What a link of this workspace leads to; reading changes nothing. */
export async function findReviewLink(
  db: Database,
  workspaceId: string,
  codeHash: string,
): Promise<ReviewLinkRow | null> {
  const { rows } = await db.pool.query<ReviewLinkRow>(
    `SELECT l.action_id AS "actionId", l.person_id AS "personId", p.name AS intended, l.expires_at <= now() AS "isPast", a.status
     FROM review_link l JOIN planned_action a ON a.id = l.action_id LEFT JOIN person p ON p.id = l.person_id
     WHERE l.code_hash = $2 AND l.workspace_id = $1`,
    [workspaceId, codeHash],
  );
  return rows[0] ?? null;
}
