import type { UndoView } from '@/server/domain/views';
import type { DetailRow } from '@/server/store/action-detail';

type Told = { possible?: boolean; why?: string; rows?: number; left?: string[] };
type Reported = { relation?: unknown; restored?: unknown; moved_on?: unknown };

const NONE: Pick<UndoView, 'why' | 'rows' | 'left'> = { why: null, rows: null, left: [] };

/** What the execution wrote down about taking it back, and what became of that. */
export function undoOf(detail: DetailRow): UndoView {
  const { action } = detail;
  const links = { plannedAs: detail.undoneBy, of: action.undoesId, report: reportOf(detail) };
  if (detail.status !== 'succeeded') return { state: null, ...NONE, ...links };
  const event = detail.history.findLast((e) => e.kind === 'execution.succeeded');
  const told = (event?.data as { undo?: Told } | undefined)?.undo;
  if (told === undefined)
    return {
      state: whyNever(detail) === null ? null : 'impossible',
      ...NONE,
      ...links,
      why: whyNever(detail),
    };
  if (told.possible !== true) return { state: 'impossible', ...NONE, ...links, why: told.why ?? null };
  const state = detail.undoneBy === null ? 'possible' : 'planned';
  return { state, why: null, rows: told.rows ?? null, left: told.left ?? [], ...links };
}

/** What nobody measured row by row leaves nothing to put back; what only read has nothing to undo. */
function whyNever(detail: DetailRow): string | null {
  const { footprint } = detail;
  if (footprint === null || footprint.items.every((i) => i.operation === 'read')) return null;
  if (detail.tool.kind !== 'sql')
    return 'Holdpoint keeps no earlier state of what this tool changes, so it cannot be undone from here.';
  return 'It was not measured row by row, so no rows were kept as they were: it cannot be undone from here.';
}

/** Counts only: the keys of rows that moved on are data. */
function reportOf({ action, status }: DetailRow): UndoView['report'] {
  if (action.undoesId === null || status !== 'succeeded') return [];
  const rows = (action.result as { rows?: Reported[] } | null)?.rows ?? [];
  return rows.map((row) => ({
    resource: String(row.relation ?? ''),
    restored: Number(row.restored ?? 0),
    movedOn: typeof row.moved_on === 'string' ? row.moved_on.split('; ').length : 0,
  }));
}
