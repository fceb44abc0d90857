'use client';
import { useMemo } from 'react';
import { errorWords } from '@/components/api/error-words';
import { useTRPC, useTRPCClient } from '@/components/api/trpc';
import { usePages } from '@/components/api/use-pages';
import { DataAccess } from '@/components/rows/data-access';
import { useReveal } from '@/components/rows/use-reveal';
import { Button } from '@/components/ui/button';
import { byteWords } from '@/components/ui/byte-words';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import { counted } from '@/components/ui/number-words';
import { Skeleton } from '@/components/ui/skeleton';
import type { ActionDetail, RowsPage } from '@/server/domain/views';
import { FileLine } from './file-line';
import { fileRows } from './file-rows';

const PAGE_SIZE = 50;
/** So few are opened by themselves: a reviewer came to see them. */
const OPEN_MAX = 2;

function useFiles(action: ActionDetail) {
  const trpc = useTRPC();
  const api = useTRPCClient();
  const input = {
    actionId: action.actionId,
    footprintDigest: action.footprintDigest ?? '',
    limit: PAGE_SIZE,
  };
  const { pages, hasMore, onMore, error } = usePages<RowsPage>({
    queryKey: trpc.review.rows.infiniteQueryKey(input),
    read: (cursor, signal) => api.review.rows.query({ ...input, ...cursor }, { signal }),
  });
  const files = useMemo(() => pages?.flatMap(fileRows) ?? null, [pages]);
  return { files, kept: pages?.[0]?.kept ?? 0, total: pages?.[0]?.total ?? null, hasMore, onMore, error };
}

/** Every file of one action with what happens to it, bound to the footprint that is on the screen. */
export function LiveFiles({ action }: { action: ActionDetail }) {
  const { files, kept, total, hasMore, onMore, error } = useFiles(action);
  const reveal = useReveal(action);
  const bytes = action.footprint?.items.reduce((sum, item) => sum + (item.bytes ?? 0), 0) ?? 0;
  const undoable = action.footprint?.items.every((item) => item.reversible !== false);
  return (
    <Card
      id="data"
      title="The files"
      flush
      aside={
        <span className="text-faint text-sm">
          {total === null ? '' : `${counted(total, 'file')}, `}
          {byteWords(bytes)} · {undoable ? 'can be undone' : 'cannot all be undone'}
        </span>
      }
    >
      <DataAccess images={action.images} onReveal={reveal.ask} />
      {error ? (
        <Callout tone="danger" role="alert" className="m-4">
          {errorWords(error)}
        </Callout>
      ) : files === null ? (
        <div className="space-y-2 p-5" role="status" aria-label="Loading files">
          <Skeleton className="h-9" />
          <Skeleton className="h-9" />
        </div>
      ) : files.length === 0 ? (
        <p className="px-4 py-4 text-soft sm:px-5">
          No file is touched, or nothing of them was kept to look at.
        </p>
      ) : (
        <ul className="divide-y divide-line">
          {files.map((file) => (
            <FileLine key={file.path} file={file} isOpen={files.length <= OPEN_MAX} />
          ))}
        </ul>
      )}
      {hasMore ? (
        <div className="border-line border-t p-3 text-center">
          <Button onClick={onMore}>Show more files</Button>
        </div>
      ) : null}
      {total !== null && kept < total ? (
        <p className="border-line border-t px-4 py-2 text-faint text-sm sm:px-5">
          Holdpoint kept the first {counted(kept, 'file')} to look at; the numbers above count them all.
        </p>
      ) : null}
      {reveal.dialog}
    </Card>
  );
}
