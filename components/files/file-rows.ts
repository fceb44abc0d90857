import type { CellView, RowsPage, RowView } from '@/server/domain/views';
import type { Classification } from '@/server/domain/vocabulary';

/** What one cell of a file says: its value, that this person may not or not yet see it, or that there is none. */
export type Shown = { state: 'shown'; value: string } | { state: 'masked' | 'withheld' | 'none' };

export type FileRow = {
  path: string;
  operation: RowView['operation'];
  classification: Classification;
  bytes: { before: number | null; after: number | null };
  text: { before: Shown; after: Shown };
  /** Where it goes, for a file that is moved. */
  movesTo: string | null;
};

function cellOf(cells: CellView[] | null, index: number): Shown {
  const cell = index < 0 ? undefined : cells?.[index];
  if (cell === undefined || cell.state === 'absent') return { state: 'none' };
  if (cell.state !== 'shown') return { state: cell.state };
  return cell.value === null ? { state: 'none' } : { state: 'shown', value: cell.value };
}

const textIn = (shown: Shown): string | null => (shown.state === 'shown' ? shown.value : null);
const numberOf = (shown: Shown): number | null => {
  const value = textIn(shown);
  return value === null ? null : Number(value);
};

/** Each file of a page of images: its path is the resource, and what it holds stands in a cell of its own class. */
export function fileRows(page: Pick<RowsPage, 'tables' | 'rows'>): FileRow[] {
  return page.rows.map((row) => {
    const columns = page.tables[row.resource] ?? [];
    const at = (name: string) => columns.findIndex(({ column }) => column === name);
    const content = at('content');
    return {
      path: row.resource,
      operation: row.operation,
      classification: columns[content]?.classification ?? 'internal',
      bytes: {
        before: numberOf(cellOf(row.before, at('bytes'))),
        after: numberOf(cellOf(row.after, at('bytes'))),
      },
      text: { before: cellOf(row.before, content), after: cellOf(row.after, content) },
      movesTo: textIn(cellOf(row.after, at('path'))),
    };
  });
}
