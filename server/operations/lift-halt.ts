import { z } from 'zod';
import { toHaltView } from '@/server/domain/halt-view';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import { storable } from '@/server/domain/storable-text';
import type { HaltView } from '@/server/domain/views';
import { HALT_SCOPES } from '@/server/domain/vocabulary';
import { takeHaltLock } from '@/server/store/actions';
import { append } from '@/server/store/audit';
import { inTransaction, type Tx } from '@/server/store/database';
import { findHaltSubject } from '@/server/store/halts';
import { enqueue, wake } from '@/server/store/outbox';
import type { Deps } from './deps';

export const liftHaltInput = z
  .strictObject({
    /** Either the halt itself … */
    haltId: storable(z.string().min(1).max(100)).optional(),
    /** … or what it stops, as it was engaged. */
    scope: z.enum(HALT_SCOPES).optional(),
    /** What was halted; not needed for the workspace. */
    id: storable(z.string().max(100)).optional(),
    reason: storable(z.string().trim().min(1, 'say why, in a few words').max(2_000)),
  })
  .refine(({ haltId, scope }) => (haltId === undefined) !== (scope === undefined), {
    path: ['scope'],
    message: 'name the halt by its haltId, or by the scope (and id) it stops',
  });
export type LiftHaltInput = z.infer<typeof liftHaltInput>;

/** The halt that is meant; of what it stops the one in force, else the latest. */
async function findMeant(tx: Tx, workspaceId: string, input: LiftHaltInput) {
  const { haltId, scope, id } = input;
  if (haltId !== undefined) return tx.halt.findFirst({ where: { id: haltId, workspaceId } });
  const subject = scope === undefined ? null : await findHaltSubject(tx, workspaceId, scope, id ?? null);
  if (subject === null || scope === undefined) return null;
  return tx.halt.findFirst({
    where: { workspaceId, scope, subjectId: subject.id },
    orderBy: [{ liftedAt: { sort: 'desc', nulls: 'first' } }, { engagedAt: 'desc' }],
  });
}

/** Lets actions go forward again from the moment this returns. What the halt revoked stays revoked. Lifting twice answers the lifted halt. */
export async function liftHalt(
  deps: Deps,
  person: ReviewerScope,
  input: LiftHaltInput,
): Promise<Outcome<HaltView>> {
  return inTransaction<Outcome<HaltView>>(deps.db, async (tx) => {
    await takeHaltLock(tx, person.workspaceId);
    const halt = await findMeant(tx, person.workspaceId, input);
    if (!halt) return refuse('halt_unknown', 'There is no such halt in your workspace.');
    if (halt.liftedAt) return accept(toHaltView(halt));
    const lifted = await tx.halt.update({
      where: { id: halt.id },
      data: {
        liftedAt: deps.clock.now(),
        liftedById: person.personId,
        liftedBy: person.name,
        liftReason: input.reason,
      },
    });
    const { workspaceId } = person;
    const data = { haltId: halt.id, scope: halt.scope, subject: halt.subjectName, reason: input.reason };
    await append(tx, {
      workspaceId,
      kind: 'halt.lifted',
      actor: { kind: 'person', id: person.personId, name: person.name },
      data,
    });
    await enqueue(tx, { workspaceId, topic: 'halt.lifted', payload: { ...data, by: person.name } });
    await wake(tx, workspaceId, { status: 'halt_lifted' });
    return accept(toHaltView(lifted));
  });
}

/** Halts of the workspace: those in force first, then the latest lifted ones, at most 100. */
export async function listHalts(deps: Deps, person: ReviewerScope): Promise<Outcome<HaltView[]>> {
  const halts = await deps.db.prisma.halt.findMany({
    where: { workspaceId: person.workspaceId },
    orderBy: [{ liftedAt: { sort: 'desc', nulls: 'first' } }, { engagedAt: 'desc' }],
    take: 100,
  });
  return accept(halts.map(toHaltView));
}
