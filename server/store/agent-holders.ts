import type { Database } from './database';

/** A key with everything an agent's scope is made of. */
export type AgentHolder = {
  keyId: string;
  secretHash: Buffer;
  expiresAt: Date | null;
  revokedAt: Date | null;
  agentId: string;
  agentName: string;
  suspendedAt: Date | null;
  ownerId: string;
  clearances: string[];
  workspaceId: string;
  workspaceName: string;
};

const HOLDER = `
  SELECT k.id AS "keyId", k.secret_hash AS "secretHash", k.expires_at AS "expiresAt", k.revoked_at AS "revokedAt", a.id AS "agentId",
    a.name AS "agentName", a.suspended_at AS "suspendedAt", a.owner_id AS "ownerId", a.clearances, w.id AS "workspaceId",
    w.name AS "workspaceName"
  FROM agent_key k
  JOIN agent a ON a.id = k.agent_id AND a.workspace_id = k.workspace_id
  JOIN workspace w ON w.id = a.workspace_id
  WHERE k.id = $1`;

/** Who holds a key, whatever its state; null when there is no such key. */
export async function findAgentHolder(db: Database, keyId: string): Promise<AgentHolder | null> {
  const found = await db.pool.query<AgentHolder>({ name: 'agent_holder', text: HOLDER, values: [keyId] });
  return found.rows[0] ?? null;
}

/** Writes when keys were last used, all in one statement; an older time never replaces a newer one. */
export async function touchKeys(db: Database, keys: readonly { keyId: string; at: Date }[]): Promise<void> {
  await db.pool.query(
    `UPDATE agent_key k SET last_used_at = greatest(k.last_used_at, u.at)
     FROM unnest($1::text[], $2::timestamptz[]) AS u(id, at) WHERE k.id = u.id`,
    [keys.map((k) => k.keyId), keys.map((k) => k.at)],
  );
}
