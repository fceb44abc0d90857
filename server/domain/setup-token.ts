import { createHash } from 'node:crypto';

/** A setup link's token: 256 random bits, base64url. */
export const SETUP_TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** What is stored of a token. SHA-256 is enough for 256 random bits. */
export function hashSetupToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
