'use client';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTRPC } from '@/components/api/trpc';
import type { HaltSubject } from '@/components/halts/halt-subject';

const SHOWN = 200;

/** What of the workspace can be halted by name; asked for only once somebody wants to. */
export function useHaltSubjects(enabled: boolean): HaltSubject[] {
  const trpc = useTRPC();
  const { data: agents } = useQuery(trpc.catalog.agents.queryOptions({ limit: SHOWN }, { enabled }));
  const { data: tools } = useQuery(trpc.catalog.tools.queryOptions({ limit: SHOWN }, { enabled }));
  const { data: targets } = useQuery(trpc.catalog.targets.queryOptions({ limit: SHOWN }, { enabled }));
  return useMemo(
    () => [
      ...(agents?.items ?? []).map(
        (each) => ({ scope: 'agent', id: each.agentId, name: each.name }) as const,
      ),
      ...(tools?.items ?? []).map((each) => ({ scope: 'tool', id: each.toolId, name: each.name }) as const),
      ...(targets?.items ?? []).map(
        (each) => ({ scope: 'target', id: each.targetId, name: each.name }) as const,
      ),
    ],
    [agents, tools, targets],
  );
}
