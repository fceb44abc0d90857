'use client';
import { createTRPCContext } from '@trpc/tanstack-react-query';
import type { AppRouter } from '@/server/api/trpc/root';

/** The API's procedures as options for react-query: `useQuery(useTRPC().review.get.queryOptions({ actionId }))`. */
export const { TRPCProvider, useTRPC, useTRPCClient } = createTRPCContext<AppRouter>();
