import { hashLinkToken, LINK_TOKEN } from '@/server/domain/link-token';
import { passwordProblem } from '@/server/domain/password-rules';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import { CLASSIFICATIONS } from '@/server/domain/vocabulary';
import { append } from '@/server/store/audit';
import { inTransaction, type Tx } from '@/server/store/database';
import { newId } from '@/server/store/new-id';
import { wake } from '@/server/store/outbox';
import { endSessions } from '@/server/store/sessions';
import {
  consumeSetupLink,
  findSetupLink,
  lockInstallation,
  type SetupLinkRow,
} from '@/server/store/setup-links';
import { deadLink } from './find-setup-link';
import type { SignInDeps } from './sign-in-deps';

export type SetupInput = {
  token: string;
  password: string;
  /** Asked of the first owner only; people who were invited are known. */
  owner?: { workspace: string; name: string; email: string } | undefined;
};
/** Whose password it was: what they sign in with. */
type PasswordSet = { email: string };

/** Thrown inside the transaction when the link was used up by somebody else meanwhile: everything is rolled back. */
class LinkTaken extends Error {}

/**
 * Sets the password a setup link was made for, once: of two uses at the same instant one wins, in SQL. The first owner's link also creates
 * the workspace. A new password ends every session the person had.
 */
export async function acceptSetupLink(deps: SignInDeps, input: SetupInput): Promise<Outcome<PasswordSet>> {
  if (!LINK_TOKEN.test(input.token)) return deadLink(null);
  const link = await findSetupLink(deps.db, hashLinkToken(input.token));
  if (link === null || link.usedAt !== null || link.expiresAt <= deps.clock.now()) return deadLink(link);
  const problem = passwordProblem(input.password, [input.owner?.email ?? '', input.owner?.name ?? '']);
  if (problem !== null) return refuse('input_invalid', problem.message, { problems: [problem] });
  if (link.purpose === 'owner' && input.owner === undefined) {
    return refuse('input_invalid', 'Say what the workspace and you are called, and your e-mail address.', {
      problems: [{ pointer: '/owner', message: 'Needed for the first owner.' }],
    });
  }
  // Before the transaction: hashing is slow on purpose, and a row lock must not wait for it.
  const passwordHash = await deps.passwords.hash(input.password);
  try {
    return await inTransaction(deps.db, (tx) =>
      link.purpose === 'owner' && input.owner !== undefined
        ? createOwner(tx, link, input.owner, passwordHash)
        : setPassword(tx, link, passwordHash),
    );
  } catch (error) {
    if (error instanceof LinkTaken) return deadLink(await findSetupLink(deps.db, link.tokenHash));
    throw error;
  }
}

async function consume(tx: Tx, link: SetupLinkRow): Promise<void> {
  if (!(await consumeSetupLink(tx, link.tokenHash))) throw new LinkTaken();
}

async function createOwner(
  tx: Tx,
  link: SetupLinkRow,
  owner: { workspace: string; name: string; email: string },
  passwordHash: string,
): Promise<Outcome<PasswordSet>> {
  await lockInstallation(tx);
  await consume(tx, link);
  if ((await tx.workspace.count()) > 0) throw new LinkTaken();
  const workspaceId = newId('workspace');
  const personId = newId('person');
  const email = owner.email.trim().toLowerCase();
  const name = owner.name.trim();
  await tx.workspace.create({ data: { id: workspaceId, name: owner.workspace.trim() } });
  await tx.person.create({
    data: {
      id: personId,
      workspaceId,
      email,
      name,
      passwordHash,
      roles: ['owner', 'security_lead', 'reviewer'],
      clearances: CLASSIFICATIONS.filter((word) => word !== 'credential' && word !== 'unclassified'),
    },
  });
  await append(tx, {
    workspaceId,
    kind: 'owner.created',
    actor: { kind: 'person', id: personId, name },
    data: { personId, email },
  });
  return accept({ email });
}

async function setPassword(tx: Tx, link: SetupLinkRow, passwordHash: string): Promise<Outcome<PasswordSet>> {
  await consume(tx, link);
  const person = link.personId === null ? null : await tx.person.findUnique({ where: { id: link.personId } });
  if (person === null || person.disabledAt !== null) throw new LinkTaken();
  await tx.person.update({ where: { id: person.id }, data: { passwordHash } });
  const ended = await endSessions(tx, { workspaceId: person.workspaceId, personId: person.id });
  await append(tx, {
    workspaceId: person.workspaceId,
    kind: 'person.updated',
    actor: { kind: 'person', id: person.id, name: person.name },
    data: { personId: person.id, passwordSet: true, endedSessions: ended.length },
  });
  await wake(tx, person.workspaceId, { config: true });
  return accept({ email: person.email });
}
