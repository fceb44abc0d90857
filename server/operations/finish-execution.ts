import type { Actor, AuditKind } from '@/server/domain/audit-event';
import type { Status } from '@/server/domain/status';
import { lockAction, type StoredAction } from '@/server/store/actions';
import { append } from '@/server/store/audit';
import { inTransaction } from '@/server/store/database';
import { jsonOrNull } from '@/server/store/json-column';
import { enqueue, wake } from '@/server/store/outbox';
import type { Deps } from './deps';

export type Ending = {
  status: 'succeeded' | 'failed' | 'unknown_outcome' | 'revoked';
  actor: Actor;
  /** What the agent gets; null for none. */
  result: unknown;
  /** For the log: never row contents. */
  data: Record<string, unknown>;
};

const KINDS: Record<Ending['status'], AuditKind> = {
  succeeded: 'execution.succeeded',
  failed: 'execution.failed',
  unknown_outcome: 'execution.unknown_outcome',
  revoked: 'action.revoked',
};

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
  return inTransaction(deps.db, async (tx) => {
    const action = await lockAction(tx, workspaceId, actionId);
    if (action?.status !== 'executing') return null;
    if (holder !== null && action.leaseHolder !== holder) return null;
    await tx.plannedAction.update({
      where: { id: actionId },
      data: {
        status: ending.status,
        revision: { increment: 1 },
        finishedAt: action.now,
        leaseUntil: null,
        result: jsonOrNull(ending.result),
      },
    });
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
}
