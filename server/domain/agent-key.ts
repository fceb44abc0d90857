import { createHash } from 'node:crypto';

/** `hp_<keyId>_<secret>`: the id without its `key_`, and 256 random bits in hex. */
const KEY = /^hp_([0-9a-z]{26})_([0-9a-f]{64})$/;

/** The key as its agent holds it: shown once, stored nowhere. */
export function formatAgentKey(keyId: string, secret: Uint8Array): string {
  return `hp_${keyId.replace(/^key_/, '')}_${Buffer.from(secret).toString('hex')}`;
}

/** The id to look up and the hash to compare, or null when the text cannot be a key. Never says what is wrong with it. */
export function parseAgentKey(text: string): { keyId: string; secretHash: Buffer } | null {
  const parts = KEY.exec(text);
  if (!parts?.[1] || !parts[2]) return null;
  return { keyId: `key_${parts[1]}`, secretHash: hashKeySecret(Buffer.from(parts[2], 'hex')) };
}

/** SHA-256 is enough: the secret is 256 random bits, so guessing it is no easier than guessing the hash. */
export function hashKeySecret(secret: Uint8Array): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** What people see to tell keys apart: the id and the first four characters of the secret. */
export function keyPrefix(key: string): string {
  return key.slice(0, 'hp_'.length + 26 + '_'.length + 4);
}
