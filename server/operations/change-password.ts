import { z } from 'zod';
import { HOLDPOINT } from '@/server/domain/audit-event';
import { passwordProblem } from '@/server/domain/password-rules';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import { append } from '@/server/store/audit';
import { inTransaction } from '@/server/store/database';
import { wake } from '@/server/store/outbox';
import { endSessions } from '@/server/store/sessions';
import { withdrawSetupLinks } from '@/server/store/setup-links';
import type { SignInDeps } from './sign-in-deps';
import { tooMany } from './start-session';

export const changePasswordInput = z.strictObject({
  current: z.string().max(1000),
  password: z.string().max(1000),
});

const wrong = (pointer: '/current' | '/password', message: string) =>
  refuse('input_invalid', message, { problems: [{ pointer, message }] });

/**
 * Sets the password of whoever asks, who has to know the old one: an open tab is not enough. Guessing is limited as at sign-in. Every other
 * session and every unused link to set a password end with the commit; of two changes at once one wins.
 */
export async function changePassword(
  deps: SignInDeps,
  person: ReviewerScope,
  input: z.infer<typeof changePasswordInput>,
): Promise<Outcome<{ endedSessions: number }>> {
  const { personId, workspaceId, email } = person;
  // Counted for the account as sign-ins are, and for the person in place of an address: a stolen session guesses from anywhere.
  const attempt = { email, address: personId };
  const limited = await deps.signInLimits.admit(attempt);
  if (limited !== null) return tooMany(deps, limited.waitSeconds);
  const { passwordHash } = await deps.db.prisma.person.findUniqueOrThrow({ where: { id: personId } });
  if (passwordHash === null) {
    return refuse(
      'conflict',
      'You have no password here: you sign in with your identity provider. Change it there.',
    );
  }
  if (!(await deps.passwords.verify(passwordHash, input.current))) {
    await inTransaction(deps.db, (tx) =>
      append(tx, {
        workspaceId,
        kind: 'sign_in.refused',
        actor: HOLDPOINT,
        data: { reason: 'wrong_current_password', personId },
      }),
    );
    return wrong('/current', 'This is not your current password. Check it and try again.');
  }
  await deps.signInLimits.forgive(attempt);
  const problem = passwordProblem(input.password, [email, person.name]);
  if (problem !== null) return refuse('input_invalid', problem.message, { problems: [problem] });
  if (input.password === input.current) {
    return wrong('/password', 'This is the password you have. Choose another one.');
  }
  return replace(deps, person, passwordHash, await deps.passwords.hash(input.password));
}

function replace(
  deps: SignInDeps,
  person: ReviewerScope,
  before: string,
  after: string,
): Promise<Outcome<{ endedSessions: number }>> {
  const { personId, workspaceId, sessionId } = person;
  return inTransaction<Outcome<{ endedSessions: number }>>(deps.db, async (tx) => {
    const { count } = await tx.person.updateMany({
      where: { id: personId, workspaceId, passwordHash: before },
      data: { passwordHash: after },
    });
    if (count === 0) {
      return refuse(
        'conflict',
        'Your password was changed elsewhere a moment ago. Sign in again with the new one.',
      );
    }
    const ended = await endSessions(tx, { workspaceId, personId, exceptSessionId: sessionId });
    await withdrawSetupLinks(tx, { personId });
    await append(tx, {
      workspaceId,
      kind: 'person.updated',
      actor: { kind: 'person', id: personId, name: person.name },
      data: { name: person.email, detail: 'password changed', endedSessions: ended.length },
    });
    await wake(tx, workspaceId, { config: true });
    return accept({ endedSessions: ended.length });
  });
}
