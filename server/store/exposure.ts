import type { ExposureRow } from '@/server/domain/exposure';
import type { Tx } from './database';

export type ExposedAction = {
  workspaceId: string;
  /** Null for what was observed outside any planned action. */
  actionId: string | null;
  agentId: string;
  runId: string | null;
  toolName: string;
};

/** Writes down what becomes known with an action's release, in place of what an earlier measurement of it said. Nothing of it is true yet. */
export async function saveExposure(
  tx: Tx,
  action: ExposedAction & { actionId: string },
  rows: readonly ExposureRow[],
): Promise<void> {
  await tx.exposure.deleteMany({
    where: { workspaceId: action.workspaceId, actionId: action.actionId, at: null },
  });
  if (rows.length === 0) return;
  await tx.exposure.createMany({
    data: rows.map(({ subjects, ...row }) => ({
      ...action,
      ...row,
      subjects: subjects === null ? null : new Uint8Array(subjects),
    })),
  });
}

/** Makes true what was written down for an action: call it where its release is written. */
export async function letExposureTakeEffect(tx: Tx, workspaceId: string, actionId: string): Promise<void> {
  await tx.$executeRaw`SELECT exposure_takes_effect(${workspaceId}, ${actionId})`;
}

/**
 * Whether a verdict that rests on these revisions still rests on all there is; holds off everybody else who would add to what the agent knows,
 * until the transaction ends.
 */
export async function isExposureCurrent(
  tx: Tx,
  of: { workspaceId: string; agentId: string; runId: string | null },
  based: { runRevision: number | null; exposureRevision: number },
): Promise<boolean> {
  await tx.$executeRaw`SELECT lock_exposure_heads(ARRAY[${of.workspaceId}], ARRAY[${of.agentId}])`;
  const heads = await tx.$queryRaw<{ revision: number }[]>`
    SELECT revision FROM exposure_head WHERE workspace_id = ${of.workspaceId} AND knower = ${of.agentId}`;
  if ((heads[0]?.revision ?? 0) !== based.exposureRevision) return false;
  if (of.runId === null || based.runRevision === null) return true;
  const runs = await tx.$queryRaw<{ revision: number }[]>`
    SELECT revision FROM run WHERE id = ${of.runId} FOR UPDATE`;
  return runs[0]?.revision === based.runRevision;
}

/** Tells a run that it has come across more; answers the revision that makes. */
export async function advanceRun(tx: Tx, runId: string): Promise<number> {
  const { revision } = await tx.run.update({
    where: { id: runId },
    data: { revision: { increment: 1 } },
    select: { revision: true },
  });
  return revision;
}

/** Labels a run with what an agent says it has seen: true at once. `revision` is the run's, made by the same transaction. */
export async function labelObserved(tx: Tx, of: ExposedAction, classes: readonly string[]): Promise<void> {
  await tx.$executeRaw`SELECT lock_exposure_heads(ARRAY[${of.workspaceId}], ARRAY[${of.agentId}])`;
  await tx.$executeRaw`
    WITH head AS (
      UPDATE exposure_head SET revision = revision + 1 WHERE workspace_id = ${of.workspaceId} AND knower = ${of.agentId} RETURNING revision)
    INSERT INTO exposure (workspace_id, agent_id, run_id, tool_name, kind, knowers, classes, count, revision, at)
    SELECT ${of.workspaceId}, ${of.agentId}, ${of.runId}, ${of.toolName}, 'observed', '{}', ${[...classes]}::text[], 0, head.revision, now() FROM head`;
}

/** Classes this run is labelled with through this tool already. */
export async function labelsThrough(tx: Tx, runId: string, toolName: string): Promise<Set<string>> {
  const rows = await tx.$queryRaw<{ name: string }[]>`
    SELECT DISTINCT unnest(classes) AS name FROM exposure
    WHERE run_id = ${runId} AND tool_name = ${toolName} AND at IS NOT NULL AND kind <> 'sent'`;
  return new Set(rows.map((r) => r.name));
}

/** Takes what an action's release costs from its run's mandate: where its release is written. What rests on less spent is judged again. */
export async function spendMandate(
  tx: Tx,
  action: { runId: string | null },
  cost: { rows: number; people: number; money: number },
): Promise<void> {
  if (action.runId === null) return;
  await tx.run.update({
    where: { id: action.runId },
    data: {
      revision: { increment: 1 },
      spentCalls: { increment: 1 },
      spentRows: { increment: cost.rows },
      spentPeople: { increment: cost.people },
      spentMoney: { increment: cost.money },
    },
  });
}
