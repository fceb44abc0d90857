import { agentSees, isWithdrawable, toAgentView } from '@/server/domain/agent-view';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import type { AgentScope } from '@/server/domain/scopes';
import { isFinal } from '@/server/domain/status';
import type { AgentActionView } from '@/server/domain/views';
import { lockAction, type StoredAction } from '@/server/store/actions';
import { findAgentAction } from '@/server/store/agent-actions';
import { append } from '@/server/store/audit';
import { inTransaction, type Tx } from '@/server/store/database';
import { enqueue, wake } from '@/server/store/outbox';
import type { Deps } from './deps';

async function save(tx: Tx, agent: AgentScope, action: StoredAction): Promise<void> {
  const { workspaceId, id: actionId } = action;
  // What is over without the agent having been told stays what it is; the agent is told what it would be told had it still been open.
  const data = isFinal(action.status)
    ? { withdrawnAt: action.now }
    : {
        status: 'cancelled',
        revision: { increment: 1 },
        finishedAt: action.now,
        expiresAt: null,
        leaseUntil: null,
      };
  await tx.plannedAction.update({ where: { id: actionId }, data });
  await tx.release.updateMany({
    where: { actionId, claimedAt: null, revokedAt: null },
    data: { revokedAt: action.now },
  });
  await append(tx, {
    workspaceId,
    actionId,
    digest: action.digest,
    footprintDigest: action.footprintDigest,
    kind: 'action.cancelled',
    actor: { kind: 'agent', id: agent.agentId, name: agent.agentName },
    data: { was: action.status },
  });
  await enqueue(tx, { workspaceId, topic: 'action.cancelled', actionId, payload: { was: action.status } });
  await wake(tx, workspaceId, {
    actionId,
    status: isFinal(action.status) ? action.status : 'cancelled',
  });
}

/** Withdraws an agent's own action that has not begun to run, as far as the agent is told. Cancelling twice is fine; what is running or over cannot be cancelled. */
export async function cancelAction(
  deps: Deps,
  agent: AgentScope,
  input: { actionId: string },
): Promise<Outcome<AgentActionView>> {
  const refused = await inTransaction(deps.db, async (tx) => {
    const action = await lockAction(tx, agent.workspaceId, input.actionId);
    if (!action || action.agentId !== agent.agentId) {
      return refuse('action_unknown', 'There is no such planned action of yours.');
    }
    const over = action.expiresAt !== null && action.expiresAt <= action.now;
    const { status } = agentSees({ ...action, status: over ? 'expired' : action.status }, deps.clock.now());
    if (status === 'cancelled') return null;
    if (!isWithdrawable(status)) {
      return refuse(
        'not_cancellable',
        `It is ${status.replace('_', ' ')}; only what has not begun to run can be cancelled.`,
      );
    }
    await save(tx, agent, action);
    return null;
  });
  if (refused) return refused;
  const row = await findAgentAction(deps.db, agent.workspaceId, agent.agentId, input.actionId);
  return row
    ? accept(toAgentView(row, deps.url, deps.clock.now()))
    : refuse('action_unknown', 'There is no such planned action of yours.');
}
