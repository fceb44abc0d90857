import { router } from './init';
import { adminRouter } from './routers/admin';
import { agentRouter } from './routers/agent';
import { auditRouter } from './routers/audit';
import { catalogRouter } from './routers/catalog';
import { deliveriesRouter } from './routers/deliveries';
import { directoryRouter } from './routers/directory';
import { drillRouter } from './routers/drill';
import { glassRouter } from './routers/glass';
import { grantRouter } from './routers/grant';
import { haltRouter } from './routers/halt';
import { homeRouter } from './routers/home';
import { meRouter } from './routers/me';
import { policyRouter } from './routers/policy';
import { reviewRouter } from './routers/review';
import { runRouter } from './routers/run';
import { setupRouter } from './routers/setup';

/** Every procedure of the API. Clients import the type only: `import type { AppRouter } from '@/server/api/trpc/root'`. */
export const appRouter = router({
  admin: adminRouter,
  agent: agentRouter,
  audit: auditRouter,
  catalog: catalogRouter,
  deliveries: deliveriesRouter,
  directory: directoryRouter,
  drill: drillRouter,
  glass: glassRouter,
  grant: grantRouter,
  halt: haltRouter,
  home: homeRouter,
  me: meRouter,
  policy: policyRouter,
  review: reviewRouter,
  run: runRouter,
  setup: setupRouter,
});
export type AppRouter = typeof appRouter;
