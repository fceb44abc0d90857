import type { Actor, AuditKind } from '@/server/domain/audit-event';
import type { ExposureRow } from '@/server/domain/exposure';
import type { Status } from '@/server/domain/status';
import { lockAction, type StoredAction } from '@/server/store/actions';
import { append } from '@/server/store/audit';
import { inTransaction, type Tx } from '@/server/store/database';
import { advanceRun, letExposureTakeEffect, saveExposure } from '@/server/store/exposure';
import { jsonOrNull } from '@/server/store/json-column';
import { enqueue, wake } from '@/server/store/outbox';
import { saveUndo } from '@/server/store/undo';
import type { Deps } from './deps';

export type Ending = {
  status: 'succeeded' | 'failed' | 'unknown_outcome' | 'revoked';
  actor: Actor;
  /** What the agent gets; null for none. */
  result: unknown;
  /** For the log: never row contents. */
  data: Record<string, unknown>;
  /** What became known beyond what its release said: policy had allowed it, and there was more when it ran. */
  exposure?: readonly ExposureRow[];
  /** How it can be taken back, sealed. */
  undo?: Uint8Array;
};

const KINDS: Record<Ending['status'], AuditKind> = {
  succeeded: 'execution.succeeded',
  failed: 'execution.failed',
  unknown_outcome: 'execution.unknown_outcome',
  revoked: 'action.revoked',
};

/** What Holdpoint fetched itself is a place where later arguments can come from: the run has come across more. */
const advanceFor = async (tx: Tx, action: StoredAction, ending: Ending): Promise<number | null> =>
  action.runId !== null && action.execution === 'broker' && ending.status === 'succeeded'
    ? advanceRun(tx, action.runId)
    : null;

/**
 * Ends an execution, once, if `holder` still holds it. Null when it had ended or was taken over before; then nothing is written. `inspect` may
 * refuse under the lock.
 */
export async function finishExecution(
  deps: Deps,
  workspaceId: string,
  actionId: string,
  holder: string | null,
  ending: Ending,
): Promise<{ action: StoredAction; status: Status } | null> {
  let made: number | null = null;
  const finished = await inTransaction(deps.db, async (tx) => {
    const action = await lockAction(tx, workspaceId, actionId);
    if (action?.status !== 'executing') return null;
    if (holder !== null && action.leaseHolder !== holder) return null;
    made = await advanceFor(tx, action, ending);
    await tx.plannedAction.update({
      where: { id: actionId },
      data: {
        status: ending.status,
        revision: { increment: 1 },
        finishedAt: action.now,
        leaseUntil: null,
        result: jsonOrNull(ending.result),
        resultRevision: made,
      },
    });
    if (ending.undo) await saveUndo(tx, workspaceId, actionId, ending.undo);
    if (ending.exposure && ending.exposure.length > 0) {
      const { agentId, runId, toolName } = action;
      await saveExposure(tx, { workspaceId, actionId, agentId, runId, toolName }, ending.exposure);
      await letExposureTakeEffect(tx, workspaceId, actionId);
    }
    await append(tx, {
      workspaceId,
      actionId,
      digest: action.digest,
      footprintDigest: action.footprintDigest,
      kind: KINDS[ending.status],
      actor: ending.actor,
      data: ending.data,
    });
    await enqueue(tx, {
      workspaceId,
      topic: 'action.decided',
      actionId,
      payload: { status: ending.status },
    });
    await wake(tx, workspaceId, { actionId, status: ending.status });
    return { action, status: ending.status };
  });
  if (finished !== null) tell(deps, finished.action, ending, made);
  return finished;
}

/** The memories of this process hear of it at once; those of others when they next compare. */
function tell(deps: Deps, action: StoredAction, ending: Ending, revision: number | null): void {
  const more = ending.exposure !== undefined && ending.exposure.length > 0;
  if (more) deps.knowledge.forget(action.workspaceId, action.agentId);
  if (action.runId === null || revision === null || more) return;
  const text = JSON.stringify(ending.result);
  const result = { tool: action.toolName, text, claimed: true, broker: true };
  deps.runs.took(action.workspaceId, action.runId, revision, { result });
}
