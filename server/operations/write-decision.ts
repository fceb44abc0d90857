import { HOLDPOINT, type Notice } from '@/server/domain/audit-event';
import { confirmFact } from '@/server/domain/confirm-fact';
import type { DecidableAction, DecisionInput, DecisionResult } from '@/server/domain/decide';
import type { InForce } from '@/server/domain/in-force';
import type { ReviewerScope } from '@/server/domain/scopes';
import { spends } from '@/server/domain/stand-to-mandate';
import { listDecisions, type StoredAction } from '@/server/store/actions';
import { append } from '@/server/store/audit';
import type { Tx } from '@/server/store/database';
import { letExposureTakeEffect, spendMandate } from '@/server/store/exposure';
import type { Prisma } from '@/server/store/generated/client';
import { newId } from '@/server/store/new-id';
import { enqueue, wake } from '@/server/store/outbox';
import { isPolicyInForce } from '@/server/store/policies-in-force';
import { listFittingApprovers } from '@/server/store/voters';
import { RELEASE_SECONDS } from './judge-action';
import type { PresenceProof } from './prove-presence';
import { BUILT_IN_POLICY, isJudgedBy } from './reevaluate-action';

/** Whose answer it is: on the page of the action, or by a grant they gave. */
export type Voter = Pick<ReviewerScope, 'personId' | 'name'>;
type Deciding = Omit<DecisionInput, 'note'> & {
  note?: string | null | undefined;
  confirm?: string | undefined;
  via?: 'slack';
  lookedMs?: number | undefined;
  grantId?: string;
  proof?: PresenceProof;
};

/** What the decision of somebody (`deciding`) looks at, under the action's row lock. */
export async function decidable(tx: Tx, action: StoredAction, deciding: string): Promise<DecidableAction> {
  const decisions = await listDecisions(tx, action.id, action.round);
  const excluded = [
    { personId: action.ownerId, why: `You own ${action.agentName}.` },
    { personId: action.plannedOwnerId, why: `You owned ${action.agentName} when it planned this.` },
  ];
  if (action.onBehalfOfId) {
    excluded.push({ personId: action.onBehalfOfId, why: 'The agent runs this on your behalf.' });
  }
  for (const personId of action.excludedIds) {
    excluded.push({ personId, why: 'You wrote part of what this is about.' });
  }
  return {
    status: action.status,
    digest: action.digest,
    footprintDigest: action.footprintDigest,
    expiresAt: action.expiresAt,
    needed: action.needed,
    // Those whose vote still fits: what is asked may have become stricter since.
    approvers: await listFittingApprovers(tx, action, action.obligation, deciding),
    deciders: decisions.map((d) => d.personId),
    reviewerGroups: action.obligation?.reviewers ?? [],
    roles: action.obligation?.roles ?? null,
    excluded,
  };
}

/** Writes one person's answer and what follows from it. */
export async function saveDecision(
  tx: Tx,
  reviewer: Voter,
  action: StoredAction,
  input: Deciding,
  result: DecisionResult,
): Promise<void> {
  const note = input.note ? input.note : null;
  const over = result.event !== null;
  await tx.decision.create({
    data: {
      id: newId('decision'),
      workspaceId: action.workspaceId,
      actionId: action.id,
      personId: reviewer.personId,
      round: action.round,
      digest: input.digest,
      footprintDigest: input.footprintDigest,
      decision: input.decision,
      note,
      grantId: input.grantId ?? null,
      lookedMs: input.lookedMs ?? null,
      ...(input.proof === undefined ? {} : { presence: input.proof as Prisma.InputJsonValue }),
    },
  });
  const expiresAt =
    result.status === 'released' ? new Date(action.now.getTime() + RELEASE_SECONDS * 1_000) : null;
  await tx.plannedAction.update({
    where: { id: action.id },
    data: {
      approvals: result.approvals,
      ...(over
        ? {
            status: result.status,
            revision: { increment: 1 },
            decidedAt: action.now,
            expiresAt,
            finishedAt: result.status === 'released' ? null : action.now,
            note,
          }
        : {}),
    },
  });
  if (expiresAt) await writeRelease(tx, action, 'quorum', expiresAt);
}

/** Writes the single-use permit of a held action, with what becomes known by it and what it takes of its run's mandate. */
export async function writeRelease(
  tx: Tx,
  action: StoredAction,
  basis: 'quorum' | 'break_glass',
  expiresAt: Date,
): Promise<string> {
  const id = newId('release');
  const { workspaceId, id: actionId, digest, footprintDigest } = action;
  await tx.release.create({ data: { id, workspaceId, actionId, digest, footprintDigest, basis, expiresAt } });
  await letExposureTakeEffect(tx, workspaceId, actionId);
  if (action.footprint?.mandate && action.blastRadius)
    await spendMandate(tx, action, spends(action.blastRadius));
  return id;
}

/** Says what was decided: in the log, to whom it concerns, to whoever waits. */
export async function recordDecision(
  tx: Tx,
  reviewer: Voter,
  action: StoredAction,
  input: Deciding,
  result: DecisionResult & { inPlaceOf: string[] },
): Promise<void> {
  const actor = { kind: 'person' as const, id: reviewer.personId, name: reviewer.name };
  const stamp = {
    workspaceId: action.workspaceId,
    actionId: action.id,
    digest: action.digest,
    footprintDigest: action.footprintDigest,
  };
  const decided = {
    ...stamp,
    kind: 'action.decided' as const,
    actor,
    data: {
      decision: input.decision,
      note: input.note ?? null,
      approvals: result.approvals,
      needed: action.needed,
      ...(input.via === undefined ? {} : { via: input.via }),
      ...(input.grantId === undefined ? {} : { grantId: input.grantId }),
      ...(input.proof === undefined ? {} : { passkey: input.proof.passkeyId }),
      ...(result.inPlaceOf.length === 0 ? {} : { inPlaceOf: result.inPlaceOf }),
      ...(confirmFact(action.blastRadius, action.toolName) === null
        ? {}
        : { confirmed: input.confirm !== undefined }),
    },
  };
  const kinds = {
    released: 'action.released',
    rejected: 'action.rejected',
    sent_back: 'action.sent_back',
  } as const;
  const kind = kinds[result.status as keyof typeof kinds];
  const over = result.event !== null && kind !== undefined;
  await append(
    tx,
    decided,
    ...(over ? [{ ...stamp, kind, actor, data: { approvals: result.approvals } }] : []),
  );
  const notice: Notice = {
    workspaceId: action.workspaceId,
    topic: 'action.decided',
    actionId: action.id,
    payload: { status: result.status },
  };
  if (action.isDrill && result.event !== null) await endDrill(tx, action, result.status);
  await enqueue(tx, ...(result.event === null ? [] : [notice]));
  await wake(tx, action.workspaceId, { actionId: action.id, status: result.status });
}

/** Tells the log what it was. */
async function endDrill(tx: Tx, action: StoredAction, status: string): Promise<void> {
  const { workspaceId, id: actionId } = action;
  const outcome = status === 'cancelled' ? 'missed' : 'caught';
  await append(tx, {
    workspaceId,
    kind: 'drill.ended',
    actor: HOLDPOINT,
    actionId,
    data: { actionId, outcome },
  });
}

/** Whether a held action stands under the version in force. Under the shared halt lock that stays so until the decision commits. */
export async function standsUnder(tx: Tx, action: StoredAction, inForce: InForce): Promise<boolean> {
  if (action.status !== 'held' || action.policy === BUILT_IN_POLICY) return true;
  return isJudgedBy(action, inForce) && (await isPolicyInForce(tx, action.workspaceId, inForce.policy));
}
