import { createHash } from 'node:crypto';

/** What somebody says with their passkey: this decision on exactly this. */
export type PresenceSubject = {
  nonce: string;
  personId: string;
  actionId: string;
  digest: string;
  footprintDigest: string;
  decision: string;
};

/**
 * The challenge a passkey signs for a decision: a hash over everything the decision binds, so that a signature given for one action, footprint,
 * answer or person is worth nothing for another, and can be checked against the log for as long as that is kept.
 */
export function presenceChallenge(of: PresenceSubject): Buffer {
  const { nonce, personId, actionId, digest, footprintDigest, decision } = of;
  const parts = ['holdpoint.presence.1', nonce, personId, actionId, digest, footprintDigest, decision];
  return createHash('sha256').update(JSON.stringify(parts)).digest();
}

/** The challenge that an answer of a passkey carries, base64url; null for what is no such answer. Not proven by anything yet. */
export function challengeOf(response: unknown): string | null {
  try {
    const { clientDataJSON } = (response as { response: { clientDataJSON: string } }).response;
    const said = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString('utf8')) as {
      challenge: unknown;
    };
    return typeof said.challenge === 'string' ? said.challenge : null;
  } catch {
    return null;
  }
}

/** A passkey as it is kept. */
export type KeptPasskey = { id: string; publicKey: Uint8Array; counter: number; transports: string[] };
