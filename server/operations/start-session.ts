import { HOLDPOINT } from '@/server/domain/audit-event';
import { accept, type Outcome, type Refusal, refuse } from '@/server/domain/refusal';
import { append } from '@/server/store/audit';
import { inTransaction, type Tx } from '@/server/store/database';
import { newId } from '@/server/store/new-id';
import { IDLE_SECONDS, insertSession } from '@/server/store/sessions';
import type { SignInDeps } from './sign-in-deps';

/** Where an attempt comes from, as the server saw it. */
export type SignInOrigin = { address: string; userAgent: string | null };
export type StartedSession = { sessionId: string; personId: string };

type Person = {
  id: string;
  workspaceId: string;
  name: string;
  passwordHash: string | null;
  roles: string[];
  disabledAt: Date | null;
};

const WRONG = 'The e-mail address or the password is wrong. Check both and try again.';

/**
 * Signs a person in with their password. An unknown address, a wrong password and a person without one answer the same, after the same
 * work; too many failures are refused with the time to wait, whatever the password.
 */
export async function startSession(
  deps: SignInDeps,
  input: { email: string; password: string } & SignInOrigin,
): Promise<Outcome<StartedSession>> {
  const email = input.email.trim().toLowerCase();
  const attempt = { email, address: input.address };
  const limited = await deps.signInLimits.admit(attempt);
  const person = await deps.db.prisma.person.findUnique({ where: { email } });
  if (limited !== null) {
    if (limited.first) await noteRefusal(deps, person, input, 'too_many_attempts');
    return tooMany(deps, limited.waitSeconds);
  }
  const matches = await deps.passwords.verify(person?.passwordHash ?? null, input.password);
  if (person === null || !matches) {
    await noteRefusal(deps, person, input, person === null ? 'unknown_account' : 'wrong_password');
    return refuse('unauthenticated', WRONG);
  }
  const barred = barredFrom(person);
  if (barred !== null) {
    await noteRefusal(deps, person, input, barred.reason);
    return barred.refusal;
  }
  const started = await inTransaction(deps.db, (tx) => openSession(tx, deps, person, input, 'password'));
  await deps.signInLimits.forgive(attempt);
  return accept(started);
}

/**
 * Signs in somebody another identity provider vouches for. Only a person who is already in a workspace gets in, and only when the
 * provider says it has verified the address: anybody can write any address into a profile.
 */
export async function startProviderSession(
  deps: SignInDeps,
  input: { provider: string; email: string | null; emailVerified: boolean } & SignInOrigin,
): Promise<Outcome<StartedSession>> {
  const email = input.email?.trim().toLowerCase() ?? '';
  const person = email === '' ? null : await deps.db.prisma.person.findUnique({ where: { email } });
  if (!input.emailVerified) {
    await noteRefusal(deps, person, input, 'email_not_verified');
    return refuse(
      'forbidden',
      'Your identity provider has not verified your e-mail address. Verify it there and try again.',
    );
  }
  if (person === null) {
    await noteRefusal(deps, null, input, 'unknown_account');
    return refuse(
      'person_unknown',
      'Nobody with this e-mail address is in this workspace. Ask an owner to invite you.',
    );
  }
  const barred = barredFrom(person);
  if (barred !== null) {
    await noteRefusal(deps, person, input, barred.reason);
    return barred.refusal;
  }
  return accept(await inTransaction(deps.db, (tx) => openSession(tx, deps, person, input, input.provider)));
}

function barredFrom(person: Person): { reason: string; refusal: Refusal } | null {
  if (person.disabledAt !== null) {
    return {
      reason: 'disabled',
      refusal: refuse('forbidden', 'This account is disabled. Ask an owner of your workspace to enable it.'),
    };
  }
  if (person.roles.length > 0) return null;
  return {
    reason: 'no_role',
    refusal: refuse(
      'not_entitled',
      'You have no role here yet. Ask an owner of your workspace to give you one.',
    ),
  };
}

/** Says how long to wait, and until when. */
export function tooMany(deps: SignInDeps, waitSeconds: number): Refusal {
  const until = new Date(deps.clock.now().getTime() + waitSeconds * 1000).toISOString().slice(11, 16);
  const minutes = Math.ceil(waitSeconds / 60);
  return refuse(
    'rate_limited',
    `Too many attempts. Try again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}, at ${until} UTC.`,
    { retryAfterSeconds: waitSeconds },
  );
}

/** Writes the session of somebody already proven, with its event. */
async function openSession(
  tx: Tx,
  deps: SignInDeps,
  person: Person,
  from: SignInOrigin,
  method: string,
): Promise<StartedSession> {
  const sessionId = newId('session');
  await insertSession(tx, {
    id: sessionId,
    workspaceId: person.workspaceId,
    personId: person.id,
    expiresAt: new Date(deps.clock.now().getTime() + IDLE_SECONDS * 1000),
    userAgent: from.userAgent?.slice(0, 300) ?? null,
    address: from.address,
  });
  await append(tx, {
    workspaceId: person.workspaceId,
    kind: 'session.started',
    actor: { kind: 'person', id: person.id, name: person.name },
    data: { sessionId, method, address: from.address },
  });
  return { sessionId, personId: person.id };
}

/**
 * The actor is Holdpoint: whoever failed is by definition not proven to be that person. What was typed is never kept; people type
 * passwords into the wrong field. An unknown account is noted where there is only one workspace it can have meant.
 */
async function noteRefusal(
  deps: SignInDeps,
  person: { id: string; workspaceId: string } | null,
  from: SignInOrigin,
  reason: string,
): Promise<void> {
  await inTransaction(deps.db, async (tx) => {
    const workspaces = await tx.workspace.findMany({ select: { id: true }, take: 2 });
    const workspaceId = person?.workspaceId ?? (workspaces.length === 1 ? workspaces[0]?.id : undefined);
    if (workspaceId === undefined) return;
    await append(tx, {
      workspaceId,
      kind: 'sign_in.refused',
      actor: HOLDPOINT,
      data: { reason, address: from.address, ...(person === null ? {} : { personId: person.id }) },
    });
  });
}
