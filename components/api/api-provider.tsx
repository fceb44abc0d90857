'use client';
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createTRPCClient, httpBatchLink } from '@trpc/client';
import { type ReactNode, useState } from 'react';
import type { AppRouter } from '@/server/api/trpc/root';
import { isPassing, isSignedOut } from './error-words';
import { TRPCProvider } from './trpc';

const TRIES = 3;

function leaveForSignIn(): void {
  const back = window.location.pathname + window.location.search;
  window.location.assign(`/sign-in?callbackUrl=${encodeURIComponent(back)}`);
}

function createQueries(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (isSignedOut(error)) leaveForSignIn();
      },
    }),
    defaultOptions: {
      queries: {
        // The stream says when something changed; until then what was read holds.
        staleTime: 60_000,
        retry: (count, error) => isPassing(error) && count < TRIES,
      },
      mutations: { retry: false },
    },
  });
}

/** The API for everything below: one client, one cache. */
export function ApiProvider({ children }: { children: ReactNode }) {
  const [queries] = useState(createQueries);
  const [client] = useState(() =>
    createTRPCClient<AppRouter>({ links: [httpBatchLink({ url: '/api/trpc', maxURLLength: 4000 })] }),
  );
  return (
    <QueryClientProvider client={queries}>
      <TRPCProvider trpcClient={client} queryClient={queries}>
        {children}
      </TRPCProvider>
    </QueryClientProvider>
  );
}
