import { z } from 'zod';
import { confirmFact, confirms } from '@/server/domain/confirm-fact';
import { type DecisionResult, decide, inWhosePlace } from '@/server/domain/decide';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import { storable } from '@/server/domain/storable-text';
import { DECISIONS } from '@/server/domain/vocabulary';
import { groupsOf, isHalted, lockAction, type StoredAction, shareHaltLock } from '@/server/store/actions';
import { inTransaction, type Tx } from '@/server/store/database';
import { isToolConfirmed } from '@/server/store/definitions';
import { listLentGroups } from '@/server/store/voters';
import type { Deps } from './deps';
import { type PresenceProof, provePresence } from './prove-presence';
import { reevaluateAction } from './reevaluate-action';
import { decidable, recordDecision, saveDecision, standsUnder } from './write-decision';

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
  /** How long the page was looked at before, in milliseconds, as the browser says: shown to security leads, never a permission. */
  lookedMs: z.number().int().min(0).max(86_400_000).optional(),
});
export type DecideInput = z.infer<typeof decideInput>;
/** What is decided, and where when that was not the browser: never for a caller to say. */
export type Deciding = DecideInput & { via?: 'slack' };
export type Decided = { actionId: string; status: string; releasedToBroker: boolean };

/** What an approval needs beyond a vote: no halt, a definition somebody stands by, and a proof of presence where the hold asks for one. */
async function clearToApprove(
  tx: Tx,
  deps: Deps,
  reviewer: ReviewerScope,
  action: StoredAction,
  input: Deciding,
): Promise<Outcome<{ proof?: PresenceProof }>> {
  if (await isHalted(tx, action)) {
    return refuse(
      'halted',
      'A halt is in force: nothing can be approved until it is lifted. Rejecting still works.',
    );
  }
  if (!(await isToolConfirmed(tx, action.toolId))) {
    return refuse(
      'definition_unconfirmed',
      `The definition of ${action.toolName} has changed, and nobody has confirmed it: an owner or a security lead does that on the page of the tool. Rejecting still works.`,
    );
  }
  if (action.obligation?.presence !== 'passkey') return accept({});
  const made = { decision: input.decision, response: input.presence };
  const proven = await provePresence(tx, deps, reviewer, action, made);
  return proven.ok ? accept({ proof: proven.value }) : proven;
}

/** Approved by as many as it takes, a drill is over: nothing is released. */
const madeOf = (action: StoredAction, result: DecisionResult): DecisionResult =>
  action.isDrill && result.status === 'released' ? { ...result, status: 'cancelled' } : result;

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
    const open = await decidable(tx, action, reviewer.personId);
    const result = decide(open, decider, { ...input, note: input.note ?? null }, action.now);
    if (!result.ok) return result;
    const fact = confirmFact(action.blastRadius, action.toolName);
    if (fact && input.confirm !== undefined && !confirms(input.confirm, fact)) {
      return refuse(
        'confirm_mismatch',
        `${fact.question} What you typed is not what the page says. Look again.`,
      );
    }
    const cleared =
      input.decision === 'approve' ? await clearToApprove(tx, deps, reviewer, action, input) : null;
    if (cleared !== null && !cleared.ok) return cleared;
    const said = { ...input, ...cleared?.value };
    const made = madeOf(action, result.value);
    await saveDecision(tx, reviewer, action, said, made);
    await recordDecision(tx, reviewer, action, said, {
      ...made,
      inPlaceOf: inWhosePlace(open, decider) ?? [],
    });
    const { status } = made;
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
