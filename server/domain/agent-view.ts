import type { Status } from './status';
import type { AgentActionView } from './views';
import type { ExecutionMode } from './vocabulary';

export type AgentViewSource = {
  id: string;
  runId: string | null;
  status: Status;
  digest: string;
  execution: ExecutionMode;
  expiresAt: Date | null;
  note: string | null;
  result: unknown;
};

const RESULT_STATES: ReadonlySet<Status> = new Set(['succeeded', 'failed', 'unknown_outcome']);
/** How soon asking again makes sense, in seconds, for agents that poll instead of waiting. */
const RETRY_AFTER: Partial<Record<Status, number>> = {
  submitted: 1,
  measuring: 1,
  held: 5,
  released: 1,
  executing: 1,
};

/**
 * What an agent may know of its action. Nothing of an unreleased one depends on the data: no counts, rows, reasons or database errors (P7);
 * the result exists only after it ran.
 */
export function toAgentView(action: AgentViewSource, url: string): AgentActionView {
  const retryAfterSeconds = RETRY_AFTER[action.status];
  return {
    actionId: action.id,
    runId: action.runId,
    status: action.status,
    digest: action.digest,
    execution: action.execution,
    ...(action.expiresAt === null ? {} : { expiresAt: action.expiresAt.toISOString() }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    ...(action.note === null ? {} : { note: action.note }),
    ...(RESULT_STATES.has(action.status) && action.result !== null ? { result: action.result } : {}),
    url: `${url}/actions/${action.id}`,
  };
}
