import { type BacktestTotals, NO_TOTALS } from '@/server/domain/backtest';
import type { BriefVerdict } from '@/server/domain/policy-report';
import type { PolicyEntry } from '@/server/domain/policy-set';
import type { RecordedAction } from '@/server/domain/ports';
import type { Database } from './database';
import type { Backtest, Prisma } from './generated/client';
import { newId } from './new-id';

const asJson = (value: unknown) => value as Prisma.InputJsonValue;

/** Replays look at the newest this many. */
export const MAX_ACTIONS = 100_000;
/** Of each workspace, so many are kept; what an open proposal rests on keeps its totals in the proposal's footprint. */
const KEPT = 10;

/** The latest finished replay of exactly this content against exactly this policy; null when there is none. */
export async function findBacktestOf(
  db: Database,
  workspaceId: string,
  contentHash: string,
  basePolicy: string,
): Promise<{ id: string; totals: BacktestTotals } | null> {
  const row = await db.prisma.backtest.findFirst({
    where: { workspaceId, contentHash, basePolicy, status: 'done' },
    orderBy: { createdAt: 'desc' },
    select: { id: true, totals: true },
  });
  return row && { id: row.id, totals: row.totals as BacktestTotals };
}

/** Notes what is to be replayed; whoever is free begins. Older replays of the workspace are forgotten. */
export async function insertBacktest(
  db: Database,
  of: {
    workspaceId: string;
    draftId: string | null;
    contentHash: string;
    basePolicy: string;
    before: readonly PolicyEntry[];
    after: readonly PolicyEntry[];
    startedBy: string;
  },
): Promise<string> {
  const { workspaceId } = of;
  const { rows } = await db.pool.query<{ total: number; reviewers: number }>(
    `SELECT (SELECT count(*) FROM (SELECT FROM planned_action WHERE workspace_id = $1 AND verdict IS NOT NULL AND policy IS DISTINCT FROM 'built-in' LIMIT ${MAX_ACTIONS}) AS a)::int AS total,
       (SELECT count(*) FROM person WHERE workspace_id = $1 AND disabled_at IS NULL AND roles && ARRAY['owner', 'security_lead', 'reviewer'])::int AS reviewers`,
    [workspaceId],
  );
  const id = newId('backtest');
  const totals = { ...NO_TOTALS, reviewers: rows[0]?.reviewers ?? 0 };
  await db.prisma.backtest.create({
    data: {
      ...of,
      id,
      before: asJson(of.before),
      after: asJson(of.after),
      status: 'queued',
      total: rows[0]?.total ?? 0,
      totals: asJson(totals),
    },
  });
  await db.pool.query(
    `WITH old AS (
       DELETE FROM backtest WHERE workspace_id = $1 AND status NOT IN ('queued', 'running')
         AND id NOT IN (SELECT id FROM backtest WHERE workspace_id = $1 ORDER BY created_at DESC LIMIT ${KEPT}) RETURNING id)
     DELETE FROM backtest_change WHERE backtest_id IN (SELECT id FROM old)`,
    [workspaceId],
  );
  return id;
}

/** Takes a replay nobody alive is working on, for `seconds`; null when there is none. One that failed its holders too often is given up. */
export async function takeBacktest(
  db: Database,
  holder: string,
  seconds: number,
  attempts: number,
): Promise<Backtest | null> {
  await db.pool.query(
    `UPDATE backtest SET status = 'failed', finished_at = clock_timestamp(), error = coalesce(error, 'It was interrupted too often.')
     WHERE status = 'running' AND lease_until < clock_timestamp() AND attempts >= $1`,
    [attempts],
  );
  const { rows } = await db.pool.query<{ id: string }>(
    `UPDATE backtest SET status = 'running', lease_holder = $1, lease_until = clock_timestamp() + make_interval(secs => $2), attempts = attempts + 1
     WHERE id = (SELECT id FROM backtest WHERE status = 'queued' OR (status = 'running' AND lease_until < clock_timestamp())
       ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id`,
    [holder, seconds],
  );
  return rows[0] === undefined ? null : db.prisma.backtest.findUnique({ where: { id: rows[0].id } });
}

