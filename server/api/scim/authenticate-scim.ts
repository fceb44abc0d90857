import { timingSafeEqual } from 'node:crypto';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { mintScimScope } from '@/server/api/auth/mint-scopes';
import { ScimFault } from '@/server/domain/scim-shapes';
import { parseScimToken } from '@/server/domain/scim-token';
import type { ScimScope } from '@/server/domain/scopes';
import type { Deps } from '@/server/operations/deps';
import { identifyScim, noteScimUse, type ScimHolder } from '@/server/operations/identify-scim';

/** Wrong tokens one address may send per minute before it has to wait. */
const WRONG_TOKENS = { points: 20, duration: 60 };
const CONTACT_EVERY_MS = 30_000;

/** The same for a token that never existed and a secret that does not fit. */
const WRONG = new ScimFault(
  401,
  null,
  'This SCIM token is not valid. Create one on the Directory page and paste it whole.',
);
const MISSING = new ScimFault(401, null, 'This needs a SCIM token: "Authorization: Bearer hps_…".');

export type AuthenticateScim = (authorization: string | undefined, address: string) => Promise<ScimScope>;

function judge(holder: ScimHolder, now: Date): ScimFault | null {
  if (holder.revokedAt !== null)
    return new ScimFault(401, null, 'This SCIM token was revoked. Create another one on the Directory page.');
  if (holder.expiresAt <= now) {
    return new ScimFault(
      401,
      null,
      `This SCIM token expired at ${holder.expiresAt.toISOString()}. Create another one on the Directory page.`,
    );
  }
  return null;
}

/** Proves from the token alone for which workspace an identity provider speaks (P8). Read on every request: a revoked token is refused at once. */
export function createAuthenticateScim(world: Pick<Deps, 'db' | 'clock'>): AuthenticateScim {
  const wrongTokens = new RateLimiterMemory(WRONG_TOKENS);
  const contacts = new Map<string, number>();
  const wrong = async (address: string): Promise<ScimFault> => {
    await wrongTokens.penalty(address);
    return WRONG;
  };
  const noteContact = async (holder: ScimHolder, nowMs: number): Promise<void> => {
    if (nowMs - (contacts.get(holder.tokenId) ?? 0) < CONTACT_EVERY_MS) return;
    if (contacts.size > 1_000) contacts.clear();
    contacts.set(holder.tokenId, nowMs);
    await noteScimUse(world, holder);
  };
  return async (authorization, address) => {
    const text = /^Bearer +(\S+)\s*$/i.exec(authorization ?? '')?.[1];
    if (text === undefined) throw MISSING;
    const counted = await wrongTokens.get(address);
    if (counted !== null && counted.consumedPoints >= WRONG_TOKENS.points) {
      const seconds = Math.max(1, Math.ceil(counted.msBeforeNext / 1_000));
      throw new ScimFault(
        429,
        null,
        `Too many wrong tokens from this address. Try again in ${seconds} seconds.`,
      );
    }
    const token = parseScimToken(text);
    const holder = token === null ? null : await identifyScim(world, token.tokenId);
    if (token === null || holder === null || !timingSafeEqual(holder.secretHash, token.secretHash)) {
      throw await wrong(address);
    }
    const now = world.clock.now();
    const refused = judge(holder, now);
    if (refused !== null) throw refused;
    await noteContact(holder, now.getTime());
    return mintScimScope(holder);
  };
}
