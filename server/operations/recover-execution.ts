import { HOLDPOINT } from '@/server/domain/audit-event';
import { findAction } from '@/server/store/actions';
import { takeLease } from '@/server/store/leases';
import type { Deps } from './deps';
import { executorFor, UNKNOWN } from './execute-action';
import { finishExecution } from './finish-execution';
import { toolOf } from './measure-action';

const TAKE_OVER_SECONDS = 60;

/**
 * Ends an execution whose process died. Before the commit evidence was written nothing can have been committed: it failed, with nothing
 * changed. After it only the target knows: the outcome stays unknown, with what the target says as evidence. Never runs anything again.
 */
export async function recoverExecution(deps: Deps, actionId: string): Promise<void> {
  // Not this process's own name: an execution of its own that only lost its lease must lose the right to commit as well.
  const holder = `${deps.processId}:recovery`;
  if (!(await takeLease(deps.db, actionId, 'executing', holder, TAKE_OVER_SECONDS))) return;
  const action = await findAction(deps.db, actionId);
  if (action?.status !== 'executing') return;
  const finish = (status: 'failed' | 'unknown_outcome', message: string, data: Record<string, unknown>) =>
    finishExecution(deps, action.workspaceId, action.id, holder, {
      status,
      actor: HOLDPOINT,
      result: { error: { code: status === 'failed' ? 'interrupted' : 'unknown_outcome', message } },
      data,
    });
  if (action.execution === 'agent') {
    await finish('unknown_outcome', 'The agent claimed the release and never reported what happened.', {
      why: 'no report in time',
    });
    return;
  }
  if (action.commitEvidence === null) {
    await finish('failed', 'Holdpoint was stopped before it committed. Nothing was changed.', {
      error: { code: 'interrupted', message: 'stopped before the commit; nothing was changed' },
    });
    return;
  }
  const tool = await toolOf(deps, action);
  const found = tool
    ? await executorFor(deps, tool).lookUp({ tool, args: action.args }, action.commitEvidence)
    : 'unknown';
  await finish('unknown_outcome', UNKNOWN, {
    why: 'Holdpoint was stopped while committing',
    evidence: action.commitEvidence,
    target: found,
  });
}
