'use client';
import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/components/api/trpc';
import { useFirst } from '@/components/api/use-first';
import type { HaltView } from '@/server/domain/views';

/** Halts in force, and the latest that were; empty while they are not known. `first` came with the page. */
export function useHalts(first?: HaltView[]): HaltView[] {
  const asked = useTRPC().halt.list.queryOptions();
  return useQuery({ ...asked, ...useFirst(first) }).data ?? [];
}
