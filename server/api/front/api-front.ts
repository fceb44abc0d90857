import type { IncomingMessage, ServerResponse } from 'node:http';
import { nodeHTTPRequestHandler } from '@trpc/server/adapters/node-http';
import type { AuthenticateAgent } from '@/server/api/auth/authenticate-agent';
import type { AuthenticateReviewer } from '@/server/api/auth/authenticate-reviewer';
import { crossSiteRefusal } from '@/server/api/auth/same-origin';
import { type Actor, createContext, type World } from '@/server/api/trpc/context';
import { RefusedError, refusalOf } from '@/server/api/trpc/refused-error';
import type { appRouter } from '@/server/api/trpc/root';
import { sendRefusal } from './answer';
import type { CallRate } from './call-rate';

/** Room for a workspace document with a large directory; agents' own calls have the smaller limit of their front. */
const LARGEST_BODY_BYTES = 4 * 1024 * 1024;
const MOST_CALLS_PER_BATCH = 50;
const PREFIX = '/api/trpc/';

export type ApiParts = {
  world: World;
  router: typeof appRouter;
  authenticateAgent: AuthenticateAgent;
  authenticateReviewer: AuthenticateReviewer;
  callRate: CallRate;
  addressOf(request: IncomingMessage): string;
};

/** Who asks. A request with a key is an agent's or nobody's: its cookies are not even read, and a cookie never adds to a key. */
async function findActor(parts: ApiParts, request: IncomingMessage, calls: number): Promise<Actor | null> {
  if (request.headers.authorization === undefined) {
    return parts.authenticateReviewer(request.headers.cookie);
  }
  const agent = await parts.authenticateAgent(request.headers.authorization, parts.addressOf(request));
  if (!agent.ok) throw new RefusedError(agent);
  const limited = parts.callRate(agent.value.agentId, Date.now(), calls);
  if (limited !== null) throw new RefusedError(limited);
  return agent.value;
}

/** Everything under /api/trpc that is not a single agent call: people's pages, scripts, batches. tRPC's own adapter does the work. */
export function createApiFront(parts: ApiParts) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.headers.authorization === undefined) {
      const crossSite = crossSiteRefusal({
        method: request.method ?? 'GET',
        headers: request.headers,
        url: parts.world.url,
      });
      if (crossSite !== null) return sendRefusal(response, crossSite);
    }
    const url = request.url ?? '';
    const end = url.indexOf('?');
    response.setHeader('cache-control', 'no-store');
    await nodeHTTPRequestHandler({
      req: request,
      res: response,
      path: url.slice(PREFIX.length, end === -1 ? undefined : end),
      router: parts.router,
      maxBodySize: LARGEST_BODY_BYTES,
      maxBatchSize: MOST_CALLS_PER_BATCH,
      createContext: async ({ info }) => {
        try {
          return createContext(parts.world, await findActor(parts, request, info.calls.length));
        } catch (error) {
          throw new RefusedError(refusalOf(error, parts.world.log));
        }
      },
    });
  };
}
