'use client';
import { useTRPC, useTRPCClient } from '@/components/api/trpc';
import { usePages } from '@/components/api/use-pages';
import type { RunPage } from '@/server/domain/run-views';

export type RunQuestion = { agentId?: string; finished?: boolean; limit: number };

/** Runs, newest first, page by page; `items` is null until the first page is there. */
export function useRuns(input: RunQuestion) {
  const trpc = useTRPC();
  const api = useTRPCClient();
  const list = usePages<RunPage>({
    queryKey: trpc.run.list.infiniteQueryKey(input),
    read: (cursor, signal) => api.run.list.query({ ...input, ...cursor }, { signal }),
  });
  return { ...list, items: list.pages?.flatMap((page) => page.items) ?? null };
}
