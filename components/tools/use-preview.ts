import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTRPCClient } from '@/components/api/trpc';
import type { ToolEntry } from './tool-entry';

const PAUSE_MS = 300;

/** What the server makes of a definition and a sample, a moment after the last change of either. Nothing is written there. */
export function usePreview(tool: ToolEntry, args: Record<string, unknown> | null) {
  const client = useTRPCClient();
  const asked = JSON.stringify(args === null ? { tool } : { tool, args });
  const [settled, setSettled] = useState(asked);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(asked), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [asked]);
  return useQuery({
    queryKey: ['tool preview', settled],
    queryFn: () => client.admin.previewTool.mutate(JSON.parse(settled)),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    retry: false,
  });
}
