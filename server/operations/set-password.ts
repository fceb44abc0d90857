import { passwordProblem } from '@/server/domain/password-rules';
import type { Passwords } from '@/server/domain/ports';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import { append } from '@/server/store/audit';
import { inTransaction } from '@/server/store/database';
import { endSessions } from '@/server/store/sessions';
import type { OperatorScope } from './apply-document';
import type { Deps } from './deps';

/**
 * Sets somebody's password from where Holdpoint runs: for seeds and for operators who locked everybody out. Ends their sessions. People
 * choose their own through a setup link instead.
 */
export async function setPassword(
  deps: Pick<Deps, 'db'> & { passwords: Passwords },
  operator: OperatorScope,
  input: { email: string; password: string },
): Promise<Outcome<{ personId: string }>> {
  const problem = passwordProblem(input.password, [input.email]);
  if (problem !== null) return refuse('input_invalid', problem.message, { problems: [problem] });
  const passwordHash = await deps.passwords.hash(input.password);
  const email = input.email.trim().toLowerCase();
  const { workspaceId } = operator;
  return inTransaction(deps.db, async (tx) => {
    const person = await tx.person.findFirst({ where: { workspaceId, email } });
    if (person === null) {
      return refuse('person_unknown', `Nobody in this workspace has the address ${email}.`);
    }
    await tx.person.update({ where: { id: person.id }, data: { passwordHash } });
    await endSessions(tx, { workspaceId, personId: person.id });
    await append(tx, {
      workspaceId,
      kind: 'person.updated',
      actor: { kind: 'holdpoint', id: null, name: operator.name },
      data: { name: email, detail: 'password set' },
    });
    return accept({ personId: person.id });
  });
}
