import { z } from 'zod';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import { storable } from '@/server/domain/storable-text';
import type { BrokenGlassView } from '@/server/domain/views';
import { isHalted, lockAction, type StoredAction, shareHaltLock } from '@/server/store/actions';
import { append } from '@/server/store/audit';
import { inTransaction, type Tx } from '@/server/store/database';
import { isToolConfirmed } from '@/server/store/definitions';
import type { BreakGlass } from '@/server/store/generated/client';
import { newId } from '@/server/store/new-id';
import { enqueue, wake } from '@/server/store/outbox';
import { listApprovers } from '@/server/store/policy-desk';
import { isAdministrator, personActor } from './administrators';
import type { Deps } from './deps';
import { RELEASE_SECONDS } from './judge-action';
import { isPublication } from './publish-policy';
import { reevaluateAction } from './reevaluate-action';
import { decidable, recordDecision, saveDecision, standsUnder, writeRelease } from './write-decision';

const words = storable(z.string().trim().min(10, 'say what happened, in a sentence').max(4_000));
export const breakGlassInput = z.strictObject({
  actionId: storable(z.string().min(1).max(100)),
  digest: z.string().min(1).max(200),
  footprintDigest: z.string().min(1).max(200),
  reason: words,
});
export const closeReviewInput = z.strictObject({
  reviewId: storable(z.string().min(1).max(100)),
  finding: z.enum(['justified', 'not_justified']),
  note: words,
});
type Input = z.infer<typeof breakGlassInput>;

/** Why this cannot be released even so; null when it can. What beats everything beats this as well. */
async function refusalFor(tx: Tx, owner: ReviewerScope, action: StoredAction, input: Input) {
  if (action.status !== 'held' || (action.expiresAt !== null && action.expiresAt <= action.now)) {
    return refuse('not_held', 'It no longer waits for a decision.');
  }
  if (input.digest !== action.digest || input.footprintDigest !== action.footprintDigest) {
    return refuse(
      'digest_conflict',
      'What you looked at is no longer what would run. Reload and look again.',
    );
  }
  const { excluded, deciders } = await decidable(tx, action, owner.personId);
  const barred = excluded.find((e) => e.personId === owner.personId);
  if (barred) return refuse('excluded_from_voting', `${barred.why} Another owner has to do this.`);
  if (deciders.includes(owner.personId) && (await hasRefused(tx, action, owner))) {
    return refuse('already_decided', 'You have refused it already.');
  }
  if (isPublication(action)) {
    return refuse(
      'not_entitled',
      'Policy is changed by two people, also in an emergency. Halt what has to stop.',
    );
  }
  if (await isHalted(tx, action))
    return refuse('halted', 'A halt is in force, and beats this as well. It is lifted first.');
  if (await isToolConfirmed(tx, action.toolId)) return null;
  return refuse(
    'definition_unconfirmed',
    `The definition of ${action.toolName} has changed and nobody has confirmed it.`,
  );
}

async function hasRefused(tx: Tx, action: StoredAction, owner: ReviewerScope): Promise<boolean> {
  const { id: actionId, round } = action;
  const found = await tx.decision.findFirst({
    where: { actionId, round, personId: owner.personId, decision: { not: 'approve' } },
  });
  return found !== null;
}

async function release(tx: Tx, owner: ReviewerScope, action: StoredAction, reason: string): Promise<void> {
  const { workspaceId, id: actionId, digest, footprintDigest } = action;
  const expiresAt = new Date(action.now.getTime() + RELEASE_SECONDS * 1_000);
  await tx.plannedAction.update({
    where: { id: actionId },
    data: { status: 'released', revision: { increment: 1 }, decidedAt: action.now, expiresAt },
  });
  const releaseId = await writeRelease(tx, action, 'break_glass', expiresAt);
  await tx.breakGlass.create({
    data: {
      id: newId('breakGlass'),
      workspaceId,
      actionId,
      releaseId,
      personId: owner.personId,
      personName: owner.name,
      digest,
      footprintDigest,
      reason,
    },
  });
  const stamp = { workspaceId, actionId, digest, footprintDigest, actor: personActor(owner) };
  await append(
    tx,
    { ...stamp, kind: 'glass.broken', data: { reason, needed: action.needed, releaseId } },
    { ...stamp, kind: 'action.released', data: { basis: 'break_glass' } },
  );
  await enqueue(
    tx,
    { workspaceId, topic: 'glass.broken', actionId, payload: { by: owner.name } },
    { workspaceId, topic: 'action.decided', actionId, payload: { status: 'released' } },
  );
  await wake(tx, workspaceId, { actionId, status: 'released' });
}

