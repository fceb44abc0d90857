import { accept, type Outcome, refuse } from './refusal';
import { nextStatus, type Status, type StatusEvent } from './status';
import type { Decision, Role } from './vocabulary';

/** What a decision looks at, read under the action's row lock. */
export type DecidableAction = {
  status: Status;
  digest: string;
  footprintDigest: string | null;
  expiresAt: Date | null;
  needed: number;
  /** Distinct people who approved this round. */
  approvers: readonly string[];
  /** Everyone who decided this round, whatever they said. */
  deciders: readonly string[];
  /** Groups that may decide, by name; empty: every reviewer. */
  reviewerGroups: readonly string[];
  /** Only these roles decide; null: every deciding role. */
  roles: readonly Role[] | null;
  /** The agent's owner and the person it runs for: never entitled. */
  excluded: readonly { personId: string; why: string }[];
};
export type Decider = {
  personId: string;
  roles: readonly Role[];
  groups: readonly string[];
  /** Groups of people who are away and whose place they take. */
  lent?: readonly { personId: string; name: string; groups: readonly string[] }[];
};
export type DecisionInput = {
  digest: string;
  footprintDigest: string;
  decision: Decision;
  note: string | null;
};
export type DecisionResult = {
  /** Null while the quorum is not complete. */
  event: StatusEvent | null;
  status: Status;
  approvals: number;
};

const DECIDING: ReadonlySet<Role> = new Set(['owner', 'security_lead', 'reviewer']);

/**
 * Whose groups let this person decide: their own (an empty list of names), or those of people who are away and are no party to the action
 * themselves; null when nobody's do.
 */
export function inWhosePlace(
  { reviewerGroups, excluded, deciders }: Pick<DecidableAction, 'excluded' | 'reviewerGroups' | 'deciders'>,
  decider: Decider,
): string[] | null {
  const fits = (groups: readonly string[]) => reviewerGroups.some((g) => groups.includes(g));
  if (reviewerGroups.length === 0 || fits(decider.groups)) return [];
  const away = (decider.lent ?? []).filter(
    (lent) =>
      fits(lent.groups) &&
      // They have filled their seat themselves.
      !deciders.includes(lent.personId) &&
      !excluded.some((e) => e.personId === lent.personId),
  );
  return away.length === 0 ? null : away.map((lent) => lent.name);
}

/** Whether this person may decide at all, and if not, why, in words they can act on. Decisions already made do not count here. */
export function entitlement(
  action: Pick<DecidableAction, 'excluded' | 'reviewerGroups' | 'roles' | 'deciders'>,
  decider: Decider,
): Outcome<true> {
  const excluded = action.excluded.find((e) => e.personId === decider.personId);
  if (excluded) return refuse('excluded_from_voting', `${excluded.why} Somebody else has to decide.`);
  if (!decider.roles.some((role) => DECIDING.has(role))) {
    return refuse('not_entitled', 'Your role can look but not decide. Ask an owner for the reviewer role.');
  }
  if (action.roles !== null && !decider.roles.some((role) => action.roles?.includes(role))) {
    return refuse('not_entitled', 'Only an owner or a security lead can decide this. Ask one of them.');
  }
  if (inWhosePlace(action, decider) === null) {
    return refuse('not_entitled', `Only members of ${action.reviewerGroups.join(', ')} can decide this.`);
  }
  return accept(true as const);
}

/**
 * One reviewer's answer applied to a held action. Refuses late, repeated, foreign and mistaken answers; releases only when enough distinct
 * entitled people approved exactly these digests. A rejection is a veto.
 */
export function decide(
  action: DecidableAction,
  decider: Decider,
  input: DecisionInput,
  now: Date,
): Outcome<DecisionResult> {
  if (action.status === 'held' && action.expiresAt !== null && action.expiresAt <= now) {
    return refuse(
      'expired',
      'Nobody decided in time, so this hold has expired. The agent has to submit it again.',
    );
  }
  if (action.status !== 'held') {
    return refuse(
      'not_held',
      `This action is ${action.status.replace('_', ' ')}; it no longer waits for a decision.`,
    );
  }
  if (input.digest !== action.digest || input.footprintDigest !== action.footprintDigest) {
    return refuse(
      'digest_conflict',
      'What you looked at is no longer what would run. Reload and look again.',
    );
  }
  const entitled = entitlement(action, decider);
  if (!entitled.ok) return entitled;
  if (action.deciders.includes(decider.personId)) {
    return refuse('already_decided', 'You have already decided this one; people are counted once.');
  }
  const approvals = new Set(action.approvers).size;
  if (input.decision !== 'approve') {
    const event = input.decision === 'reject' ? 'reject' : 'send_back';
    return accept({ event, status: nextStatus('held', event) ?? 'held', approvals });
  }
  const counted = approvals + 1;
  if (action.needed < 1 || counted < action.needed)
    return accept({ event: null, status: 'held', approvals: counted });
  return accept({
    event: 'approve_quorum',
    status: nextStatus('held', 'approve_quorum') ?? 'held',
    approvals: counted,
  });
}
