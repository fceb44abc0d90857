/** A planned action's states. `drifted` is not a state: it is the reason a `held` action is held again. */
export const STATUSES = [
  'submitted',
  'measuring',
  'held',
  'released',
  'executing',
  'succeeded',
  'failed',
  'unknown_outcome',
  'denied',
  'rejected',
  'sent_back',
  'expired',
  'cancelled',
  'revoked',
] as const;
export type Status = (typeof STATUSES)[number];

/** What can happen to a planned action. Every state change in the product is one of these. */
export const STATUS_EVENTS = [
  'measure',
  'allow',
  'hold',
  'deny',
  'approve_quorum',
  'reject',
  'send_back',
  'expire',
  'cancel',
  'revoke',
  'claim',
  'succeed',
  'fail',
  'lose',
  'drift',
  'remeasure',
] as const;
export type StatusEvent = (typeof STATUS_EVENTS)[number];

/**
 * The whole state machine. A pair that is not here is refused; the exhaustive test walks every state × every event.
 * `held → measuring` exists because a tool's definition can be confirmed while its calls wait for that.
 * `released → held` and `released → denied` exist because policy is asked again at release and may have become stricter.
 */
export const TRANSITIONS: { readonly [S in Status]: { readonly [E in StatusEvent]?: Status } } = {
  submitted: {
    measure: 'measuring',
    allow: 'released',
    hold: 'held',
    deny: 'denied',
    cancel: 'cancelled',
    revoke: 'revoked',
  },
  measuring: {
    allow: 'released',
    hold: 'held',
    deny: 'denied',
    cancel: 'cancelled',
    revoke: 'revoked',
  },
  held: {
    approve_quorum: 'released',
    reject: 'rejected',
    send_back: 'sent_back',
    expire: 'expired',
    cancel: 'cancelled',
    revoke: 'revoked',
    deny: 'denied',
    remeasure: 'measuring',
  },
  released: {
    claim: 'executing',
    expire: 'expired',
    cancel: 'cancelled',
    revoke: 'revoked',
    hold: 'held',
    deny: 'denied',
  },
  executing: {
    succeed: 'succeeded',
    fail: 'failed',
    lose: 'unknown_outcome',
    drift: 'held',
    revoke: 'revoked',
  },
  succeeded: {},
  failed: {},
  unknown_outcome: {},
  denied: {},
  rejected: {},
  sent_back: {},
  expired: {},
  cancelled: {},
  revoked: {},
};

export function nextStatus(from: Status, event: StatusEvent): Status | null {
  return TRANSITIONS[from][event] ?? null;
}

/** True once nothing can change any more: what `agent.wait` returns at once for. */
export function isFinal(status: Status): boolean {
  return Object.keys(TRANSITIONS[status]).length === 0;
}

/** The states in which `agent.wait` keeps waiting (contract.md). */
export const WAITING: ReadonlySet<Status> = new Set([
  'submitted',
  'measuring',
  'held',
  'released',
  'executing',
]);
