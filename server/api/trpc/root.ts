import { router } from './init';
import { meRouter } from './routers/me';

/** Every procedure of the API. Clients import the type only: `import type { AppRouter } from '@/server/api/trpc/root'`. */
export const appRouter = router({
  me: meRouter,
});
export type AppRouter = typeof appRouter;
