'use client';
import { useQueryClient } from '@tanstack/react-query';
import { usePathname } from 'next/navigation';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { useTRPC } from './trpc';
import { noteWhere } from './use-first';

export type LiveState = 'connecting' | 'live' | 'lost';
const LiveContext = createContext<LiveState>('connecting');
export const useLive = (): LiveState => useContext(LiveContext);

type Change = { actionId?: string; status?: string; config?: boolean };
const GATHER_MS = 80;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 20_000;

/** Opens the stream and keeps it open: the browser retries a broken connection, this retries a refused one. Returns how to close it. */
function listen(
  from: string | null,
  on: {
    state: (state: LiveState) => void;
    all: () => void;
    change: (change: Change) => void;
    /** The server ended or refused the stream: perhaps because nobody is signed in any more. */
    refused: () => void;
  },
) {
  let position = from;
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wait = FIRST_WAIT_MS;
  const open = () => {
    source = new EventSource(
      `/api/stream${position === null ? '' : `?after=${encodeURIComponent(position)}`}`,
    );
    const heard = (event: MessageEvent) => {
      position = event.lastEventId || position;
    };
    source.addEventListener('hello', (event) => {
      heard(event);
      wait = FIRST_WAIT_MS;
      on.state('live');
      if (!(JSON.parse(event.data) as { resumed: boolean }).resumed) on.all();
    });
    source.addEventListener('resync', (event) => {
      heard(event);
      on.all();
    });
    source.addEventListener('bye', on.refused);
    source.addEventListener('change', (event) => {
      heard(event);
      on.change(JSON.parse(event.data) as Change);
    });
    source.addEventListener('error', () => {
      on.state('lost');
      if (source?.readyState !== EventSource.CLOSED) return;
      on.refused();
      timer = setTimeout(open, wait);
      wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    });
  };
  open();
  return () => {
    clearTimeout(timer);
    source?.close();
  };
}

/**
 * One stream for the whole tab, from where the changes stood when the page was read. Changes are hints: what they are about is read again from the
 * API. A connection that breaks goes on where it was, and where the server does not know that place any more everything is read again.
 */
export function LiveProvider({ from, children }: { from: string | null; children: ReactNode }) {
  noteWhere(usePathname());
  const [first] = useState(from);
  const [state, setState] = useState<LiveState>('connecting');
  const queries = useQueryClient();
  const trpc = useTRPC();
  useEffect(() => {
    const changed = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const flush = () => {
      timer = undefined;
      const keys = [
        trpc.review.list.pathKey(),
        trpc.review.counts.pathKey(),
        trpc.halt.pathKey(),
        trpc.glass.pathKey(),
        trpc.drill.pathKey(),
        trpc.grant.pathKey(),
        trpc.audit.list.pathKey(),
        trpc.run.pathKey(),
        ...[...changed].map((actionId) => trpc.review.get.queryKey({ actionId })),
      ];
      changed.clear();
      for (const queryKey of keys) void queries.invalidateQueries({ queryKey });
    };
    const close = listen(first, {
      state: setState,
      all: () => void queries.invalidateQueries(),
      // Asks for nothing it shows, only whether somebody is signed in: if not, the page leaves for sign-in.
      refused: () =>
        void queries
          .fetchQuery({ ...trpc.me.get.queryOptions(), staleTime: 0, retry: false })
          .catch(() => undefined),
      change: (change) => {
        if (change.config) return void queries.invalidateQueries();
        if (change.actionId) changed.add(change.actionId);
        // A burst of changes is one reading, not a hundred.
        timer ??= setTimeout(flush, GATHER_MS);
      },
    });
    return () => {
      clearTimeout(timer);
      close();
    };
  }, [queries, trpc, first]);
  return <LiveContext.Provider value={state}>{children}</LiveContext.Provider>;
}
