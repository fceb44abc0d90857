import { randomBytes } from 'node:crypto';
import { formatAgentKey, hashKeySecret, keyPrefix } from '@/server/domain/agent-key';
import type { Tx } from './database';
import { newId } from './new-id';

/** A key as it is shown once: only its hash and its prefix are stored. */
export type NewKey = { keyId: string; key: string; prefix: string; expiresAt: Date | null };

/** Makes a key of 256 random bits for an agent. */
export async function insertKey(
  tx: Tx,
  of: { workspaceId: string; agentId: string; label: string; expiresAt: Date | null },
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
