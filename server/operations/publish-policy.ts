import { HOLDPOINT } from '@/server/domain/audit-event';
import { faultsOf } from '@/server/domain/policy-report';
import { policySetHash } from '@/server/domain/policy-set';
import { PUBLISH_TOOL } from '@/server/domain/publish-tool';
import { listDecisions, lockAction, type StoredAction, takeHaltLock } from '@/server/store/actions';
import { append } from '@/server/store/audit';
import { inTransaction, type Tx } from '@/server/store/database';
import type { PolicyProposal } from '@/server/store/generated/client';
import { enqueue, wake } from '@/server/store/outbox';
import { isPolicyInForce } from '@/server/store/policies-in-force';
import { putInForce, setOf } from '@/server/store/policy-versions';
import type { Deps } from './deps';
import { finishExecution } from './finish-execution';
import { BUILT_IN_POLICY } from './reevaluate-action';

/** Whether an action is a publication of policy, which Holdpoint runs itself. */
export const isPublication = (action: StoredAction): boolean =>
  action.policy === BUILT_IN_POLICY && action.toolName === PUBLISH_TOOL;

type Ended = { code: string; message: string } | null;

const MOVED = {
  code: 'policy_moved',
  message: 'Another version was published in the meantime. Nothing was changed; begin again from it.',
};

async function fail(deps: Deps, action: StoredAction, error: { code: string; message: string }) {
  await finishExecution(deps, action.workspaceId, action.id, deps.processId, {
    status: 'failed',
    actor: HOLDPOINT,
    result: { error },
    data: { error },
  });
}

async function approversOf(tx: Tx, action: StoredAction): Promise<string[]> {
  const decisions = await listDecisions(tx, action.id, action.round);
  const ids = decisions.filter((d) => d.decision === 'approve').map((d) => d.personId);
  const people = await tx.person.findMany({ where: { id: { in: ids } }, select: { name: true } });
  return people.map((p) => p.name);
}

/** Version, switch, state, events and wake-up commit together: whoever is killed here published everything or nothing. */
async function switchTo(deps: Deps, tx: Tx, claimed: StoredAction, proposal: PolicyProposal): Promise<Ended> {
  const { workspaceId } = claimed;
  await takeHaltLock(tx, workspaceId);
  const action = await lockAction(tx, workspaceId, claimed.id);
  if (action?.status !== 'executing' || action.leaseHolder !== deps.processId) return null;
  if (!(await isPolicyInForce(tx, workspaceId, proposal.basePolicy))) return MOVED;
  const set = setOf(proposal);
  const last = await tx.policyInForce.findUnique({ where: { workspaceId } });
  const version = (last?.version ?? 0) + 1;
  const { policy } = deps.policyLanguage.load(`v${version}`, set.policies);
  await putInForce(tx, {
    workspaceId,
    version,
    baseVersion: proposal.baseVersion,
    restores: proposal.restores,
    set,
    policy,
    note: proposal.note,
    authorNames: proposal.authorNames,
    proposerId: proposal.proposerId,
    proposerName: proposal.proposerName,
    approvedBy: await approversOf(tx, action),
    actionId: action.id,
  });
  if (proposal.draftId !== null) {
    await tx.policyDraft.updateMany({
      where: { id: proposal.draftId, closedAt: null },
      data: { closedAt: action.now },
    });
  }
  await tx.plannedAction.update({
    where: { id: action.id },
    data: {
      status: 'succeeded',
      revision: { increment: 1 },
      finishedAt: action.now,
      leaseUntil: null,
      result: { version, policy },
    },
  });
  const { id: actionId, digest, footprintDigest } = action;
  const stamp = { workspaceId, actionId, digest, footprintDigest, actor: HOLDPOINT };
  await append(
    tx,
    { ...stamp, kind: 'policy.published', data: { version, policy, restores: proposal.restores } },
    { ...stamp, kind: 'execution.succeeded', data: { rowCount: 0, columns: [], truncated: false } },
  );
  await enqueue(tx, { workspaceId, topic: 'action.decided', actionId, payload: { status: 'succeeded' } });
  await wake(tx, workspaceId, { actionId, status: 'succeeded', config: true });
  return null;
}

/**
 * Publishes what was approved, if it is still what was approved and still follows the version in force. When this returns, nothing goes forward
 * anywhere that the new version would hold or deny. For an action this process has claimed.
 */
export async function publishPolicy(deps: Deps, action: StoredAction): Promise<void> {
  const proposal = await deps.db.prisma.policyProposal.findUnique({ where: { actionId: action.id } });
  const isApproved =
    proposal !== null &&
    proposal.workspaceId === action.workspaceId &&
    policySetHash(setOf(proposal)) === action.args.content;
  if (!isApproved) {
    return fail(deps, action, {
      code: 'release_mismatch',
      message: 'What is stored is not what was approved. Nothing was changed.',
    });
  }
  const report = await deps.policyLanguage.report(setOf(proposal)).catch(() => null);
  if (report === null || faultsOf(report) > 0) {
    return fail(deps, action, {
      code: 'policy_invalid',
      message: 'It no longer passes its own checks. Nothing was changed; open a draft and look.',
    });
  }
  const ended = await inTransaction(deps.db, (tx) => switchTo(deps, tx, action, proposal));
  if (ended !== null) return fail(deps, action, ended);
  deps.policies.drop(action.workspaceId);
}
