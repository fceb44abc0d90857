import { createHash, randomBytes } from 'node:crypto';

/** The secret part of a link that is sent to somebody: 256 random bits, base64url. */
export const LINK_TOKEN = /^[A-Za-z0-9_-]{43}$/;

export const newLinkToken = (): string => randomBytes(32).toString('base64url');

/** What is stored of a token. SHA-256 is enough for 256 random bits. */
export function hashLinkToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
