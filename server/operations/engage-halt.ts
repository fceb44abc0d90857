import { z } from 'zod';
import type { Actor } from '@/server/domain/audit-event';
import { toHaltView } from '@/server/domain/halt-view';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import { storable } from '@/server/domain/storable-text';
import type { HaltView } from '@/server/domain/views';
import { HALT_SCOPES, type HaltScope } from '@/server/domain/vocabulary';
import { takeHaltLock } from '@/server/store/actions';
import { append } from '@/server/store/audit';
import { inTransaction, type Tx } from '@/server/store/database';
import { findHaltSubject, revokeUnclaimed } from '@/server/store/halts';
import { newId } from '@/server/store/new-id';
import { enqueue, wake } from '@/server/store/outbox';
import type { Deps } from './deps';

export const engageHaltInput = z.strictObject({
  scope: z.enum(HALT_SCOPES),
  /** What to halt; not needed for the workspace. */
  id: storable(z.string().max(100)).optional(),
  reason: storable(z.string().trim().min(1, 'say why, in a few words').max(2_000)),
});
export type EngageHaltInput = z.infer<typeof engageHaltInput>;

/** A person of the workspace, whoever operates the machine it runs on, or Holdpoint itself by a rule of the workspace. */
export type Halting = Pick<ReviewerScope, 'workspaceId' | 'name'> & { personId: string | null };

export const actorOf = ({ personId, name }: Halting): Actor => ({
  kind: personId === null ? 'holdpoint' : 'person',
  id: personId,
  name,
});

type Subject = { id: string; name: string };

async function save(tx: Tx, person: Halting, scope: HaltScope, subject: Subject, reason: string) {
  const halt = await tx.halt.create({
    data: {
      id: newId('halt'),
      workspaceId: person.workspaceId,
      scope,
      subjectId: subject.id,
      subjectName: subject.name,
      reason,
      engagedById: person.personId ?? '',
      engagedBy: person.name,
    },
  });
  const actor = actorOf(person);
  const revoked = await revokeUnclaimed(
    tx,
    { workspaceId: person.workspaceId, runId: null, because: reason, haltId: halt.id },
    actor,
  );
  await append(tx, {
    workspaceId: person.workspaceId,
    kind: 'halt.engaged',
    actor,
    data: { haltId: halt.id, scope, subject: subject.name, reason, revoked },
  });
  await enqueue(tx, {
    workspaceId: person.workspaceId,
    topic: 'halt.engaged',
    payload: { haltId: halt.id, scope, subject: subject.name, by: person.name },
  });
  await wake(tx, person.workspaceId, { status: 'halted' });
  return { halt, revoked };
}

/**
 * Stops everything in scope. When this returns, no claim succeeds and no approval releases any more: it waited for those under way, and they
 * wait for it (P5). Releases not yet claimed are revoked in the same transaction. Engaging what is already halted answers the halt in force.
 */
export async function engageHalt(
  deps: Deps,
  person: Halting,
  input: EngageHaltInput,
): Promise<Outcome<HaltView>> {
  return inTransaction<Outcome<HaltView>>(deps.db, async (tx) => {
    await takeHaltLock(tx, person.workspaceId);
    const subject = await findHaltSubject(tx, person.workspaceId, input.scope, input.id ?? null);
    if (!subject) {
      return refuse(
        'halt_unknown',
        `There is no ${input.scope} "${input.id ?? ''}" to halt. Use its id or exact name.`,
      );
    }
    const inForce = await tx.halt.findFirst({
      where: { workspaceId: person.workspaceId, scope: input.scope, subjectId: subject.id, liftedAt: null },
    });
    if (inForce) return accept(toHaltView(inForce));
    const { halt, revoked } = await save(tx, person, input.scope, subject, input.reason);
    return accept({ ...toHaltView(halt), revoked });
  });
}
