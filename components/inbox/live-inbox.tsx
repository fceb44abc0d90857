'use client';
import { useQuery } from '@tanstack/react-query';
import { useQueryStates } from 'nuqs';
import { useDeferredValue, useMemo, useState } from 'react';
import { errorWords } from '@/components/api/error-words';
import { useTRPC, useTRPCClient } from '@/components/api/trpc';
import { usePages } from '@/components/api/use-pages';
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
  const api = useTRPCClient();
  const [filters, setFilters] = useQueryStates(inboxFilters, { history: 'replace' });
  const agents = useAgents();
  // The tab, the field and the choice show at once what was done; the list follows when it is ready.
  const input = listInput(useDeferredValue(filters));
  // Only the list the page came with: another filter has to ask.
  const [firstInput] = useState(() => JSON.stringify(input));
  const isFirst = first !== undefined && JSON.stringify(input) === firstInput;
  const list = usePages<ActionPage>({
    queryKey: trpc.review.list.infiniteQueryKey(input),
    read: (cursor, signal) => api.review.list.query({ ...input, ...cursor }, { signal }),
    first: isFirst ? first : undefined,
  });
  const counts = useQuery(trpc.review.counts.queryOptions());
  const items = useMemo(() => list.pages?.flatMap((page) => page.items) ?? null, [list.pages]);
  const ids = useMemo(() => items?.map((item) => item.actionId) ?? null, [items]);
  const fresh = useArrivals(list.isPrevious ? null : ids, JSON.stringify(input));
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
          action={<Button onClick={list.onRetry}>Try again</Button>}
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
        hasMore={list.hasMore}
        onMore={list.onMore}
        onFilters={(change) => void setFilters(change)}
      />
    </>
  );
}
