import type { RowsPage, RowView } from '@/server/domain/views';

export type Column = RowsPage['tables'][string][number] & { index: number; changes: boolean; wide: number };

const MIN_WIDTH = 108;
const MAX_WIDTH = 340;

const KEYS_SAMPLED = 60;
const KEY_WIDTHS = [92, 220] as const;

/** Room for the keys of a table, within bounds: it stays in sight while the rest scrolls sideways. */
export function keyWidthOf(rows: readonly RowView[]): number {
  const longest = Math.max(0, ...rows.slice(0, KEYS_SAMPLED).map((row) => row.key.length));
  return Math.round(Math.min(KEY_WIDTHS[1], Math.max(KEY_WIDTHS[0], longest * 7.9 + 46)));
}

function textWidth(row: RowView, index: number): number {
  const lengths = [row.before?.[index], row.after?.[index]].map((cell) =>
    cell?.state === 'shown' ? (cell.value?.length ?? 4) : 8,
  );
  return Math.max(...lengths) * 7.9 + (row.changed.includes(index) ? 68 : 34);
}

/**
 * The columns of one table as they are drawn: those that change first, so that a change is never beyond the right edge; the rest in the
 * table's own order.
 */
export function columnsOf(
  columns: RowsPage['tables'][string],
  rows: readonly RowView[],
  onlyChanged: boolean,
): Column[] {
  const changed = new Set(rows.flatMap((row) => row.changed));
  const sample = rows.slice(0, 60);
  const drawn = columns.map((column, index) => {
    const heading = column.column.length * 7.9 + 60;
    const wide = Math.max(MIN_WIDTH, heading, ...sample.map((row) => textWidth(row, index)));
    return { ...column, index, changes: changed.has(index), wide: Math.round(Math.min(MAX_WIDTH, wide)) };
  });
  const first = drawn.filter((column) => column.changes);
  return onlyChanged && first.length > 0 ? first : [...first, ...drawn.filter((column) => !column.changes)];
}
