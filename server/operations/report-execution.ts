import { z } from 'zod';
import { unfaithfulValues } from '@/server/domain/action-digest';
import { toAgentView } from '@/server/domain/agent-view';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import type { AgentScope } from '@/server/domain/scopes';
import type { Status } from '@/server/domain/status';
import { storable } from '@/server/domain/storable-text';
import type { AgentActionView } from '@/server/domain/views';
import { findAgentAction } from '@/server/store/agent-actions';
import type { Deps } from './deps';
import { finishExecution } from './finish-execution';

export const reportInput = z.strictObject({
  actionId: storable(z.string().min(1).max(100)),
  releaseId: storable(z.string().min(1).max(100)),
  outcome: z.enum(['succeeded', 'failed', 'unknown']),
  result: z.unknown().optional(),
  error: z.string().max(10_000).optional(),
});
export type ReportInput = z.infer<typeof reportInput>;

const MAX_RESULT_BYTES = 256 * 1024;
const STATUS = { succeeded: 'succeeded', failed: 'failed', unknown: 'unknown_outcome' } as const;
const UNKNOWN_ACTION = refuse('action_unknown', 'There is no such planned action of yours.');

function checkResult(input: ReportInput) {
  const value = { result: input.result ?? null, error: input.error ?? '' };
  const problems = unfaithfulValues(value);
  if (problems.length > 0)
    return refuse('args_invalid', 'The result cannot be stored as it is.', { problems });
  if (Buffer.byteLength(JSON.stringify(value)) > MAX_RESULT_BYTES) {
    return refuse(
      'args_too_large',
      `A reported result may have ${MAX_RESULT_BYTES} bytes. Report a summary.`,
    );
  }
  return null;
}

/** Whether this release of this action was claimed: the report has to name the permit it acted on. */
async function wasClaimed(deps: Deps, workspaceId: string, input: ReportInput): Promise<boolean> {
  const { rowCount } = await deps.db.pool.query(
    'SELECT FROM release WHERE id = $1 AND action_id = $2 AND workspace_id = $3 AND claimed_at IS NOT NULL',
    [input.releaseId, input.actionId, workspaceId],
  );
  return rowCount === 1;
}

/** Records what an agent says became of an action it executed itself. The same report twice is fine; a different second one is refused. */
export async function reportExecution(
  deps: Deps,
  agent: AgentScope,
  input: ReportInput,
): Promise<Outcome<AgentActionView>> {
  const unfit = checkResult(input);
  if (unfit) return unfit;
  const find = () => findAgentAction(deps.db, agent.workspaceId, agent.agentId, input.actionId);
  const before = await find();
  if (!before) return UNKNOWN_ACTION;
  if (before.execution !== 'agent')
    return refuse('not_reportable', 'Holdpoint executes this one itself; there is nothing to report.');
  if (!(await wasClaimed(deps, agent.workspaceId, input))) {
    return refuse(
      'release_mismatch',
      'This releaseId was not claimed for this action. Use the one agent.claim answered.',
    );
  }
  const status = STATUS[input.outcome];
  const error = input.error === undefined ? {} : { error: { code: 'reported', message: input.error } };
  const result = input.result === undefined ? null : input.result;
  await finishExecution(deps, agent.workspaceId, input.actionId, null, {
    status,
    actor: { kind: 'agent', id: agent.agentId, name: agent.agentName },
    result: result === null && input.error === undefined ? null : { value: result, ...error },
    data: { reported: true, outcome: input.outcome, ...error },
  });
  const after = await find();
  if (!after) return UNKNOWN_ACTION;
  const final: Status = after.status;
  return final === status
    ? accept(toAgentView(after, deps.url, deps.clock.now()))
    : refuse(
        'not_reportable',
        `It is ${final.replace('_', ' ')} already; a report is taken once, while it is executing.`,
      );
}