export type RecordedRow = RecordedAction & { id: string; day: string };

/** The next recorded actions after `cursor`, newest first, as text: whoever judges them parses them. */
export async function readRecorded(
  db: Database,
  workspaceId: string,
  cursor: string | null,
  limit: number,
): Promise<RecordedRow[]> {
  const { rows } = await db.pool.query<RecordedRow>({
    name: 'read_recorded',
    text: `SELECT id, to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, coalesce(facts::text, 'null') AS facts,
        coalesce(footprint::text, 'null') AS footprint, coalesce(blast_radius::text, 'null') AS "blastRadius"
      FROM planned_action WHERE workspace_id = $1 AND ($2::text IS NULL OR id < $2) AND verdict IS NOT NULL AND policy IS DISTINCT FROM 'built-in'
      ORDER BY id DESC LIMIT $3`,
    values: [workspaceId, cursor, limit],
  });
  return rows;
}

export type ChangeRow = { actionId: string; change: string; before: BriefVerdict; after: BriefVerdict };

/**
 * Writes what one chunk came to and moves on, in one statement; false when the lease was lost or the replay cancelled, and then nothing is
 * written. What a dead process had judged and not written is judged again.
 */
export async function writeProgress(
  db: Database,
  of: {
    id: string;
    holder: string;
    seconds: number;
    done: number;
    cursor: string | null;
    totals: BacktestTotals;
    changes: readonly ChangeRow[];
    isOver: boolean;
  },
): Promise<boolean> {
  const { rowCount } = await db.pool.query(
    `WITH moved AS (
       UPDATE backtest SET done = $3, cursor = $4, totals = $5, lease_until = clock_timestamp() + make_interval(secs => $6),
         status = CASE WHEN $8 THEN 'done' ELSE status END, finished_at = CASE WHEN $8 THEN clock_timestamp() END
       WHERE id = $1 AND lease_holder = $2 AND status = 'running' RETURNING id
     ), listed AS (
       INSERT INTO backtest_change (backtest_id, action_id, change, before, after)
       SELECT moved.id, c."actionId", c.change, c.before, c.after FROM moved
       CROSS JOIN jsonb_to_recordset($7::jsonb) AS c ("actionId" text, change text, before jsonb, after jsonb)
       ON CONFLICT DO NOTHING)
     SELECT id FROM moved`,
    [
      of.id,
      of.holder,
      of.done,
      of.cursor,
      JSON.stringify(of.totals),
      of.seconds,
      JSON.stringify(of.changes),
      of.isOver,
    ],
  );
  return rowCount === 1;
}

/** Gives a replay back that could not go on, for another attempt after the lease. */
export async function noteFailure(db: Database, id: string, holder: string, error: string): Promise<void> {
  await db.pool.query('UPDATE backtest SET error = $3 WHERE id = $1 AND lease_holder = $2', [
    id,
    holder,
    error.slice(0, 500),
  ]);
}

/** Ends a replay that is not over. False when it was. */
export async function cancelBacktest(db: Database, workspaceId: string, id: string): Promise<boolean> {
  const { rowCount } = await db.pool.query(
    `UPDATE backtest SET status = 'cancelled', finished_at = clock_timestamp() WHERE id = $1 AND workspace_id = $2 AND status IN ('queued', 'running')`,
    [id, workspaceId],
  );
  return rowCount === 1;
}

/** A page of what would change, newest action first, with the sentence of each. */
export async function listChanges(
  db: Database,
  of: { backtestId: string; change: string | null; cursor: string | null; limit: number },
): Promise<(ChangeRow & { sentence: string; tool: string; createdAt: Date })[]> {
  const { rows } = await db.pool.query(
    `SELECT c.action_id AS "actionId", c.change, c.before, c.after, a.sentence, a.tool_name AS tool, a.created_at AS "createdAt"
     FROM backtest_change c JOIN planned_action a ON a.id = c.action_id
     WHERE c.backtest_id = $1 AND ($2::text IS NULL OR c.change = $2) AND ($3::text IS NULL OR c.action_id < $3)
     ORDER BY c.action_id DESC LIMIT $4`,
    [of.backtestId, of.change, of.cursor, of.limit],
  );
  return rows;
}
