import { veilOver } from '@/server/domain/agent-view';
import { type AuditEvent, HOLDPOINT, type Notice } from '@/server/domain/audit-event';
import type { Measurement } from '@/server/domain/ports';
import { spends } from '@/server/domain/stand-to-mandate';
import type { DriftChange } from '@/server/domain/views';
import {
  isHalted,
  lastClaimedAt,
  lockAction,
  type StoredAction,
  shareHaltLock,
} from '@/server/store/actions';
import { append } from '@/server/store/audit';
import { inTransaction, type Tx } from '@/server/store/database';
import { type SealedChunk, saveChunks, sealImages } from '@/server/store/evidence';
import {
  isExposureCurrent,
  letExposureTakeEffect,
  saveExposure,
  spendMandate,
} from '@/server/store/exposure';
import type { Prisma } from '@/server/store/generated/client';
import { newId } from '@/server/store/new-id';
import { enqueue, wake } from '@/server/store/outbox';
import { isPolicyInForce } from '@/server/store/policies-in-force';
import type { Deps } from './deps';
import type { Exposed } from './expose-action';
import type { Judgement } from './judge-action';

/** `when`: found by the executing transaction, which was rolled back, or at the claim of what an agent executes itself. */
export type Drift = {
  at: string;
  when: 'execution' | 'claim';
  previousDigest: string;
  changes: DriftChange[];
};

/** Why a verdict is recorded: first judged after measuring, or judged again because what was approved is not what is there. */
export type VerdictCause = ({ kind: 'measured' } | { kind: 'drifted'; drift: Drift }) & {
  /** What would become known, and what the verdict rests on; absent when nothing could be measured. */
  exposed?: Exposed;
};

function columnsOf(
  action: StoredAction,
  judgement: Judgement,
  measurement: Measurement,
  cause: VerdictCause,
) {
  return {
    toolHash: judgement.toolHash,
    footprint: judgement.footprint as unknown as Prisma.InputJsonValue,
    footprintDigest: judgement.footprintDigest,
    blastRadius: judgement.blastRadius as unknown as Prisma.InputJsonValue,
    sentence: judgement.sentence,
    level: judgement.blastRadius.level,
    imagesTotal: measurement.imagesTotal,
    facts: judgement.facts as unknown as Prisma.InputJsonValue,
    policy: judgement.policy,
    verdict: judgement.verdict as unknown as Prisma.InputJsonValue,
    ...(judgement.obligation === null
      ? {}
      : { obligation: judgement.obligation as unknown as Prisma.InputJsonValue }),
    needed: judgement.needed,
    approvals: 0,
    leaseHolder: null,
    leaseUntil: null,
    commitEvidence: null,
    ...(cause.kind === 'drifted'
      ? {
          round: action.round + 1,
          note: null,
          decidedAt: null,
          drift: cause.drift as unknown as Prisma.InputJsonValue,
        }
      : {}),
  };
}

async function release(tx: Tx, action: StoredAction, judgement: Judgement, expiresAt: Date): Promise<void> {
  await tx.release.create({
    data: {
      id: newId('release'),
      workspaceId: action.workspaceId,
      actionId: action.id,
      digest: action.digest,
      footprintDigest: judgement.footprintDigest,
      basis: 'policy',
      expiresAt,
    },
  });
}

/** The permit that was waiting is worth nothing from this commit on. */
async function revokeRelease(tx: Tx, action: StoredAction): Promise<void> {
  await tx.release.updateMany({
    where: { actionId: action.id, claimedAt: null, revokedAt: null },
    data: { revokedAt: action.now },
  });
}

function noticeOf(action: StoredAction, judgement: Judgement, cause: VerdictCause): Notice[] {
  if (judgement.status !== 'held') return [];
  return [
    {
      workspaceId: action.workspaceId,
      topic: cause.kind === 'drifted' ? 'action.drifted' : 'action.held',
      actionId: action.id,
      payload: { sentence: judgement.sentence, level: judgement.blastRadius.level },
    },
  ];
}

const exposedAs = (action: StoredAction) => ({
  workspaceId: action.workspaceId,
  actionId: action.id,
  agentId: action.agentId,
  runId: action.runId,
  toolName: action.toolName,
});

type WrittenStatus = 'held' | 'denied' | 'released' | 'revoked';

/** A verdict that would let the action run becomes something stricter when a halt is in force or it was already approved in another shape. */
async function effectiveStatus(tx: Tx, action: StoredAction, judgement: Judgement): Promise<WrittenStatus> {
  if (judgement.status !== 'released') return judgement.status;
  return (await isHalted(tx, action)) ? 'revoked' : 'released';
}

