/**
 * Everything that can be refused, once. `api/error-table.ts` maps each code to a tRPC/HTTP code; no other table exists.
 * Codes are part of the contract: renaming one breaks agents.
 */
export const REFUSAL_CODES = [
  'unauthenticated',
  'forbidden',
  'key_invalid',
  'key_expired',
  'agent_suspended',
  'input_invalid',
  'args_invalid',
  'args_too_large',
  'tool_unknown',
  'tool_changed',
  'definition_unconfirmed',
  'run_unknown',
  'run_finished',
  'action_unknown',
  'person_unknown',
  'agent_unknown',
  'key_unknown',
  'target_unknown',
  'idempotency_conflict',
  'not_cancellable',
  'not_claimable',
  'not_reportable',
  'not_released',
  'release_already_claimed',
  'release_expired',
  'release_mismatch',
  'drifted',
  'halted',
  'rate_limited',
  'digest_conflict',
  'not_held',
  'not_undoable',
  'expired',
  'already_decided',
  'excluded_from_voting',
  'not_entitled',
  'note_required',
  'confirm_mismatch',
  'reason_required',
  'not_cleared',
  'delivery_unknown',
  'halt_unknown',
  'halt_lift_refused',
  'grant_refused',
  'grant_unknown',
  'mandate_unknown',
  'mandate_ended',
  'review_unknown',
  'anomaly_unknown',
  'passkey_unknown',
  'presence_required',
  'presence_failed',
  'document_invalid',
  'policy_invalid',
  'policy_moved',
  'nobody_to_approve',
  'draft_unknown',
  'version_unknown',
  'backtest_unknown',
  'target_unreachable',
  'cursor_invalid',
  'conflict',
  'unavailable',
  'internal',
] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];

/** One place in an input that is wrong: a JSON pointer (RFC 6901) and what to do about it. */
export type InputProblem = { pointer: string; message: string };

/** A refusal is a value, returned, never thrown after a write. `message` says what to do next. */
export type Refusal = {
  ok: false;
  code: RefusalCode;
  message: string;
  problems?: InputProblem[];
  retryAfterSeconds?: number;
};

export function refuse(
  code: RefusalCode,
  message: string,
  extra: Pick<Refusal, 'problems' | 'retryAfterSeconds'> = {},
): Refusal {
  return { ok: false, code, message, ...extra };
}

export type Accepted<T> = { ok: true; value: T };
export type Outcome<T> = Accepted<T> | Refusal;
export const accept = <T>(value: T): Accepted<T> => ({ ok: true, value });
