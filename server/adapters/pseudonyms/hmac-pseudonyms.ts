import { createHmac, hkdfSync } from 'node:crypto';
import type { Pseudonyms } from '@/server/domain/ports';
import { SUBJECT_BYTES } from '@/server/domain/subject-index';

const INFO = 'holdpoint/pseudonyms/v1';
const WORKSPACES_MAX = 1_000;

/**
 * Data subjects as HMAC-SHA-256 under a key of their workspace, cut to 64 bits: whoever reads the database cannot try out identities without the
 * secret, and two workspaces share nothing. Two of ten million people share a hash with a probability of three in a million.
 */
export function createPseudonyms(secret: Uint8Array): Pseudonyms {
  if (secret.length < 32) throw new Error('Pseudonyms need a secret of at least 32 bytes.');
  const keys = new Map<string, Buffer>();
  const keyOf = (workspaceId: string): Buffer => {
    const known = keys.get(workspaceId);
    if (known !== undefined) return known;
    if (keys.size >= WORKSPACES_MAX) keys.clear();
    const key = Buffer.from(hkdfSync('sha256', secret, workspaceId, INFO, 32));
    keys.set(workspaceId, key);
    return key;
  };
  return {
    pack(workspaceId, subjects) {
      const key = keyOf(workspaceId);
      const hashes = new Set(
        [...subjects].map((s) =>
          createHmac('sha256', key).update(s, 'utf8').digest().toString('latin1', 0, SUBJECT_BYTES),
        ),
      );
      return Buffer.from([...hashes].sort().join(''), 'latin1');
    },
  };
}
