import type { Database, Tx } from './database';

/** A token with everything its scope is made of. */
export type ScimHolder = {
  tokenId: string;
  workspaceId: string;
  label: string;
  secretHash: Buffer;
  expiresAt: Date;
  revokedAt: Date | null;
};

/** Who holds a token, whatever its state; null when there is none. */
export async function findScimHolder(db: Database, tokenId: string): Promise<ScimHolder | null> {
  const found = await db.pool.query<ScimHolder>({
    name: 'scim_holder',
    text: `SELECT id AS "tokenId", workspace_id AS "workspaceId", label, secret_hash AS "secretHash", expires_at AS "expiresAt",
             revoked_at AS "revokedAt" FROM scim_token WHERE id = $1`,
    values: [tokenId],
  });
  return found.rows[0] ?? null;
}

/** Writes down that a token was used, and that the directory was in touch with its source then. */
export async function noteScimContact(
  db: Database,
  of: { tokenId: string; workspaceId: string; label: string; at: Date },
): Promise<void> {
  await db.pool.query(
    `WITH used AS (UPDATE scim_token SET last_used_at = greatest(last_used_at, $4) WHERE id = $1)
     INSERT INTO directory_sync AS s (workspace_id, source, at, by) VALUES ($2, 'scim', $4, $3)
     ON CONFLICT (workspace_id, source) DO UPDATE SET at = greatest(s.at, excluded.at), by = excluded.by`,
    [of.tokenId, of.workspaceId, of.label, of.at],
  );
}

export function listScimTokenRows(db: Database, workspaceId: string) {
  return db.prisma.scimToken.findMany({
    where: { workspaceId },
    orderBy: { id: 'desc' },
    take: 100,
    omit: { secretHash: true },
  });
}

export const countLiveScimTokens = (tx: Tx, workspaceId: string, now: Date): Promise<number> =>
  tx.scimToken.count({ where: { workspaceId, revokedAt: null, expiresAt: { gt: now } } });

/** Ends a token; null when this workspace has none by that id, which was not ended before. */
export async function revokeScimTokenAt(tx: Tx, workspaceId: string, tokenId: string, at: Date) {
  const where = { id: tokenId, workspaceId, revokedAt: null };
  const token = await tx.scimToken.findFirst({ where, omit: { secretHash: true } });
  if (token !== null) await tx.scimToken.update({ where: { id: token.id }, data: { revokedAt: at } });
  return token;
}
