'use client';
import { useTRPC, useTRPCClient } from '@/components/api/trpc';
import { usePages } from '@/components/api/use-pages';
import type { Page } from '@/server/domain/catalog-views';
import type { DirectoryGroupItem, DirectoryPersonItem, OutsideItem } from '@/server/domain/directory-views';

const LIMIT = 50;
const inputOf = <Extra extends object>(q: string, extra: Extra) => ({
  limit: LIMIT,
  ...(q === '' ? {} : { q }),
  ...extra,
});

/** People or guests of the directory, page by page; `items` is null until the first page is there. */
export function useDirectoryPeople(kind: 'member' | 'guest', q: string) {
  const trpc = useTRPC();
  const { directory } = useTRPCClient();
  const input = inputOf(q, { kind });
  const list = usePages<Page<DirectoryPersonItem>>({
    queryKey: trpc.directory.people.infiniteQueryKey(input),
    read: (cursor, signal) => directory.people.query({ ...input, ...cursor }, { signal }),
  });
  return { ...list, items: list.pages?.flatMap((page) => page.items) ?? null };
}

/** Groups or channels, likewise. */
export function useDirectoryGroups(kind: 'group' | 'channel', q: string) {
  const trpc = useTRPC();
  const { directory } = useTRPCClient();
  const input = inputOf(q, { kind });
  const list = usePages<Page<DirectoryGroupItem>>({
    queryKey: trpc.directory.groups.infiniteQueryKey(input),
    read: (cursor, signal) => directory.groups.query({ ...input, ...cursor }, { signal }),
  });
  return { ...list, items: list.pages?.flatMap((page) => page.items) ?? null };
}

/** Outside addresses that groups lead to, likewise. */
export function useOutside(q: string) {
  const trpc = useTRPC();
  const { directory } = useTRPCClient();
  const input = inputOf(q, {});
  const list = usePages<Page<OutsideItem>>({
    queryKey: trpc.directory.outside.infiniteQueryKey(input),
    read: (cursor, signal) => directory.outside.query({ ...input, ...cursor }, { signal }),
  });
  return { ...list, items: list.pages?.flatMap((page) => page.items) ?? null };
}
