import { addToTotals, type BacktestTotals, changeWord } from '@/server/domain/backtest';
import type { PolicyEntry } from '@/server/domain/policy-set';
import type { PolicyComparison } from '@/server/domain/ports';
import {
  type ChangeRow,
  MAX_ACTIONS,
  noteFailure,
  readRecorded,
  takeBacktest,
  writeProgress,
} from '@/server/store/backtests';
import type { Backtest } from '@/server/store/generated/client';
import type { Deps } from './deps';

const LEASE_SECONDS = 120;
const ATTEMPTS = 3;
/** Small enough that reading one is a moment in which others wait, large enough that asking costs little. */
const CHUNK = 400;

type Place = { done: number; cursor: string | null; totals: BacktestTotals };

/** Judges the next chunk and writes what it came to. Null when it is over, was cancelled or another process took over. */
async function step(
  deps: Deps,
  of: Backtest,
  comparison: PolicyComparison,
  at: Place,
): Promise<Place | null> {
  const rows = await readRecorded(deps.db, of.workspaceId, at.cursor, Math.min(CHUNK, MAX_ACTIONS - at.done));
  const compared = await comparison.judge(rows);
  const changes: ChangeRow[] = [];
  const judged = rows.map(({ id, day }, i) => {
    const one = compared[i] ?? null;
    if (one === null) return { day, skipped: true as const };
    const { before, after } = one;
    if (one.changed) changes.push({ actionId: id, change: changeWord(before, after), before, after });
    return { day, ...one };
  });
  const place = {
    done: at.done + rows.length,
    cursor: rows.at(-1)?.id ?? at.cursor,
    totals: addToTotals(at.totals, judged),
  };
  const isOver = rows.length < CHUNK;
  const written = await writeProgress(deps.db, {
    ...place,
    id: of.id,
    holder: deps.processId,
    seconds: LEASE_SECONDS,
    changes,
    isOver,
  });
  return written && !isOver ? place : null;
}

/**
 * Replays one draft over the recorded actions, in another process, chunk by chunk: whoever is killed is followed by another after the lease, from the
 * last chunk that was written. True when there was one to do. `isStopping` ends it between two chunks.
 */
export async function runBacktest(deps: Deps, isStopping: () => boolean = () => false): Promise<boolean> {
  const of = await takeBacktest(deps.db, deps.processId, LEASE_SECONDS, ATTEMPTS);
  if (of === null) return false;
  try {
    const comparison = await deps.policyLanguage.compare(
      of.before as PolicyEntry[],
      of.after as PolicyEntry[],
    );
    let place: Place | null = { done: of.done, cursor: of.cursor, totals: of.totals as BacktestTotals };
    while (place !== null && !isStopping()) place = await step(deps, of, comparison, place);
    comparison.close();
  } catch (error) {
    await noteFailure(deps.db, of.id, deps.processId, error instanceof Error ? error.message : String(error));
  }
  return true;
}
