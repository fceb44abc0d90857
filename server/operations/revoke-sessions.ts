import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import { append } from '@/server/store/audit';
import { inTransaction } from '@/server/store/database';
import { wake } from '@/server/store/outbox';
import { endSessions } from '@/server/store/sessions';
import type { Deps } from './deps';

/**
 * Ends sessions at once: one's own, one of them, all, or all but the one that asks; or all of somebody else in the workspace, which only owners and security leads
 * may do, and only an owner to an owner.
 */
export async function revokeSessions(
  deps: Pick<Deps, 'db'>,
  reviewer: ReviewerScope,
  input: { personId?: string | undefined; sessionId?: string | undefined; others?: boolean | undefined },
): Promise<Outcome<{ ended: number }>> {
  const personId = input.personId ?? reviewer.personId;
  return inTransaction(deps.db, async (tx) => {
    const person = await tx.person.findFirst({ where: { id: personId, workspaceId: reviewer.workspaceId } });
    if (person === null) return refuse('person_unknown', 'There is no such person in this workspace.');
    if (personId !== reviewer.personId && !mayEndSessionsOf(reviewer, person.roles)) {
      return refuse(
        'forbidden',
        'Only an owner or a security lead can end the sessions of others, and only an owner those of an owner.',
      );
    }
    const { sessionId } = input;
    const ended = await endSessions(tx, {
      workspaceId: reviewer.workspaceId,
      personId,
      ...(sessionId === undefined ? {} : { sessionId }),
      ...(input.others ? { exceptSessionId: reviewer.sessionId } : {}),
    });
    await append(
      tx,
      ...ended.map((id) => ({
        workspaceId: reviewer.workspaceId,
        kind: 'session.ended' as const,
        actor: { kind: 'person' as const, id: reviewer.personId, name: reviewer.name },
        data: { sessionId: id, personId, reason: 'revoked' },
      })),
    );
    if (ended.length > 0) await wake(tx, reviewer.workspaceId, { config: true });
    return accept({ ended: ended.length });
  });
}

function mayEndSessionsOf(reviewer: ReviewerScope, roles: readonly string[]): boolean {
  if (reviewer.roles.includes('owner')) return true;
  return reviewer.roles.includes('security_lead') && !roles.includes('owner');
}
