import { z } from 'zod';
import type { Notice } from '@/server/domain/audit-event';
import { confirmFact, confirms } from '@/server/domain/confirm-fact';
import { type DecidableAction, type DecisionResult, decide, inWhosePlace } from '@/server/domain/decide';
import type { InForce } from '@/server/domain/in-force';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import { storable } from '@/server/domain/storable-text';
import { DECISIONS } from '@/server/domain/vocabulary';
import {
  groupsOf,
  isHalted,
  listDecisions,
  lockAction,
  type StoredAction,
  shareHaltLock,
} from '@/server/store/actions';
import { append } from '@/server/store/audit';
import { inTransaction, type Tx } from '@/server/store/database';
import { isToolConfirmed } from '@/server/store/definitions';
import { letExposureTakeEffect } from '@/server/store/exposure';
import { newId } from '@/server/store/new-id';
import { enqueue, wake } from '@/server/store/outbox';
import { isPolicyInForce } from '@/server/store/policies-in-force';
import { listFittingApprovers, listLentGroups } from '@/server/store/voters';
import type { Deps } from './deps';
import { RELEASE_SECONDS } from './judge-action';
import { BUILT_IN_POLICY, isJudgedBy, reevaluateAction } from './reevaluate-action';

export const decideInput = z.strictObject({
  actionId: storable(z.string().min(1).max(100)),
  digest: z.string().min(1).max(200),
  footprintDigest: z.string().min(1).max(200),
  decision: z.enum(DECISIONS),
  /** Told to the agent when it rejects, sends back or completes the quorum. */
  note: storable(z.string().trim().max(4_000)).optional(),
  /** The fact a critical hold asks for, as typed. Never a permission: a wrong one is refused, an approval without it is logged as such. */
  confirm: z.string().max(500).optional(),
  presence: z.unknown().optional(),
});
export type DecideInput = z.infer<typeof decideInput>;
/** What is decided, and where when that was not the browser: never for a caller to say. */
export type Deciding = DecideInput & { via?: 'slack' };
export type Decided = { actionId: string; status: string; releasedToBroker: boolean };

async function decidable(tx: Tx, action: StoredAction): Promise<DecidableAction> {
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
    approvers: await listFittingApprovers(tx, action, action.obligation),
    deciders: decisions.map((d) => d.personId),
    reviewerGroups: action.obligation?.reviewers ?? [],
    roles: action.obligation?.roles ?? null,
    excluded,
  };
}

async function save(
  tx: Tx,
  reviewer: ReviewerScope,
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
  if (expiresAt) {
    await tx.release.create({
      data: {
        id: newId('release'),
        workspaceId: action.workspaceId,
        actionId: action.id,
        digest: action.digest,
        footprintDigest: action.footprintDigest,
        basis: 'quorum',
        expiresAt,
      },
    });
    await letExposureTakeEffect(tx, action.workspaceId, action.id);
  }
}

async function record(
  tx: Tx,
  reviewer: ReviewerScope,
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
  await enqueue(tx, ...(over ? [notice] : []));
  await wake(tx, action.workspaceId, { actionId: action.id, status: result.status });
}

/** Whether a held action stands under the version in force. Under the shared halt lock that stays so until the decision commits. */
async function standsUnder(tx: Tx, action: StoredAction, inForce: InForce): Promise<boolean> {
  if (action.status !== 'held' || action.policy === BUILT_IN_POLICY) return true;
  return isJudgedBy(action, inForce) && (await isPolicyInForce(tx, action.workspaceId, inForce.policy));
}

/** One attempt; null when policy changed and the action has to be judged again first. */
async function tryToDecide(
  deps: Deps,
  reviewer: ReviewerScope,
  input: Deciding,
): Promise<Outcome<Decided> | null> {
  const inForce = await deps.policies.get(reviewer.workspaceId);
  return inTransaction<Outcome<Decided> | null>(deps.db, async (tx) => {
    if (input.decision === 'approve') await shareHaltLock(tx, reviewer.workspaceId);
    const action = await lockAction(tx, reviewer.workspaceId, input.actionId);
    if (!action) return refuse('action_unknown', 'There is no such planned action in your workspace.');
    if (!(await standsUnder(tx, action, inForce))) return null;
    const decider = {
      personId: reviewer.personId,
      roles: reviewer.roles,
      groups: await groupsOf(tx, reviewer.workspaceId, reviewer.personId),
      lent: await listLentGroups(tx, reviewer.workspaceId, reviewer.personId),
    };
    const open = await decidable(tx, action);
    const result = decide(open, decider, { ...input, note: input.note ?? null }, action.now);
    if (!result.ok) return result;
    const fact = confirmFact(action.blastRadius, action.toolName);
    if (fact && input.confirm !== undefined && !confirms(input.confirm, fact)) {
      return refuse(
        'confirm_mismatch',
        `${fact.question} What you typed is not what the page says. Look again.`,
      );
    }
    if (input.decision === 'approve' && (await isHalted(tx, action))) {
      return refuse(
        'halted',
        'A halt is in force: nothing can be approved until it is lifted. Rejecting still works.',
      );
    }
    if (input.decision === 'approve' && !(await isToolConfirmed(tx, action.toolId))) {
      return refuse(
        'definition_unconfirmed',
        `The definition of ${action.toolName} has changed, and nobody has confirmed it: an owner or a security lead does that on the page of the tool. Rejecting still works.`,
      );
    }
    await save(tx, reviewer, action, input, result.value);
    await record(tx, reviewer, action, input, {
      ...result.value,
      inPlaceOf: inWhosePlace(open, decider) ?? [],
    });
    const status = result.value.status;
    return accept({
      actionId: action.id,
      status,
      releasedToBroker: status === 'released' && action.execution === 'broker',
    });
  });
}

const TRIES = 5;

/**
 * Applies one reviewer's answer. The row is locked before anything is looked at, so two answers at the same instant are taken one after the
 * other; an approval also holds off halts and publishing until it commits, so that none releases once a halt has returned, or under a policy
 * that is no longer in force (P1, P5, P6).
 */
export async function decideAction(
  deps: Deps,
  reviewer: ReviewerScope,
  input: Deciding,
): Promise<Outcome<Decided>> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const outcome = await tryToDecide(deps, reviewer, input);
    if (outcome?.ok && outcome.value.releasedToBroker) deps.backlog.execute(input.actionId);
    if (outcome !== null) return outcome;
    await reevaluateAction(deps, reviewer.workspaceId, input.actionId);
  }
  return refuse('unavailable', 'Policy is being changed right now. Decide again in a few seconds.');
}
