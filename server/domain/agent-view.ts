import { isFinal, type Status } from './status';
import type { AgentActionView } from './views';
import type { ExecutionMode } from './vocabulary';

/** From this long after its submission an action that is measured on a target is shown as `held`, whether or not measuring is over. */
export const SETTLE_MS = 1_000;
/**
 * What measuring or running on a target ends in without having been released for it is told at whole multiples of this. Longer than any
 * measurement may take, so that the first multiple comes after all of them: seconds would tell how many of them it took.
 */
export const VEIL_MS = 60_000;

export type AgentViewSource = {
  id: string;
  runId: string | null;
  status: Status;
  digest: string;
  execution: ExecutionMode;
  /** From when it is shown as held; null for what is judged from text and arguments alone, which has no data to tell of. */
  settlesAt: Date | null;
  /** Until when the present status is not shown. */
  veiledUntil: Date | null;
  /** When the agent withdrew what it did not know to be over. */
  withdrawnAt: Date | null;
  expiresAt: Date | null;
  note: string | null;
  result: unknown;
};

/** What an agent is shown, and when that changes by itself; null when only a person or an execution changes it. */
export type Sight = { status: Status; changesAt: Date | null };

const RESULT_STATES: ReadonlySet<Status> = new Set(['succeeded', 'failed', 'unknown_outcome']);
/** How soon asking again makes sense, in seconds, for agents that poll instead of waiting. */
const RETRY_AFTER: Partial<Record<Status, number>> = {
  submitted: 1,
  measuring: 1,
  held: 5,
  released: 1,
  executing: 1,
};

/** When an action submitted at this moment is first shown as held. */
export const settlesAfter = (submittedAt: Date): Date => new Date(submittedAt.getTime() + SETTLE_MS);

/** The first whole multiple of `VEIL_MS` after `since` that is later than `at`. */
export function veilOver(since: Date, at: Date): Date {
  const passed = Math.max(0, at.getTime() - since.getTime());
  return new Date(since.getTime() + (Math.floor(passed / VEIL_MS) + 1) * VEIL_MS);
}

/**
 * The one rule of what an agent may know of its action at a time. Until it is released, what is measured on a target looks the same whatever
 * the data: it depends on the time since submission and on what people do, never on how long measuring or running took (P7).
 */
export function agentSees(
  action: Pick<AgentViewSource, 'status' | 'settlesAt' | 'veiledUntil' | 'withdrawnAt'>,
  now: Date,
): Sight {
  const { status, settlesAt, veiledUntil } = action;
  if (action.withdrawnAt !== null) return { status: 'cancelled', changesAt: null };
  if (settlesAt === null) return { status, changesAt: null };
  const veiled = veiledUntil !== null && now < veiledUntil;
  // Held again by what was found while running: the agent saw it run.
  if (status === 'held' && veiled) return { status: 'executing', changesAt: veiledUntil };
  const unjudged = status === 'submitted' || status === 'measuring' || status === 'held';
  const hidden = veiled && (status === 'denied' || status === 'revoked');
  if (!unjudged && !hidden) return { status, changesAt: null };
  if (now < settlesAt) return { status: 'measuring', changesAt: settlesAt };
  return { status: 'held', changesAt: hidden ? veiledUntil : null };
}

/** Whether an agent may withdraw what it sees like this. */
export const isWithdrawable = (seen: Status): boolean => !isFinal(seen) && seen !== 'executing';

/**
 * What an agent may know of its action. Nothing of an unreleased one depends on the data: no counts, rows, reasons or database errors, and not
 * the time any of it took (P7); the result exists only after it ran.
 */
export function toAgentView(action: AgentViewSource, url: string, now: Date): AgentActionView {
  const { status } = agentSees(action, now);
  const retryAfterSeconds = RETRY_AFTER[status];
  // When a hold ends is policy's answer to what was measured.
  const tellsEnd = action.expiresAt !== null && (action.settlesAt === null || status === 'released');
  return {
    actionId: action.id,
    runId: action.runId,
    status,
    digest: action.digest,
    execution: action.execution,
    ...(tellsEnd && action.expiresAt !== null ? { expiresAt: action.expiresAt.toISOString() } : {}),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    ...(action.note === null ? {} : { note: action.note }),
    ...(RESULT_STATES.has(status) && action.result !== null ? { result: action.result } : {}),
    url: `${url}/actions/${action.id}`,
  };
}
