'use client';
import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/components/api/trpc';

const AGENTS_SHOWN = 200;

/** The workspace's agents by name, for filters and for halting one. */
export function useAgents(): { id: string; name: string }[] {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.catalog.agents.queryOptions({ limit: AGENTS_SHOWN }));
  return data?.items.map(({ agentId, name }) => ({ id: agentId, name })) ?? [];
}
