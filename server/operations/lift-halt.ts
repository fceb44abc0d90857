import { z } from 'zod';
import { needsSecondPerson, toHaltView } from '@/server/domain/halt-view';
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
import { listApprovers } from '@/server/store/policy-desk';
import type { Deps } from './deps';
import { actorOf, type Halting } from './engage-halt';

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

/**
 * Lets actions go forward again from the moment this returns. What the halt revoked stays revoked. Lifting twice answers the lifted halt. A halt
 * of more than one agent is not lifted by whoever engaged it, as long as somebody else could.
 */
export async function liftHalt(
  deps: Deps,
  person: Halting,
  input: LiftHaltInput,
): Promise<Outcome<HaltView>> {
  return inTransaction<Outcome<HaltView>>(deps.db, async (tx) => {
    await takeHaltLock(tx, person.workspaceId);
    const halt = await findMeant(tx, person.workspaceId, input);
    if (!halt) return refuse('halt_unknown', 'There is no such halt in your workspace.');
    if (halt.liftedAt) return accept(toHaltView(halt));
    const others = await listApprovers(tx, person.workspaceId, [halt.engagedById]);
    if (needsSecondPerson(halt, person.personId, others)) {
      return refuse(
        'halt_lift_refused',
        `You engaged this halt, and it reaches beyond one agent: somebody else has to agree that it is safe again. ${others.slice(0, 5).join(', ')} can lift it.`,
      );
    }
    const lifted = await tx.halt.update({
      where: { id: halt.id },
      data: {
        liftedAt: deps.clock.now(),
        liftedById: person.personId ?? '',
        liftedBy: person.name,
        liftReason: input.reason,
      },
    });
    const { workspaceId } = person;
    const data = { haltId: halt.id, scope: halt.scope, subject: halt.subjectName, reason: input.reason };
    await append(tx, {
      workspaceId,
      kind: 'halt.lifted',
      actor: actorOf(person),
      data,
    });
    await enqueue(tx, { workspaceId, topic: 'halt.lifted', payload: { ...data, by: person.name } });
    await wake(tx, workspaceId, { status: 'halt_lifted' });
    return accept(toHaltView(lifted));
  });
}

/** Halts of the workspace: those in force first, then the latest lifted ones, at most 100. */
export async function listHaltsOf(
  deps: Pick<Deps, 'db'>,
  person: Pick<Halting, 'workspaceId' | 'personId'>,
): Promise<HaltView[]> {
  const { prisma } = deps.db;
  const [halts, others] = await Promise.all([
    prisma.halt.findMany({
      where: { workspaceId: person.workspaceId },
      orderBy: [{ liftedAt: { sort: 'desc', nulls: 'first' } }, { engagedAt: 'desc' }],
      take: 100,
    }),
    listApprovers(prisma, person.workspaceId, person.personId === null ? [] : [person.personId]),
  ]);
  return halts.map((halt) => ({
    ...toHaltView(halt),
    ...(halt.liftedAt === null && needsSecondPerson(halt, person.personId, others)
      ? { liftedOnlyBy: others }
      : {}),
  }));
}

export const listHalts = async (deps: Deps, person: ReviewerScope): Promise<Outcome<HaltView[]>> =>
  accept(await listHaltsOf(deps, person));
