import { hashLinkToken, newLinkToken } from '@/server/domain/link-token';
import { accept, type Outcome, type Refusal, refuse } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import type { Classification, Role } from '@/server/domain/vocabulary';
import { append } from '@/server/store/audit';
import { inTransaction, type Tx } from '@/server/store/database';
import { newId } from '@/server/store/new-id';
import { wake } from '@/server/store/outbox';
import { insertSetupLink, withdrawSetupLinks } from '@/server/store/setup-links';
import type { Deps } from './deps';

const INVITE_LINK_SECONDS = 7 * 24 * 3600;
const RESET_LINK_SECONDS = 24 * 3600;

export type InviteInput = {
  email: string;
  /** For somebody new; those already here keep what they have. */
  name?: string | undefined;
  roles?: readonly Role[] | undefined;
  clearances?: readonly Classification[] | undefined;
};
export type Invitation = { personId: string; url: string; expiresAt: string; purpose: 'invite' | 'reset' };
type Guest = { id: string; name: string; roles: string[]; passwordHash: string | null; isNew: boolean };

/**
 * A one-time link by which somebody sets their password: created together with the person when they are new, a reset when they have one.
 * Only owners and security leads; whoever holds such a link becomes that person (see `overreachOf`).
 */
export async function invitePerson(
  deps: Pick<Deps, 'db' | 'url'>,
  reviewer: ReviewerScope,
  input: InviteInput,
): Promise<Outcome<Invitation>> {
  if (!reviewer.roles.some((role) => role === 'owner' || role === 'security_lead')) {
    return refuse('forbidden', 'Only an owner or a security lead can invite people.');
  }
  const email = input.email.trim().toLowerCase();
  const token = newLinkToken();
  return inTransaction(deps.db, async (tx) => {
    const known = await tx.person.findUnique({ where: { email } });
    const refused = refusalFor(reviewer, known, input);
    if (refused !== null) return refused;
    const guest: Guest =
      known === null
        ? { ...(await createPerson(tx, reviewer, email, input)), isNew: true }
        : { ...known, isNew: false };
    await withdrawSetupLinks(tx, { personId: guest.id });
    const purpose = guest.passwordHash === null ? 'invite' : 'reset';
    const expiresAt = await insertSetupLink(tx, {
      tokenHash: hashLinkToken(token),
      purpose,
      workspaceId: reviewer.workspaceId,
      personId: guest.id,
      lifeSeconds: purpose === 'invite' ? INVITE_LINK_SECONDS : RESET_LINK_SECONDS,
    });
    await append(tx, {
      workspaceId: reviewer.workspaceId,
      kind: guest.isNew ? 'person.created' : 'person.updated',
      actor: { kind: 'person', id: reviewer.personId, name: reviewer.name },
      data: {
        personId: guest.id,
        email,
        link: purpose,
        expiresAt: expiresAt.toISOString(),
        roles: guest.roles,
      },
    });
    await wake(tx, reviewer.workspaceId, { config: true });
    return accept({
      personId: guest.id,
      url: `${deps.url}/setup/${token}`,
      expiresAt: expiresAt.toISOString(),
      purpose,
    });
  });
}

function refusalFor(
  reviewer: ReviewerScope,
  known: {
    workspaceId: string;
    roles: string[];
    passwordHash: string | null;
    disabledAt: Date | null;
  } | null,
  input: InviteInput,
): Refusal | null {
  if (known !== null && known.workspaceId !== reviewer.workspaceId) {
    return refuse('conflict', 'This e-mail address cannot be invited here. Use another address of theirs.');
  }
  if (known !== null && known.disabledAt !== null) {
    return refuse('conflict', 'This person is disabled. Enable them first, then invite them.');
  }
  const roles = known?.roles ?? input.roles ?? [];
  const overreach = overreachOf(reviewer, known, roles);
  if (overreach !== null) return overreach;
  if (roles.length === 0) {
    return refuse(
      'input_invalid',
      'Give this person at least one role first: without one they cannot sign in.',
      {
        problems: [{ pointer: '/roles', message: 'At least one role is needed.' }],
      },
    );
  }
  if (known === null && (input.name ?? '').trim() === '') {
    return refuse('input_invalid', 'Say what this person is called.', {
      problems: [{ pointer: '/name', message: 'Needed for somebody new.' }],
    });
  }
  return null;
}

/**
 * Whoever makes a link could open it and vote as somebody else, so a quorum would be worth nothing: a link for anybody who decides or
 * administers takes an owner, unless that person has never signed in and is no administrator.
 */
function overreachOf(
  reviewer: ReviewerScope,
  known: { roles: string[]; passwordHash: string | null } | null,
  roles: readonly string[],
): Refusal | null {
  if (reviewer.roles.includes('owner')) return null;
  if (roles.includes('owner') || roles.includes('security_lead')) {
    return refuse('forbidden', 'Only an owner can invite or reset owners and security leads. Ask an owner.');
  }
  if (known !== null && known.passwordHash !== null && roles.includes('reviewer')) {
    return refuse('forbidden', 'Only an owner can reset the password of somebody who decides. Ask an owner.');
  }
  return null;
}

function createPerson(tx: Tx, reviewer: ReviewerScope, email: string, input: InviteInput) {
  return tx.person.create({
    data: {
      id: newId('person'),
      workspaceId: reviewer.workspaceId,
      email,
      name: (input.name ?? '').trim(),
      roles: [...(input.roles ?? [])],
      clearances: [...(input.clearances ?? [])],
    },
  });
}
