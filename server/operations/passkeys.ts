import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { challengeOf } from '@/server/domain/presence';
import { accept, type Outcome, type Refusal, refuse } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import { storable } from '@/server/domain/storable-text';
import type { PasskeyView } from '@/server/domain/views';
import { append } from '@/server/store/audit';
import { inTransaction } from '@/server/store/database';
import { listPasskeys, saveChallenge, takeChallenge } from '@/server/store/passkeys';
import { personActor } from './administrators';
import type { Deps } from './deps';
import type { SignInDeps } from './sign-in-deps';
import { tooMany } from './start-session';

export const ANSWER_MS = 5 * 60_000;
const MOST = 10;

const password = z.string().max(1000).optional();
export const beginPasskeyInput = z.strictObject({ password });
export const addPasskeyInput = z.strictObject({
  name: storable(z.string().trim().min(1, 'give it a name').max(100)),
  response: z.record(z.string(), z.unknown()),
});
export const removePasskeyInput = z.strictObject({
  passkeyId: storable(z.string().min(1).max(1_000)),
  password,
});

type Needs = SignInDeps & Pick<Deps, 'presence'>;

/** A session somebody walked away from must not gain a passkey, nor lose one: who has a password says it again. */
async function refuseWrongPassword(
  deps: Needs,
  person: ReviewerScope,
  given: string | undefined,
): Promise<Refusal | null> {
  const { personId, email } = person;
  const { passwordHash } = await deps.db.prisma.person.findUniqueOrThrow({ where: { id: personId } });
  if (passwordHash === null) return null;
  const attempt = { email, address: personId };
  const limited = await deps.signInLimits.admit(attempt);
  if (limited !== null) return tooMany(deps, limited.waitSeconds);
  if (await deps.passwords.verify(passwordHash, given ?? '')) {
    await deps.signInLimits.forgive(attempt);
    return null;
  }
  const message = 'This is not your password. Check it and try again.';
  return refuse('input_invalid', message, { problems: [{ pointer: '/password', message }] });
}

/** One's own passkeys, oldest first. */
export async function listOwnPasskeys(deps: Pick<Deps, 'db'>, person: ReviewerScope): Promise<PasskeyView[]> {
  const rows = await listPasskeys(deps.db, person);
  return rows.map((row) => ({
    passkeyId: row.id,
    name: row.name,
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  }));
}

/** Asks the browser for a new passkey; what it answers goes to `addPasskey` within five minutes. */
export async function beginPasskey(
  deps: Needs,
  person: ReviewerScope,
  input: z.infer<typeof beginPasskeyInput>,
): Promise<Outcome<{ options: unknown }>> {
  const refused = await refuseWrongPassword(deps, person, input.password);
  if (refused) return refused;
  const known = await listPasskeys(deps.db, person);
  if (known.length >= MOST) return refuse('conflict', `You have ${MOST} passkeys. Remove one first.`);
  const challenge = randomBytes(32);
  await saveChallenge(deps.db, {
    challenge: challenge.toString('base64url'),
    personId: person.personId,
    actionId: null,
    nonce: '',
    expiresAt: new Date(deps.clock.now().getTime() + ANSWER_MS),
  });
  const { email, name } = person;
  return accept({ options: await deps.presence.registrationOptions({ email, name, known, challenge }) });
}

/** Keeps a passkey that the browser made in answer to `beginPasskey`. */
export async function addPasskey(
  deps: Needs,
  person: ReviewerScope,
  input: z.infer<typeof addPasskeyInput>,
): Promise<Outcome<PasskeyView>> {
  const { personId, workspaceId } = person;
  const failed = refuse('presence_failed', 'The passkey could not be verified. Begin again.');
  const challenge = challengeOf(input.response);
  if (challenge === null) return failed;
  return inTransaction<Outcome<PasskeyView>>(deps.db, async (tx) => {
    if ((await takeChallenge(tx, { challenge, personId, actionId: null })) === null) return failed;
    const made = await deps.presence.verifyRegistration(input.response, challenge);
    if (made === null) return failed;
    if ((await tx.passkey.findUnique({ where: { id: made.id } })) !== null) {
      return refuse('conflict', 'This passkey is registered already.');
    }
    const row = await tx.passkey.create({
      data: {
        id: made.id,
        workspaceId,
        personId,
        name: input.name,
        publicKey: new Uint8Array(made.publicKey),
        counter: made.counter,
        transports: made.transports,
      },
    });
    await append(tx, {
      workspaceId,
      kind: 'passkey.created',
      actor: personActor(person),
      data: { personId, name: input.name },
    });
    return accept({
      passkeyId: row.id,
      name: row.name,
      createdAt: row.createdAt.toISOString(),
      lastUsedAt: null,
    });
  });
}

/** Removes one of one's own passkeys: lost, or replaced. Who lost the last one registers another with their password. */
export async function removePasskey(
  deps: Needs,
  person: ReviewerScope,
  input: z.infer<typeof removePasskeyInput>,
): Promise<Outcome<{ passkeyId: string }>> {
  const refused = await refuseWrongPassword(deps, person, input.password);
  if (refused) return refused;
  const { personId, workspaceId } = person;
  const { passkeyId } = input;
  return inTransaction<Outcome<{ passkeyId: string }>>(deps.db, async (tx) => {
    const row = await tx.passkey.findFirst({ where: { id: passkeyId, personId, workspaceId } });
    if (row === null) return refuse('passkey_unknown', 'You have no such passkey.');
    await tx.passkey.delete({ where: { id: passkeyId } });
    await append(tx, {
      workspaceId,
      kind: 'passkey.removed',
      actor: personActor(person),
      data: { personId, name: row.name },
    });
    return accept({ passkeyId });
  });
}
