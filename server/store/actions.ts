import type { BlastRadius } from '@/server/domain/blast-radius';
import type { Footprint } from '@/server/domain/footprint';
import type { Status } from '@/server/domain/status';
import type { Obligation, Verdict } from '@/server/domain/verdict';
import type { ExecutionMode } from '@/server/domain/vocabulary';
import type { Database, Tx } from './database';

/** A planned action as it stands in the database, with what decisions and executions need beside it. */
export type StoredAction = {
  id: string;
  workspaceId: string;
  runId: string | null;
  agentId: string;
  agentName: string;
  agentClearances: string[];
  ownerId: string;
  /** Who owned the agent when it was planned. */
  plannedOwnerId: string;
  onBehalfOfId: string | null;
  toolId: string;
  toolName: string;
  toolHash: string;
  targetId: string | null;
  /** The action it takes back; null when it is no undo. */
  undoesId: string | null;
  /** The action a reviewer changed into this one; null when its agent planned it. */
  supersedesId: string | null;
  /** A rehearsal: nothing of it is ever released. */
  isDrill: boolean;
  execution: ExecutionMode;
  args: Record<string, unknown>;
  reason: string | null;
  sentence: string;
  digest: string;
  status: Status;
  round: number;
  heldAt: Date | null;
  footprint: Footprint | null;
  footprintDigest: string | null;
  blastRadius: BlastRadius | null;
  /** As stored; `recallFacts` reads it. */
  facts: unknown;
  /** The policy it was last judged under; `built-in` for Holdpoint's own. */
  policy: string | null;
  excludedIds: string[];
  escalation: number;
  escalatesAt: Date | null;
  verdict: Verdict | null;
  obligation: Obligation | null;
  needed: number;
  settlesAt: Date | null;
  veiledUntil: Date | null;
  withdrawnAt: Date | null;
  createdAt: Date;
  expiresAt: Date | null;
  leaseHolder: string | null;
  commitEvidence: string | null;
  /** The database's clock when it was read: expiry is judged by it, not by this process's. */
  now: Date;
};

const COLUMNS = `
  a.id, a.workspace_id AS "workspaceId", a.run_id AS "runId", a.agent_id AS "agentId", g.name AS "agentName",
  g.clearances AS "agentClearances", g.owner_id AS "ownerId", a.owner_id AS "plannedOwnerId", r.on_behalf_of_id AS "onBehalfOfId", a.tool_id AS "toolId",
  a.tool_name AS "toolName", a.tool_hash AS "toolHash", a.target_id AS "targetId", a.undoes_id AS "undoesId", a.supersedes_id AS "supersedesId", EXISTS (SELECT FROM drill d WHERE d.action_id = a.id) AS "isDrill", a.execution, a.args, a.reason, a.sentence, a.digest, a.status,
  a.round, a.footprint, a.footprint_digest AS "footprintDigest", a.blast_radius AS "blastRadius", a.facts, a.policy, a.excluded_ids AS "excludedIds", a.held_at AS "heldAt", a.escalation, a.escalates_at AS "escalatesAt", a.verdict, a.obligation, a.needed,
  a.created_at AS "createdAt",
  a.settles_at AS "settlesAt", a.veiled_until AS "veiledUntil", a.withdrawn_at AS "withdrawnAt", a.expires_at AS "expiresAt",
  a.lease_holder AS "leaseHolder", a.commit_evidence AS "commitEvidence", clock_timestamp() AS now`;
const FROM = `
  FROM planned_action a JOIN agent g ON g.id = a.agent_id LEFT JOIN run r ON r.id = a.run_id`;

/** Locks the row for the rest of the transaction and reads it as of now; null when this workspace has no such action. */
export async function lockAction(
  tx: Tx,
  workspaceId: string,
  actionId: string,
): Promise<StoredAction | null> {
  const rows = await tx.$queryRawUnsafe<StoredAction[]>(
    `SELECT ${COLUMNS} ${FROM} WHERE a.id = $1 AND a.workspace_id = $2 FOR UPDATE OF a`,
    actionId,
    workspaceId,
  );
  return rows[0] ?? null;
}

/** Reads one action without a lock; null when it does not exist. For work whose writes are conditional anyway. */
export async function findAction(db: Database, actionId: string): Promise<StoredAction | null> {
  const { rows } = await db.pool.query<StoredAction>({
    name: 'find_action',
    text: `SELECT ${COLUMNS} ${FROM} WHERE a.id = $1`,
    values: [actionId],
  });
  return rows[0] ?? null;
}

/** When its last release was claimed: the beginning of its last execution. Null when none was. */
export async function lastClaimedAt(tx: Tx, actionId: string): Promise<Date | null> {
  const found = await tx.release.aggregate({ where: { actionId }, _max: { claimedAt: true } });
  return found._max.claimedAt;
}

/** Holds off every halt of the workspace until the transaction ends; a halt that is committing is waited for (P5). */
export async function shareHaltLock(tx: Tx, workspaceId: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock_shared(halt_key(${workspaceId}))`;
}

/** Takes the workspace's halt lock alone: everything that lets actions go forward waits until this commits. */
export async function takeHaltLock(tx: Tx, workspaceId: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(halt_key(${workspaceId}))`;
}

/** Whether a halt in force stops this action. Only meaningful under `shareHaltLock`. */
export async function isHalted(
  tx: Tx,
  a: Pick<StoredAction, 'workspaceId' | 'agentId' | 'runId' | 'toolId' | 'targetId'>,
): Promise<boolean> {
  const rows = await tx.$queryRaw<{ halted: boolean }[]>`
    SELECT halt_in_force(${a.workspaceId}, ${a.agentId}, ${a.runId}, ${a.toolId}, ${a.targetId}) AS halted`;
  return rows[0]?.halted ?? true;
}

/** Whether a halt in force stops this action, as of now and without a lock: for stopping early, never for letting anything through. */
export async function isHaltedNow(db: Database, actionId: string): Promise<boolean> {
  const { rows } = await db.pool.query<{ halted: boolean }>(
    `SELECT halt_in_force(a.workspace_id, a.agent_id, a.run_id, a.tool_id, a.target_id) AS halted FROM planned_action a WHERE a.id = $1`,
    [actionId],
  );
  return rows[0]?.halted ?? true;
}

/** Decisions of the current round. */
export function listDecisions(tx: Tx, actionId: string, round: number) {
  return tx.decision.findMany({ where: { actionId, round }, orderBy: { at: 'asc' } });
}

/** Every group a person belongs to, through any nesting, by name. */
export async function groupsOf(
  tx: Pick<Tx, '$queryRaw'>,
  workspaceId: string,
  personId: string,
): Promise<string[]> {
  const rows = await tx.$queryRaw<
    { names: string[] }[]
  >`SELECT groups_of(${workspaceId}, ${personId}) AS names`;
  return rows[0]?.names ?? [];
}
