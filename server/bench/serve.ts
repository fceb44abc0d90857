// The server under test: the product's own container and front in a process of their own. Only Next, which answers none of the calls
// measured here, is left out, so that nothing has to be built first.
import packageJson from '../../package.json' with { type: 'json' };
import { createAuthenticateAgent } from '../api/auth/authenticate-agent';
import { createAuthenticateReviewer } from '../api/auth/authenticate-reviewer';
import { sessionCookie } from '../api/auth/session-cookie';
import { createFront } from '../api/front/front';
import { createHttpServer, drain } from '../api/front/http-server';
import { createContainer } from '../container';
import { readEnv } from '../env';

export type Memory = { rss: number; heap: number };

const env = readEnv();
const container = createContainer(env);
const { world } = container;
const authenticateAgent = createAuthenticateAgent(world);
const cookie = sessionCookie({ url: world.url, secret: container.secret });
const front = createFront({
  world,
  authenticateAgent,
  authenticateReviewer: createAuthenticateReviewer(world, cookie),
  version: packageJson.version,
  callsPerSecond: env.HOLDPOINT_AGENT_CALLS_PER_SECOND,
  trustedProxies: 0,
});
await container.start();
const server = createHttpServer((request, response) => {
  if (!front.handle(request, response)) response.writeHead(404).end();
});

process.on('message', () => {
  // Twice: what the first collection finalises only the second frees.
  globalThis.gc?.();
  globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  process.send?.({ rss, heap: heapUsed + external } satisfies Memory);
});
process.once('disconnect', async () => {
  front.close();
  await container.stopWaiting();
  await drain(server, 1_000);
  await authenticateAgent.close();
  await container.close();
  process.exit(0);
});
server.listen(env.PORT, '127.0.0.1', 4096, () => process.send?.('ready'));
