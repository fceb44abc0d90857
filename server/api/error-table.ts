import type { TRPC_ERROR_CODE_KEY } from '@trpc/server/rpc';
import type { RefusalCode } from '@/server/domain/refusal';

/**
 * The one table from what Holdpoint refuses to how HTTP and tRPC say it. Every surface reads it: two tables would disagree one day.
 * The HTTP status follows from the tRPC code (tRPC's own mapping), so it is not repeated here.
 */
export const ERROR_TABLE: { readonly [Code in RefusalCode]: TRPC_ERROR_CODE_KEY } = {
  unauthenticated: 'UNAUTHORIZED',
  key_invalid: 'UNAUTHORIZED',
  key_expired: 'UNAUTHORIZED',
  forbidden: 'FORBIDDEN',
  agent_suspended: 'FORBIDDEN',
  excluded_from_voting: 'FORBIDDEN',
  not_entitled: 'FORBIDDEN',
  not_cleared: 'FORBIDDEN',
  halt_lift_refused: 'FORBIDDEN',
  input_invalid: 'BAD_REQUEST',
  args_invalid: 'BAD_REQUEST',
  note_required: 'BAD_REQUEST',
  confirm_mismatch: 'BAD_REQUEST',
  reason_required: 'BAD_REQUEST',
  document_invalid: 'BAD_REQUEST',
  cursor_invalid: 'BAD_REQUEST',
  args_too_large: 'PAYLOAD_TOO_LARGE',
  tool_unknown: 'NOT_FOUND',
  run_unknown: 'NOT_FOUND',
  action_unknown: 'NOT_FOUND',
  person_unknown: 'NOT_FOUND',
  agent_unknown: 'NOT_FOUND',
  key_unknown: 'NOT_FOUND',
  target_unknown: 'NOT_FOUND',
  halt_unknown: 'NOT_FOUND',
  tool_changed: 'CONFLICT',
  definition_unconfirmed: 'PRECONDITION_FAILED',
  idempotency_conflict: 'CONFLICT',
  digest_conflict: 'CONFLICT',
  release_already_claimed: 'CONFLICT',
  release_mismatch: 'CONFLICT',
  drifted: 'CONFLICT',
  already_decided: 'CONFLICT',
  conflict: 'CONFLICT',
  run_finished: 'PRECONDITION_FAILED',
  not_cancellable: 'PRECONDITION_FAILED',
  not_claimable: 'PRECONDITION_FAILED',
  not_reportable: 'PRECONDITION_FAILED',
  not_released: 'PRECONDITION_FAILED',
  release_expired: 'PRECONDITION_FAILED',
  halted: 'PRECONDITION_FAILED',
  not_held: 'PRECONDITION_FAILED',
  expired: 'PRECONDITION_FAILED',
  target_unreachable: 'PRECONDITION_FAILED',
  rate_limited: 'TOO_MANY_REQUESTS',
  unavailable: 'SERVICE_UNAVAILABLE',
  internal: 'INTERNAL_SERVER_ERROR',
};

/** What tRPC itself refuses before any procedure runs, in Holdpoint's words. Whatever is not here is `internal`. */
export const TRPC_OWN_CODES: { readonly [Key in TRPC_ERROR_CODE_KEY]?: RefusalCode } = {
  PARSE_ERROR: 'input_invalid',
  BAD_REQUEST: 'input_invalid',
  NOT_FOUND: 'input_invalid',
  METHOD_NOT_SUPPORTED: 'input_invalid',
  UNSUPPORTED_MEDIA_TYPE: 'input_invalid',
  PAYLOAD_TOO_LARGE: 'args_too_large',
  UNAUTHORIZED: 'unauthenticated',
  FORBIDDEN: 'forbidden',
  CLIENT_CLOSED_REQUEST: 'unavailable',
};
