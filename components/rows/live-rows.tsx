'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { errorWords } from '@/components/api/error-words';
import { useTRPC, useTRPCClient } from '@/components/api/trpc';
import { usePages } from '@/components/api/use-pages';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import { toast } from '@/components/ui/toaster';
import type { ActionDetail, RowsPage } from '@/server/domain/views';
import { DataAccess } from './data-access';
import { RevealDialog } from './reveal-dialog';
import { type RowTable, rowTables } from './row-tables';
import { RowsView } from './rows-view';

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
      columns: first.tables[table.resource] ?? [],
      rows: pages.flatMap((page) => page.rows),
      total: first.total,
      kept: first.kept,
      hasMore,
    };
  }, [pages, isPrevious, hasMore, table.resource]);
  return { loaded, onMore, error };
}

function Rows({ action, tables }: { action: ActionDetail; tables: [RowTable, ...RowTable[]] }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [key, setKey] = useState(tables[0].key);
  const [asking, setAsking] = useState(false);
  const table = tables.find((each) => each.key === key) ?? tables[0];
  const { loaded, onMore, error } = useRows(action, table);
  const reveal = useMutation(
    trpc.review.reveal.mutationOptions({
      onSuccess: () => {
        setAsking(false);
        void queries.invalidateQueries({ queryKey: trpc.review.rows.pathKey() });
        void queries.invalidateQueries({ queryKey: trpc.review.get.pathKey() });
        toast.success('Revealed, and recorded in the audit log');
      },
    }),
  );
  const canReveal = action.images.maskedClasses.length > 0;
  return (
    <Card id="data" title="The data" flush aside={<span className="text-faint text-sm">before → after</span>}>
      <DataAccess images={action.images} onReveal={() => setAsking(true)} />
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
          onReveal={canReveal ? () => setAsking(true) : undefined}
        />
      )}
      {asking ? (
        <RevealDialog
          open
          onOpenChange={setAsking}
          classes={action.images.maskedClasses}
          busy={reveal.isPending}
          error={reveal.error ? errorWords(reveal.error) : null}
          onReveal={(reason) =>
            reveal.mutate({
              actionId: action.actionId,
              footprintDigest: action.footprintDigest ?? '',
              reason,
            })
          }
        />
      ) : null}
    </Card>
  );
}

/** The rows of one action, page by page, bound to the footprint that is on the screen. */
export function LiveRows({ action }: { action: ActionDetail }) {
  const [first, ...others] =
    action.footprint && !action.footprint.forbidden ? rowTables(action.footprint) : [];
  if (!first || action.footprintDigest === null) return null;
  return <Rows key={action.footprintDigest} action={action} tables={[first, ...others]} />;
}
