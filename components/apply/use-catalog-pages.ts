'use client';
import { useTRPC, useTRPCClient } from '@/components/api/trpc';
import { usePages } from '@/components/api/use-pages';
import type {
  AgentListItem,
  GroupListItem,
  Page,
  PersonListItem,
  TargetListItem,
  ToolListItem,
} from '@/server/domain/catalog-views';

type Items = {
  agents: AgentListItem;
  targets: TargetListItem;
  tools: ToolListItem;
  people: PersonListItem;
  groups: GroupListItem;
};
type Input = { limit: number; q?: string; cursor?: string };
type Readers = { [Kind in keyof Items]: (input: Input, signal: AbortSignal) => Promise<Page<Items[Kind]>> };
const LIMIT = 50;

/** One of the catalog's lists, page by page; `items` is null until the first page is there. */
export function useCatalogPages<Kind extends keyof Items>(kind: Kind, q = '') {
  const trpc = useTRPC();
  const { catalog } = useTRPCClient();
  const readers: Readers = {
    agents: (input, signal) => catalog.agents.query(input, { signal }),
    targets: (input, signal) => catalog.targets.query(input, { signal }),
    tools: (input, signal) => catalog.tools.query(input, { signal }),
    people: (input, signal) => catalog.people.query(input, { signal }),
    groups: (input, signal) => catalog.groups.query(input, { signal }),
  };
  const input = { limit: LIMIT, ...(q === '' ? {} : { q }) };
  const list = usePages<Page<Items[Kind]>>({
    queryKey: trpc.catalog[kind].infiniteQueryKey(input),
    read: (cursor, signal) => readers[kind]({ ...input, ...cursor }, signal),
  });
  return { ...list, items: list.pages?.flatMap((page) => page.items) ?? null };
}
