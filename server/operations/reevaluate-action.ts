import { type AuditEvent, type AuditKind, HOLDPOINT } from '@/server/domain/audit-event';
import type { InForce } from '@/server/domain/in-force';
import { recallFacts } from '@/server/domain/stored-facts';
import { type Tightened, tightenVerdict } from '@/server/domain/tighten-verdict';
import type { Verdict } from '@/server/domain/verdict';
import { lockAction, type StoredAction, shareHaltLock } from '@/server/store/actions';
import { append } from '@/server/store/audit';
import { inTransaction, type Tx } from '@/server/store/database';
import type { Prisma } from '@/server/store/generated/client';
import { enqueue, wake } from '@/server/store/outbox';
import { isPolicyInForce } from '@/server/store/policies-in-force';
import { listFittingApprovers } from '@/server/store/voters';
import type { Deps } from './deps';
import { evaluatePolicy } from './judge-action';

/** Holdpoint's own actions (publishing policy) are judged by rules of their own, which no policy changes. */
export const BUILT_IN_POLICY = 'built-in';
const TRIES = 5;

const asJson = (value: unknown) => value as Prisma.InputJsonValue;

/** What cannot be asked again could be anything: two people decide (P4). */
const UNASKABLE: Verdict = {
  verdict: 'hold',
  policy: 'none',
  obligation: { reviewers: [], quorum: 2, expirySeconds: 24 * 60 * 60, presence: 'session' },
  rules: [
    {
      id: 'policy-error',
      title: 'Policy could not be asked again',
      because: 'What this was judged by was not kept, so it cannot be judged by the policy in force.',
      verdict: 'hold',
    },
  ],
};

function askAgain(inForce: InForce, action: StoredAction): Tightened {
  const facts = recallFacts(action);
  const asked = facts === null ? UNASKABLE : evaluatePolicy(inForce.engine, facts);
  return tightenVerdict(action.verdict ?? UNASKABLE, action.obligation, asked);
}

/** A hold keeps its own clock, counted by the shorter time; what was released is held anew, with the votes it has. */
async function hold(tx: Tx, action: StoredAction, after: Extract<Tightened, { kind: 'held' }>) {
  const { obligation } = after.verdict;
  const heldAt = action.status === 'held' ? (action.heldAt ?? action.now) : action.now;
  const approvers = await listFittingApprovers(tx, action, obligation);
  await tx.plannedAction.update({
    where: { id: action.id },
    data: {
      status: 'held',
      verdict: asJson(after.verdict),
      obligation: asJson(obligation),
      needed: obligation.quorum,
      approvals: approvers.length,
      heldAt,
      expiresAt: new Date(heldAt.getTime() + obligation.expirySeconds * 1_000),
      decidedAt: null,
      note: null,
    },
  });
}

const deny = (tx: Tx, action: StoredAction, verdict: Verdict) =>
  tx.plannedAction.update({
    where: { id: action.id },
    data: { status: 'denied', verdict: asJson(verdict), finishedAt: action.now, expiresAt: null },
  });

async function record(
  tx: Tx,
  action: StoredAction,
  inForce: InForce,
  after: Exclude<Tightened, { kind: 'unchanged' }>,
) {
  const { workspaceId, id: actionId, digest, footprintDigest } = action;
  const rules = after.verdict.rules.map((r) => r.id);
  const event = (kind: AuditKind, data: Record<string, unknown>): AuditEvent => ({
    workspaceId,
    actionId,
    digest,
    footprintDigest,
    kind,
    actor: HOLDPOINT,
    data,
  });
  const changes = after.kind === 'held' ? after.changes : [];
  const told = { was: action.status, from: action.policy, to: inForce.policy, rules, changes };
  const denied = after.kind === 'denied' ? [event('action.denied', { policy: inForce.policy, rules })] : [];
  await append(tx, event('action.rejudged', told), ...denied);
  if (after.kind === 'held') {
    await enqueue(tx, {
      workspaceId,
      topic: 'action.held',
      actionId,
      payload: { sentence: action.sentence },
    });
  }
  await wake(tx, workspaceId, { actionId, status: after.kind });
}

async function apply(tx: Tx, action: StoredAction, inForce: InForce): Promise<void> {
  const after = askAgain(inForce, action);
  const moved =
    after.kind === 'denied' || (after.kind === 'held' && action.status === 'released') ? { increment: 1 } : 0;
  await tx.plannedAction.update({
    where: { id: action.id },
    data: { policy: inForce.policy, ...(moved === 0 ? {} : { revision: moved }) },
  });
  if (after.kind === 'unchanged') return;
  if (action.status === 'released') {
    await tx.release.updateMany({
      where: { actionId: action.id, claimedAt: null, revokedAt: null },
      data: { revokedAt: action.now },
    });
  }
  if (after.kind === 'held') await hold(tx, action, after);
  else await deny(tx, action, after.verdict);
  await record(tx, action, inForce, after);
}

/** Whether this action stands under the policy in force; meaningful under the workspace's halt lock. */
export const isJudgedBy = (action: StoredAction, inForce: InForce): boolean =>
  action.policy === BUILT_IN_POLICY || action.policy === inForce.policy;

/**
 * Asks the version in force about an action held or released under another one, by the facts stored with it. The stricter obligation wins; a
 * denial ends it. Votes already given stay and count where they fit. Safe to call any number of times; afterwards the action stands under the
 * version that was in force, or has moved on.
 */
export async function reevaluateAction(deps: Deps, workspaceId: string, actionId: string): Promise<void> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const inForce = await deps.policies.get(workspaceId);
    const isCurrent = await inTransaction(deps.db, async (tx) => {
      await shareHaltLock(tx, workspaceId);
      if (!(await isPolicyInForce(tx, workspaceId, inForce.policy))) return false;
      const action = await lockAction(tx, workspaceId, actionId);
      const open = action?.status === 'held' || action?.status === 'released';
      if (action && open && !isJudgedBy(action, inForce)) await apply(tx, action, inForce);
      return true;
    });
    if (isCurrent) return;
    deps.policies.drop(workspaceId);
  }
}
