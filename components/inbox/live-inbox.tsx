'use client';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useQueryStates } from 'nuqs';
import { useCallback, useDeferredValue, useMemo, useState } from 'react';
import { errorWords } from '@/components/api/error-words';
import { useTRPC } from '@/components/api/trpc';
import { useAgents } from '@/components/shell/use-agents';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { counted } from '@/components/ui/number-words';
import type { ActionPage } from '@/server/domain/views';
import { Inbox } from './inbox';
import { inboxFilters } from './inbox-filters';
import { listInput } from './list-input';
import { useArrivals } from './use-arrivals';

/** The inbox, connected: filters from the URL, pages from the API, arrivals as they happen. */
export function LiveInbox({ first }: { first?: ActionPage | undefined }) {
  const trpc = useTRPC();
  const [filters, setFilters] = useQueryStates(inboxFilters, { history: 'replace' });
  const agents = useAgents();
  const q = useDeferredValue(filters.q.trim());
  const input = listInput({ ...filters, q });
  // Only the list the page came with: another filter has to ask.
  const [firstInput] = useState(() => JSON.stringify(input));
  const isFirst = first !== undefined && JSON.stringify(input) === firstInput;
  const list = useInfiniteQuery(
    trpc.review.list.infiniteQueryOptions(input, {
      getNextPageParam: (page) => page.nextCursor ?? undefined,
      placeholderData: keepPreviousData,
      ...(isFirst ? { initialData: { pages: [first], pageParams: [null] } } : {}),
    }),
  );
  const counts = useQuery(trpc.review.counts.queryOptions());
  const items = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? null, [list.data]);
  const ids = useMemo(() => items?.map((item) => item.actionId) ?? null, [items]);
  const fresh = useArrivals(list.isPlaceholderData ? null : ids, JSON.stringify(input));
  const { fetchNextPage, isFetchingNextPage } = list;
  const onMore = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, isFetchingNextPage]);
  const arrived = items?.find((item) => fresh.has(item.actionId));
  return (
    <>
      <p role="status" aria-live="polite" className="sr-only">
        {arrived ? `${counted(fresh.size, 'new planned action')}: ${arrived.sentence}` : ''}
      </p>
      {list.error ? (
        <Callout
          tone="danger"
          role="alert"
          title="The list could not be read"
          className="mb-4"
          action={<Button onClick={() => void list.refetch()}>Try again</Button>}
        >
          {errorWords(list.error)}
        </Callout>
      ) : null}
      <Inbox
        items={items}
        counts={counts.data ?? null}
        filters={filters}
        fresh={fresh}
        agents={agents}
        hasMore={list.hasNextPage}
        onMore={onMore}
        onFilters={(change) => void setFilters(change)}
      />
    </>
  );
}
