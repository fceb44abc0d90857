'use client';
import { keepPreviousData, type QueryKey, useInfiniteQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useFirst } from './use-first';

type Cursored = { nextCursor: string | null };

/**
 * Pages of a list, read one after the other by the cursor each of them gave. The API's inputs are strict: only what it knows is sent. `first` is
 * a page the server already put into the document.
 */
export function usePages<Page extends Cursored>({
  queryKey,
  read,
  first,
}: {
  queryKey: QueryKey;
  read: (cursor: { cursor?: string }, signal: AbortSignal) => Promise<Page>;
  first?: Page | undefined;
}) {
  const given = useFirst(first && { pages: [first], pageParams: [null] });
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => read(pageParam === null ? {} : { cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page: Page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    ...given,
  });
  const { fetchNextPage, isFetchingNextPage } = query;
  const onMore = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, isFetchingNextPage]);
  return {
    pages: query.data?.pages ?? null,
    /** What is shown belongs to the previous question; the answer to this one is under way. */
    isPrevious: query.isPlaceholderData,
    hasMore: query.hasNextPage,
    isReadingMore: isFetchingNextPage,
    error: query.error,
    onMore,
    onRetry: () => void query.refetch(),
  };
}
