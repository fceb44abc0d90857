import { randomBytes } from 'node:crypto';
import { formatAgentKey, hashKeySecret, keyPrefix } from '@/server/domain/agent-key';
import type { Tx } from './database';
import { newId } from './new-id';

/** A key as it is shown once: only its hash and its prefix are stored. */
export type NewKey = { keyId: string; key: string; prefix: string; expiresAt: Date | null };

/** Makes a key of 256 random bits for an agent. */
export async function insertKey(
  tx: Tx,
  of: { workspaceId: string; agentId: string; label: string; createdAt: Date; expiresAt: Date | null },
): Promise<NewKey> {
  const keyId = newId('key');
  const secret = randomBytes(32);
  const key = formatAgentKey(keyId, secret);
  const prefix = keyPrefix(key);
  await tx.agentKey.create({
    data: { id: keyId, ...of, prefix, secretHash: new Uint8Array(hashKeySecret(secret)) },
  });
  return { keyId, key, prefix, expiresAt: of.expiresAt };
}

export type LockedAgent = { id: string; name: string; suspendedAt: Date | null };

/** The agent by id, held until the end of the transaction; null when this workspace has none. */
export async function lockAgent(tx: Tx, workspaceId: string, agentId: string): Promise<LockedAgent | null> {
  const rows = await tx.$queryRaw<LockedAgent[]>`
    SELECT id, name, suspended_at AS "suspendedAt" FROM agent
    WHERE id = ${agentId} AND workspace_id = ${workspaceId} FOR NO KEY UPDATE`;
  return rows[0] ?? null;
}

export async function setSuspended(tx: Tx, agentId: string, at: Date | null): Promise<void> {
  await tx.agent.update({ where: { id: agentId }, data: { suspendedAt: at } });
}

export async function countLiveKeys(tx: Tx, agentId: string, now: Date): Promise<number> {
  return tx.agentKey.count({
    where: { agentId, revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] },
  });
}

export type LockedKey = {
  id: string;
  agentId: string;
  agentName: string;
  prefix: string;
  label: string;
  createdAt: Date;
  expiresAt: Date | null;
  revokedAt: Date | null;
};

/** The key by id, held until the end of the transaction; null when this workspace has none. */
export async function lockKey(tx: Tx, workspaceId: string, keyId: string): Promise<LockedKey | null> {
  const rows = await tx.$queryRaw<LockedKey[]>`
    SELECT k.id, k.agent_id AS "agentId", a.name AS "agentName", k.prefix, k.label, k.created_at AS "createdAt",
      k.expires_at AS "expiresAt", k.revoked_at AS "revokedAt"
    FROM agent_key k JOIN agent a ON a.id = k.agent_id
    WHERE k.id = ${keyId} AND k.workspace_id = ${workspaceId} FOR NO KEY UPDATE OF k`;
  return rows[0] ?? null;
}

export async function expireKey(tx: Tx, keyId: string, at: Date): Promise<void> {
  await tx.agentKey.update({ where: { id: keyId }, data: { expiresAt: at } });
}

export async function revokeKeyAt(tx: Tx, keyId: string, at: Date): Promise<void> {
  await tx.agentKey.update({ where: { id: keyId }, data: { revokedAt: at } });
}
