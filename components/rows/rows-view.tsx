'use client';
import { Rows3 } from 'lucide-react';
import { useMemo, useState } from 'react';
import { Checkbox } from '@/components/ui/checkbox';
import { counted, countWords } from '@/components/ui/number-words';
import { Skeleton } from '@/components/ui/skeleton';
import { TabPanel, Tabs } from '@/components/ui/tabs';
import type { RowsPage, RowView } from '@/server/domain/views';
import { columnsOf } from './row-columns';
import { RowGrid } from './row-grid';
import type { RowTable } from './row-tables';

export type LoadedRows = {
  columns: RowsPage['tables'][string];
  rows: RowView[];
  total: number | null;
  kept: number;
  hasMore: boolean;
};

function Footer({ loaded, table }: { loaded: LoadedRows; table: RowTable }) {
  const total = table.count ?? loaded.total;
  const short = total === null || loaded.kept < total;
  return (
    <p className="border-line border-t px-4 py-2 text-faint text-sm sm:px-5">
      {total === null ? 'An unknown number of rows' : counted(total, 'row')}
      {short && loaded.rows.length > 0
        ? `, of which Holdpoint kept the first ${countWords(loaded.kept)} to look at; the numbers above count them all`
        : ''}
      . Rows can be looked at here and nowhere else: they are never downloaded.
    </p>
  );
}

/** The data itself: one tab per table and operation, before and after side by side. */
export function RowsView({
  tables,
  table,
  onTable,
  loaded,
  onMore,
  onReveal,
}: {
  tables: RowTable[];
  table: RowTable;
  onTable: (key: string) => void;
  /** Null while the first page is under way. */
  loaded: LoadedRows | null;
  onMore: () => void;
  onReveal?: (() => void) | undefined;
}) {
  const [onlyChanged, setOnlyChanged] = useState(false);
  const columns = useMemo(
    () => (loaded ? columnsOf(loaded.columns, loaded.rows, onlyChanged) : []),
    [loaded, onlyChanged],
  );
  return (
    <div>
      <Tabs
        label="Tables"
        value={table.key}
        onValueChange={onTable}
        listClassName="px-4 sm:px-5"
        tabs={tables.map((each) => ({
          value: each.key,
          label: `${each.resource.replace(/^public\./, '')} · ${each.operation}`,
          count: countWords(each.count),
        }))}
        aside={
          table.operation === 'update' ? (
            <Checkbox
              className="py-2 text-sm"
              label="Only columns that change"
              checked={onlyChanged}
              onChange={(event) => setOnlyChanged(event.target.checked)}
            />
          ) : null
        }
      >
        <TabPanel value={table.key} tabIndex={-1}>
          {loaded === null ? (
            <div className="space-y-2 p-5" role="status" aria-label="Loading rows">
              {['a', 'b', 'c', 'd', 'e', 'f'].map((key) => (
                <Skeleton key={key} className="h-9" />
              ))}
            </div>
          ) : loaded.rows.length === 0 ? (
            <p className="flex items-center gap-2 px-5 py-10 text-soft">
              <Rows3 aria-hidden className="size-4.5 text-faint" />
              No images of these rows were kept. The numbers above still count them.
            </p>
          ) : (
            <RowGrid
              key={table.key}
              rows={loaded.rows}
              columns={columns}
              label={`Rows of ${table.resource}, ${table.operation}`}
              hasMore={loaded.hasMore}
              onMore={onMore}
              onReveal={onReveal}
            />
          )}
        </TabPanel>
      </Tabs>
      {loaded ? <Footer loaded={loaded} table={table} /> : null}
    </div>
  );
}
