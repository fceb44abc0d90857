'use client';
import { useDeferredValue, useMemo, useState } from 'react';
import { errorWords } from '@/components/api/error-words';
import { useTRPC, useTRPCClient } from '@/components/api/trpc';
import { usePages } from '@/components/api/use-pages';
import { LiveFiles } from '@/components/files/live-files';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import type { ActionDetail, RowsPage } from '@/server/domain/views';
import { DataAccess } from './data-access';
import { type RowTable, rowTables } from './row-tables';
import { RowsView } from './rows-view';
import { useReveal } from './use-reveal';

const PAGE_SIZE = 100;

function useRows(action: ActionDetail, table: RowTable) {
  const trpc = useTRPC();
  const api = useTRPCClient();
  const input = {
    actionId: action.actionId,
    footprintDigest: action.footprintDigest ?? '',
    resource: table.resource,
    operation: table.operation,
    limit: PAGE_SIZE,
  };
  const { pages, isPrevious, hasMore, onMore, error } = usePages<RowsPage>({
    queryKey: trpc.review.rows.infiniteQueryKey(input),
    read: (cursor, signal) => api.review.rows.query({ ...input, ...cursor }, { signal }),
  });
  const loaded = useMemo(() => {
    const first = pages?.[0];
    if (!first || isPrevious) return null;
    return {
      of: table.key,
      columns: first.tables[table.resource] ?? [],
      rows: pages.flatMap((page) => page.rows),
      total: first.total,
      kept: first.kept,
      hasMore,
    };
  }, [pages, isPrevious, hasMore, table.key, table.resource]);
  // A hundred rows are drawn when nothing more urgent waits; those of one table never under the name of another.
  const drawn = useDeferredValue(loaded);
  return { loaded: drawn?.of === table.key ? drawn : null, onMore, error };
}

function Rows({ action, tables }: { action: ActionDetail; tables: [RowTable, ...RowTable[]] }) {
  const [key, setKey] = useState(tables[0].key);
  const table = tables.find((each) => each.key === key) ?? tables[0];
  const { loaded, onMore, error } = useRows(action, table);
  const reveal = useReveal(action);
  return (
    <Card id="data" title="The data" flush aside={<span className="text-faint text-sm">before → after</span>}>
      <DataAccess images={action.images} onReveal={reveal.ask} />
      {error ? (
        <Callout tone="danger" role="alert" className="m-4">
          {errorWords(error)}
        </Callout>
      ) : (
        <RowsView
          tables={tables}
          table={table}
          onTable={setKey}
          loaded={loaded}
          onMore={onMore}
          onReveal={reveal.askIfMasked}
        />
      )}
      {reveal.dialog}
    </Card>
  );
}

/** The rows of one action, page by page, bound to the footprint that is on the screen. */
export function LiveRows({ action }: { action: ActionDetail }) {
  const isFiles = action.footprint?.items.some((item) => item.kind === 'file');
  if (isFiles && action.footprintDigest !== null) {
    return <LiveFiles key={action.footprintDigest} action={action} />;
  }
  const [first, ...others] =
    action.footprint && !action.footprint.forbidden ? rowTables(action.footprint) : [];
  if (!first || action.footprintDigest === null) return null;
  return <Rows key={action.footprintDigest} action={action} tables={[first, ...others]} />;
}
