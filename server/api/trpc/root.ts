import { router } from './init';
import { agentRouter } from './routers/agent';
import { auditRouter } from './routers/audit';
import { haltRouter } from './routers/halt';
import { meRouter } from './routers/me';
import { reviewRouter } from './routers/review';
import { setupRouter } from './routers/setup';

/** Every procedure of the API. Clients import the type only: `import type { AppRouter } from '@/server/api/trpc/root'`. */
export const appRouter = router({
  agent: agentRouter,
  audit: auditRouter,
  halt: haltRouter,
  me: meRouter,
  review: reviewRouter,
  setup: setupRouter,
});
export type AppRouter = typeof appRouter;