/** A hold ends a whole number of minutes after its submission: to the agent that sees it end, when measuring ended stays unknown. */
function endOf(action: StoredAction, judgement: Judgement): Date | null {
  if (judgement.expirySeconds === null) return null;
  const end = new Date(action.now.getTime() + judgement.expirySeconds * 1_000);
  return judgement.status === 'held' && action.settlesAt !== null ? veilOver(action.settlesAt, end) : end;
}

/** What measuring ended in is told the agent late enough not to say when; what running did, counted from when it was begun. */
async function veilOf(
  tx: Tx,
  action: StoredAction,
  status: WrittenStatus,
  cause: VerdictCause,
): Promise<Date | null> {
  if (action.settlesAt === null || status === 'released') return null;
  if (cause.kind === 'measured') return status === 'held' ? null : veilOver(action.settlesAt, action.now);
  const begun = await lastClaimedAt(tx, action.id);
  return veilOver(begun ?? action.settlesAt, action.now);
}

async function write(
  tx: Tx,
  action: StoredAction,
  judgement: Judgement,
  measurement: Measurement,
  chunks: readonly SealedChunk[],
  cause: VerdictCause,
): Promise<WrittenStatus> {
  const status = await effectiveStatus(tx, action, judgement);
  const expiresAt = status === 'revoked' ? null : endOf(action, judgement);
  await tx.plannedAction.update({
    where: { id: action.id },
    data: {
      ...columnsOf(action, judgement, measurement, cause),
      status,
      revision: { increment: 1 },
      expiresAt,
      veiledUntil: await veilOf(tx, action, status, cause),
      heldAt: status === 'held' ? action.now : null,
      finishedAt: status === 'denied' || status === 'revoked' ? action.now : null,
    },
  });
  await saveExposure(tx, exposedAs(action), status === 'denied' ? [] : (cause.exposed?.rows ?? []));
  if (status === 'released' && expiresAt) {
    await release(tx, action, judgement, expiresAt);
    await letExposureTakeEffect(tx, action.workspaceId, action.id);
    if (judgement.footprint.mandate) await spendMandate(tx, action, spends(judgement.blastRadius));
  }
  if (status === 'held') {
    await saveChunks(tx, action.workspaceId, action.id, judgement.footprintDigest, chunks);
  }
  const stamp = {
    workspaceId: action.workspaceId,
    actionId: action.id,
    digest: action.digest,
    footprintDigest: judgement.footprintDigest,
  };
  const first: AuditEvent[] =
    cause.kind === 'drifted'
      ? [{ ...stamp, kind: 'execution.drifted', actor: HOLDPOINT, data: { ...cause.drift } }]
      : [];
  const events = status === 'revoked' ? [] : judgement.events.map((e) => ({ ...stamp, ...e }));
  const last: AuditEvent[] =
    status === 'revoked'
      ? [{ ...stamp, kind: 'action.revoked', actor: HOLDPOINT, data: { because: 'a halt is in force' } }]
      : [];
  await append(tx, ...first, ...events, ...last);
  await enqueue(tx, ...noticeOf(action, judgement, cause));
  await wake(tx, action.workspaceId, { actionId: action.id, status });
  return status;
}

/**
 * Records what was measured and judged about an action this process holds the lease of. Returns the status written, or null when somebody else
 * moved the action meanwhile (cancelled, another process took over), and `stale` when the run or the agent has come across more than the verdict
 * rests on, or another version of policy has come into force; nothing is written then.
 */
export async function recordVerdict(
  deps: Deps,
  action: StoredAction,
  judgement: Judgement,
  measurement: Measurement,
  cause: VerdictCause,
): Promise<WrittenStatus | 'stale' | null> {
  const atClaim = cause.kind === 'drifted' && cause.drift.when === 'claim';
  const from = cause.kind === 'measured' ? 'measuring' : atClaim ? 'released' : 'executing';
  const chunks =
    judgement.status === 'held'
      ? await sealImages(deps.vault, action.id, judgement.footprintDigest, measurement.images)
      : [];
  const written = await inTransaction(deps.db, async (tx) => {
    if (judgement.status === 'released') await shareHaltLock(tx, action.workspaceId);
    const current = await lockAction(tx, action.workspaceId, action.id);
    if (current?.status !== from) return null;
    // A release waits for its claim without a lease: whoever finds it changed first takes it back.
    if (atClaim ? current.footprintDigest !== action.footprintDigest : current.leaseHolder !== deps.processId)
      return null;
    const { exposed } = cause;
    if (cause.kind === 'measured' && exposed && !(await isExposureCurrent(tx, current, exposed.based)))
      return 'stale';
    if (cause.kind === 'measured' && !(await isPolicyInForce(tx, action.workspaceId, judgement.policy))) {
      deps.policies.drop(action.workspaceId);
      return 'stale';
    }
    if (atClaim) await revokeRelease(tx, current);
    return write(tx, current, judgement, measurement, chunks, cause);
  });
  if (written === 'released') deps.knowledge.forget(action.workspaceId, action.agentId);
  return written;
}
