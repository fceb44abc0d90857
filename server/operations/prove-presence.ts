import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { challengeOf, presenceChallenge } from '@/server/domain/presence';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import { storable } from '@/server/domain/storable-text';
import { DECISIONS } from '@/server/domain/vocabulary';
import type { StoredAction } from '@/server/store/actions';
import type { Tx } from '@/server/store/database';
import {
  listPasskeys,
  lockPasskey,
  saveChallenge,
  takeChallenge,
  usedPasskey,
} from '@/server/store/passkeys';
import type { Deps } from './deps';
import { ANSWER_MS } from './passkeys';

export const askPresenceInput = z.strictObject({
  actionId: storable(z.string().min(1).max(100)),
  digest: z.string().min(1).max(200),
  footprintDigest: z.string().min(1).max(200),
  decision: z.enum(DECISIONS),
});

const REGISTER = 'Register a passkey on your account page first.';

/** Asks somebody's passkey for one decision on exactly what they looked at. The answer goes along with the decision, within five minutes. */
export async function askPresence(
  deps: Pick<Deps, 'db' | 'clock' | 'presence'>,
  person: ReviewerScope,
  input: z.infer<typeof askPresenceInput>,
): Promise<Outcome<{ options: unknown }>> {
  const known = await listPasskeys(deps.db, person);
  if (known.length === 0)
    return refuse('passkey_unknown', `Each approval of this needs a passkey, and you have none. ${REGISTER}`);
  const nonce = randomBytes(16).toString('base64url');
  const { personId } = person;
  const challenge = presenceChallenge({ nonce, personId, ...input });
  await saveChallenge(deps.db, {
    challenge: challenge.toString('base64url'),
    personId,
    actionId: input.actionId,
    nonce,
    expiresAt: new Date(deps.clock.now().getTime() + ANSWER_MS),
  });
  return accept({ options: await deps.presence.assertionOptions({ known, challenge }) });
}

/** What is kept with a decision: enough to verify it again. */
export type PresenceProof = { passkeyId: string; nonce: string; response: unknown };

/**
 * Whether what came with a decision proves that this person made it, now and about this: a question asked of them, answered once by one of their
 * passkeys, which verified them. Within the decision's own transaction, so that an answer is used up by the decision it is for.
 */
export async function provePresence(
  tx: Tx,
  deps: Pick<Deps, 'presence'>,
  person: Pick<ReviewerScope, 'personId' | 'workspaceId'>,
  action: StoredAction,
  made: { decision: string; response: unknown },
): Promise<Outcome<PresenceProof>> {
  const { personId } = person;
  const { id: actionId, digest } = action;
  const challenge = challengeOf(made.response);
  if (challenge === null) {
    return refuse('presence_required', `Each approval of this needs a passkey. ${REGISTER}`);
  }
  const failed = refuse(
    'presence_failed',
    'The passkey’s answer does not belong to this decision, or is too old. Approve once more.',
  );
  const asked = await takeChallenge(tx, { challenge, personId, actionId });
  if (asked === null) return failed;
  const footprintDigest = action.footprintDigest ?? '';
  const about = { nonce: asked.nonce, personId, actionId, digest, footprintDigest, decision: made.decision };
  if (presenceChallenge(about).toString('base64url') !== challenge) return failed;
  const id = String((made.response as { id?: unknown }).id ?? '');
  const passkey = await lockPasskey(tx, person, id);
  const proven = passkey && (await deps.presence.verifyAssertion(made.response, challenge, passkey));
  if (!proven) return failed;
  await usedPasskey(tx, id, proven.counter, action.now);
  return accept({ passkeyId: id, nonce: asked.nonce, response: made.response });
}
