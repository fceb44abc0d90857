import { createHash } from 'node:crypto';

/** `hps_<tokenId>_<secret>`: the id without its `sct_`, and 256 random bits in hex. */
const TOKEN = /^hps_([0-9a-z]{26})_([0-9a-f]{64})$/;

/** The token as the identity provider keeps it: shown once, stored nowhere. */
export const formatScimToken = (tokenId: string, secret: Uint8Array): string =>
  `hps_${tokenId.replace(/^sct_/, '')}_${Buffer.from(secret).toString('hex')}`;

/** The id to look up and the hash to compare, or null when the text cannot be a token. */
export function parseScimToken(text: string): { tokenId: string; secretHash: Buffer } | null {
  const parts = TOKEN.exec(text);
  if (!parts?.[1] || !parts[2]) return null;
  return { tokenId: `sct_${parts[1]}`, secretHash: hashScimSecret(Buffer.from(parts[2], 'hex')) };
}

/** SHA-256 is enough for 256 random bits. */
export const hashScimSecret = (secret: Uint8Array): Buffer => createHash('sha256').update(secret).digest();
