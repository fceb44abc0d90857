import { randomBytes } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { encode } from 'next-auth/jwt';
import type { Hub } from '@/server/adapters/hub/hub';
import { createAuthenticateAgent } from '@/server/api/auth/authenticate-agent';
import { createAuthenticateReviewer } from '@/server/api/auth/authenticate-reviewer';
import { sessionCookie } from '@/server/api/auth/session-cookie';
import { createFront } from '@/server/api/front/front';
import { createHttpServer, drain } from '@/server/api/front/http-server';
import { createPageGate } from '@/server/api/front/page-gate';
import { createContainer } from '@/server/container';
import { newId } from '@/server/store/new-id';
import { freshDatabase } from './database';
import { createAgent, createPerson, createWorkspace, type TestAgent, type TestPerson } from './identity';

export type ServedFront = Awaited<ReturnType<typeof serveFront>>;

/** The front alone on loopback, with an empty workspace: no pages, no target. */
export async function serveFront(options: { callsPerSecond?: number } = {}) {
  const database = await freshDatabase();
  const container = createContainer({
    NODE_ENV: 'test',
    DATABASE_URL: database.url,
    PORT: 1,
    HOST: '127.0.0.1',
    HOLDPOINT_URL: 'http://holdpoint.test',
    HOLDPOINT_SECRET: randomBytes(32).toString('base64'),
    HOLDPOINT_AGENT_CALLS_PER_SECOND: 10_000,
    HOLDPOINT_PROXIES: 0,
    HOLDPOINT_LOG: 'silent',
    MAIL_FROM: 'holdpoint@localhost',
  });
  const { world } = container;
  const cookie = sessionCookie({ url: world.url, secret: container.secret });
  const authenticateAgent = createAuthenticateAgent(world);
  const authenticateReviewer = createAuthenticateReviewer(world, cookie);
  const turnAway = createPageGate({ world, authenticateReviewer });
  const front = createFront({
    world,
    authenticateAgent,
    authenticateReviewer,
    version: 'test',
    callsPerSecond: options.callsPerSecond ?? 10_000,
    trustedProxies: 0,
  });
  await container.start();
  const server = createHttpServer(async (request, response) => {
    if (front.handle(request, response) || (await turnAway(request, response))) return;
    response.writeHead(404).end('not the front');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { db } = world;
  let isStopped = false;
  /** Goes down in the order of the main process; resolves when nothing is served any more. */
  const stop = async () => {
    if (isStopped) return;
    isStopped = true;
    front.close();
    await container.stopWaiting();
    await drain(server, 5_000);
  };
  return {
    url,
    world,
    hub: world.changes as Hub,
    database,
    stop,
    positionOf: front.positionOf,
    createPerson: async (of: Parameters<typeof createPerson>[2] = {}) =>
      createPerson(db, await createWorkspace(db), of),
    createAgent: (owner: TestPerson): Promise<TestAgent> => createAgent(db, owner),
    /** The Cookie header of somebody who has just signed in. */
    async signIn(person: TestPerson): Promise<{ cookie: string; sessionId: string }> {
      const sessionId = newId('session');
      const { workspaceId, id: personId } = person;
      await db.prisma.session.create({
        data: { id: sessionId, workspaceId, personId, expiresAt: new Date(Date.now() + 3_600_000) },
      });
      const token = await encode({ token: { sid: sessionId }, secret: cookie.secret });
      return { cookie: `${cookie.name}=${token}`, sessionId };
    },
    async close() {
      await stop();
      await authenticateAgent.close();
      await container.close();
      await database.drop();
    },
  };
}

/** An action of this agent that waits for a reviewer. */
export async function insertHeldAction(front: ServedFront, agent: TestAgent): Promise<string> {
  const id = newId('action');
  const { ownerId } = await front.world.db.prisma.agent.findUniqueOrThrow({ where: { id: agent.id } });
  await front.world.db.prisma.plannedAction.create({
    data: {
      id,
      ownerId,
      workspaceId: agent.workspaceId,
      agentId: agent.id,
      keyId: agent.keyId,
      toolId: 'tol_test',
      toolName: 'test',
      toolHash: 'x',
      execution: 'broker',
      args: {},
      digest: 'x',
      status: 'held',
      heldAt: new Date(),
      expiresAt: new Date(Date.now() + 3_600_000),
    },
  });
  return id;
}

/** A request as it goes over the wire: Node's own client, which sends any header and body it is told to. */
export function send(
  url: string,
  init: { method?: string; headers?: Record<string, string>; body?: string | Buffer | Iterable<Buffer> } = {},
): Promise<{ status: number; headers: Record<string, string | string[] | undefined>; text: string }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      url,
      { method: init.method ?? 'GET', headers: init.headers ?? {} },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
        );
      },
    );
    request.on('error', reject);
    if (init.body === undefined || typeof init.body === 'string' || Buffer.isBuffer(init.body)) {
      request.end(init.body);
    } else {
      for (const chunk of init.body) request.write(chunk);
      request.end();
    }
  });
}