/** Whoever would have released a drill alone has answered it: it is over, and they are told. Asking is no way to find out before deciding. */
async function breakDrill(tx: Tx, owner: ReviewerScope, action: StoredAction): Promise<void> {
  const { id: actionId, round, digest } = action;
  const voted = await tx.decision.findFirst({ where: { actionId, round, personId: owner.personId } });
  const answer = { decision: 'approve' as const, digest, footprintDigest: action.footprintDigest ?? '' };
  const approvals = voted === null ? 1 : 0;
  const over = { event: 'cancel' as const, status: 'cancelled' as const, approvals };
  if (voted === null) await saveDecision(tx, owner, action, answer, over);
  else {
    await tx.plannedAction.update({
      where: { id: actionId },
      data: { status: 'cancelled', revision: { increment: 1 }, finishedAt: action.now },
    });
  }
  await recordDecision(tx, owner, action, answer, { ...over, inPlaceOf: [] });
}

/**
 * An owner releases a held action alone, in an emergency. Everybody else who decides hears of it at once, and it stays open as a review until
 * another owner or security lead has closed it. What policy denies, a halt stops, or concerns policy itself is not released by this either.
 */
export async function breakGlass(
  deps: Deps,
  owner: ReviewerScope,
  input: Input,
): Promise<Outcome<{ actionId: string }>> {
  const { workspaceId } = owner;
  for (let tries = 0; tries < 5; tries += 1) {
    const inForce = await deps.policies.get(workspaceId);
    const outcome = await inTransaction<Outcome<{ execution: string }> | null>(deps.db, async (tx) => {
      await shareHaltLock(tx, workspaceId);
      const action = await lockAction(tx, workspaceId, input.actionId);
      if (!action) return refuse('action_unknown', 'There is no such planned action in your workspace.');
      if (!(await standsUnder(tx, action, inForce))) return null;
      const refused = await refusalFor(tx, owner, action, input);
      if (refused) return refused;
      if (action.isDrill) {
        await breakDrill(tx, owner, action);
        return accept({ execution: 'none' });
      }
      await release(tx, owner, action, input.reason);
      return accept({ execution: action.execution });
    });
    if (outcome === null) {
      await reevaluateAction(deps, workspaceId, input.actionId);
      continue;
    }
    if (!outcome.ok) return outcome;
    if (outcome.value.execution === 'broker') deps.backlog.execute(input.actionId);
    return accept({ actionId: input.actionId });
  }
  return refuse('unavailable', 'Policy is being changed right now. Try again in a few seconds.');
}

const toView = (row: BreakGlass): BrokenGlassView => ({
  reviewId: row.id,
  actionId: row.actionId,
  by: { id: row.personId, name: row.personName },
  reason: row.reason,
  at: row.at.toISOString(),
  closed:
    row.closedAt === null
      ? null
      : {
          at: row.closedAt.toISOString(),
          by: row.closedBy ?? '',
          finding: row.finding === 'justified' ? 'justified' : 'not_justified',
          note: row.closingNote ?? '',
        },
});

/** Reviews of broken glass: those still open first, then the latest, at most 100; or those of one action. */
export async function listBrokenGlass(
  deps: Deps,
  person: ReviewerScope,
  input: { actionId?: string | undefined },
): Promise<Outcome<BrokenGlassView[]>> {
  const rows = await deps.db.prisma.breakGlass.findMany({
    where: {
      workspaceId: person.workspaceId,
      ...(input.actionId === undefined ? {} : { actionId: input.actionId }),
    },
    orderBy: [{ closedAt: { sort: 'desc', nulls: 'first' } }, { at: 'desc' }],
    take: 100,
  });
  return accept(rows.map(toView));
}

/** Closes the review of a broken glass: by another owner or security lead than who broke it, as long as there is one. */
export async function closeReview(
  deps: Deps,
  person: ReviewerScope,
  input: z.infer<typeof closeReviewInput>,
): Promise<Outcome<BrokenGlassView>> {
  if (!isAdministrator(person)) {
    return refuse('forbidden', 'Only an owner or a security lead closes such a review.');
  }
  const { workspaceId } = person;
  return inTransaction<Outcome<BrokenGlassView>>(deps.db, async (tx) => {
    await tx.$queryRaw`SELECT FROM break_glass WHERE id = ${input.reviewId} AND workspace_id = ${workspaceId} FOR UPDATE`;
    const row = await tx.breakGlass.findFirst({ where: { id: input.reviewId, workspaceId } });
    if (row === null) return refuse('review_unknown', 'There is no such review in your workspace.');
    if (row.closedAt !== null) return accept(toView(row));
    const others = await listApprovers(tx, workspaceId, [row.personId]);
    if (row.personId === person.personId && others.length > 0) {
      return refuse(
        'excluded_from_voting',
        `You broke the glass yourself. ${others.slice(0, 5).join(', ')} can close the review.`,
      );
    }
    const closed = await tx.breakGlass.update({
      where: { id: row.id },
      data: {
        closedAt: deps.clock.now(),
        closedById: person.personId,
        closedBy: person.name,
        finding: input.finding,
        closingNote: input.note,
      },
    });
    await append(tx, {
      workspaceId,
      actionId: row.actionId,
      kind: 'glass.reviewed',
      actor: personActor(person),
      data: { reviewId: row.id, finding: input.finding, note: input.note },
    });
    await wake(tx, workspaceId, { actionId: row.actionId, status: 'reviewed' });
    return accept(toView(closed));
  });
}
