import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import next from 'next';
import packageJson from '../package.json' with { type: 'json' };
import { createAuthenticateAgent } from './api/auth/authenticate-agent';
import { createAuthenticateReviewer } from './api/auth/authenticate-reviewer';
import { readIdentityProviders } from './api/auth/identity-providers';
import { sessionCookie } from './api/auth/session-cookie';
import { createFront } from './api/front/front';
import { createHttpServer, drain } from './api/front/http-server';
import { createPageGate } from './api/front/page-gate';
import { refuseLargeForm, setPagePolicy } from './api/front/page-headers';
import { createInside } from './api/inside';
import { type Container, createContainer } from './container';
import { type Env, publishAuthUrl, readEnv } from './env';

const DRAIN_MS = 8_000;
const ROOT = `${import.meta.dirname}/..`;

/** The API of this process over a started container, and what pages may reach of it. */
function createApi(env: Env, container: Container) {
  const { world } = container;
  const cookie = sessionCookie({ url: world.url, secret: container.secret });
  const authenticateAgent = createAuthenticateAgent(world);
  const authenticateReviewer = createAuthenticateReviewer(world, cookie);
  const front = createFront({
    world,
    authenticateAgent,
    authenticateReviewer,
    version: packageJson.version,
    callsPerSecond: env.HOLDPOINT_AGENT_CALLS_PER_SECOND,
    trustedProxies: env.HOLDPOINT_PROXIES,
    slack: container.slack,
  });
  const inside = createInside({
    world,
    authenticateReviewer,
    positionOf: front.positionOf,
    cookie,
    providers: readIdentityProviders(env.HOLDPOINT_OIDC),
  });
  const turnAway = createPageGate({ world, authenticateReviewer });
  return { front, inside, authenticateAgent, turnAway };
}

/** Hands a request to the pages, with what only this process knows about it. */
function toPages(
  pages: ReturnType<ReturnType<typeof next>['getRequestHandler']>,
  { front, turnAway }: Pick<ReturnType<typeof createApi>, 'front' | 'turnAway'>,
  isDev: boolean,
) {
  return async (request: IncomingMessage, response: ServerResponse) => {
    if (refuseLargeForm(request, response) || (await turnAway(request, response))) return;
    request.headers['x-holdpoint-address'] = front.addressOf(request);
    setPagePolicy(request, response, isDev);
    return pages(request, response);
  };
}

async function main(): Promise<void> {
  const env = readEnv();
  const isDev = env.NODE_ENV === 'development';
  const container = createContainer(env);
  const { log, url } = container.world;
  // next-auth reads its own address from the environment; set before Next loads it.
  publishAuthUrl(url);
  const api = createApi(env, container);
  const { front, inside, authenticateAgent } = api;
  globalThis.__holdpointInside = inside;
  await container.start();

  const app = next({ dev: isDev, dir: ROOT, hostname: env.HOST, port: env.PORT });
  await app.prepare();
  const pages = toPages(app.getRequestHandler(), api, isDev);
  const server = createHttpServer((request, response) => {
    if (front.handle(request, response)) return;
    pages(request, response).catch((error: unknown) => {
      log.error({ err: error }, 'a page failed');
      response.destroy();
    });
  });
  if (isDev) {
    const upgrade = app.getUpgradeHandler();
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      void upgrade(request, socket, head);
    });
  }

  let isStopping = false;
  const goDown = async () => {
    // First what only waits (streams, long polls), so that draining is quick; then what works; the pool last.
    front.close();
    await container.stopWaiting();
    await drain(server, DRAIN_MS);
    await authenticateAgent.close();
    await container.close();
  };
  const stop = (signal: string) => {
    if (isStopping) return;
    isStopping = true;
    log.info({ signal }, 'stopping');
    goDown().then(
      () => process.exit(0),
      (error) => {
        log.error({ err: error }, 'could not stop cleanly');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);

  server.on('error', (error) => {
    log.error({ err: error }, 'cannot serve');
    process.exit(1);
  });
  server.listen(env.PORT, env.HOST, 4096, () => {
    log.info({ url, host: env.HOST, port: env.PORT }, 'serving');
  });
}

await main();
