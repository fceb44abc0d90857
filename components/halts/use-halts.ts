'use client';
import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/components/api/trpc';
import type { HaltView } from '@/server/domain/views';

/** Halts in force, and the latest that were; empty while they are not known. */
export function useHalts(): HaltView[] {
  return useQuery(useTRPC().halt.list.queryOptions()).data ?? [];
}
