import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AuthenticateAgent } from '@/server/api/auth/authenticate-agent';
import type { AuthenticateReviewer } from '@/server/api/auth/authenticate-reviewer';
import { createAuthenticateScim } from '@/server/api/scim/authenticate-scim';
import { createScimFront, isScimPath } from '@/server/api/scim/scim-front';
import { createTabStreams } from '@/server/api/stream/tab-stream';
import type { World } from '@/server/api/trpc/context';
import { appRouter } from '@/server/api/trpc/root';
import { checkReadiness } from '@/server/operations/check-readiness';
import { agentPath, createAgentFront } from './agent-front';
import { sendError, sendJson } from './answer';
import { createApiFront } from './api-front';
import { createCallRate } from './call-rate';
import { clientAddress } from './client-address';
import { setCommonHeaders } from './page-headers';
import { createSlackFront, SLACK_PATH, type SlackConnection } from './slack-front';

export type FrontParts = {
  world: World;
  authenticateAgent: AuthenticateAgent;
  authenticateReviewer: AuthenticateReviewer;
  version: string;
  /** Calls one agent may make per second. */
  callsPerSecond: number;
  trustedProxies: number;
  slack?: readonly SlackConnection[];
};

export type Front = {
  /** Answers what is the API's; false means the request belongs to the pages. */
  handle(request: IncomingMessage, response: ServerResponse): boolean;
  addressOf(request: IncomingMessage): string;
  /** Where the changes of a workspace stand now (stream/tab-stream.ts). */
  positionOf(workspaceId: string): string;
  /** Ends the streams and says "not ready" from now on; requests under way are still answered. */
  close(): void;
};

/** What an identity provider may ask for in a second; a first synchronisation of thousands takes minutes, not hours. */
const SCIM_CALLS_PER_SECOND = 50;

/** Everything this process answers without Next. Startable alone, so that the agents' contract is tested without a built application. */
export function createFront(parts: FrontParts): Front {
  const { world } = parts;
  let isClosing = false;
  const addressOf = (request: IncomingMessage) => clientAddress(request, parts.trustedProxies);
  const shared = { ...parts, router: appRouter, callRate: createCallRate(parts.callsPerSecond), addressOf };
  const forAgents = createAgentFront({
    ...shared,
    authenticate: parts.authenticateAgent,
    isClosing: () => isClosing,
  });
  const forAll = createApiFront(shared);
  const forProviders = createScimFront({
    world,
    authenticate: createAuthenticateScim(world),
    callRate: createCallRate(SCIM_CALLS_PER_SECOND),
    addressOf,
  });
  const forSlack = createSlackFront({ world, connections: parts.slack ?? [] });
  const streams = createTabStreams({
    world,
    authenticate: parts.authenticateReviewer,
    version: parts.version,
  });
  const isHttps = world.url.startsWith('https://');

  const ready = async (response: ServerResponse) => {
    const isReady = !isClosing && (await checkReadiness(world));
    sendJson(response, isReady ? 200 : 503, JSON.stringify({ status: isReady ? 'ready' : 'not ready' }));
  };
  const answers: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => unknown>> = {
    '/healthz': (_, response) =>
      sendJson(response, 200, JSON.stringify({ status: 'ok', version: parts.version })),
    '/readyz': (_, response) => ready(response),
    '/.well-known/jwks.json': (_, response) => sendJson(response, 200, JSON.stringify(world.signer.jwks())),
    '/api/stream': (request, response) => streams.open(request, response),
  };
  const guarded = (response: ServerResponse, work: () => unknown) => {
    const fail = (error: unknown) => sendError(response, error, world.log);
    // Both ways to fail: a throw now and a rejection later. Neither may take the process down.
    Promise.resolve().then(work).catch(fail);
    return true;
  };

  return {
    addressOf,
    positionOf: streams.positionOf,
    handle(request, response) {
      const url = request.url ?? '/';
      if (isClosing) response.setHeader('connection', 'close');
      const path = agentPath(url);
      if (path !== null) {
        response.setHeader('x-content-type-options', 'nosniff');
        void forAgents(request, response, path);
        return true;
      }
      setCommonHeaders(response, isHttps);
      if (url.startsWith('/api/trpc/')) return guarded(response, () => forAll(request, response));
      const end = url.indexOf('?');
      const pathname = end === -1 ? url : url.slice(0, end);
      if (pathname === SLACK_PATH) return guarded(response, () => forSlack(request, response));
      if (isScimPath(pathname)) return guarded(response, () => forProviders(request, response));
      const answer = Object.hasOwn(answers, pathname) ? answers[pathname] : undefined;
      if (answer === undefined) return false;
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        response.setHeader('allow', 'GET, HEAD');
        sendJson(response, 405, JSON.stringify({ error: { message: 'Use GET here.' } }));
        return true;
      }
      return guarded(response, () => answer(request, response));
    },
    close() {
      isClosing = true;
      streams.close();
    },
  };
}
