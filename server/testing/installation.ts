import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { encode } from 'next-auth/jwt';
import { createAgentRole } from '../../prisma/seed/company/create-agent-role';
import { readDemoWorkspace } from '../../prisma/seed/demo-workspace';
import { createAuthenticateAgent } from '../api/auth/authenticate-agent';
import { createAuthenticateReviewer } from '../api/auth/authenticate-reviewer';
import { sessionCookie } from '../api/auth/session-cookie';
import { createFront } from '../api/front/front';
import { createHttpServer, drain } from '../api/front/http-server';
import { createContainer } from '../container';
import { applyDocument } from '../operations/apply-document';
import { newId } from '../store/new-id';
import { freshDatabase, type TestDatabase } from './database';
import { createWorkspace } from './identity';

// biome-ignore lint/suspicious/noExplicitAny: tests read answers as any client would, without the server's types.
type Answer = { status: number; data: any; error: { code: string; message: string } | null };
export type Caller = {
  query(path: string, input?: unknown): Promise<Answer>;
  mutate(path: string, input?: unknown): Promise<Answer>;
};

/** Answers of the API in its own wire format, as any language would read them. */
function caller(base: string, headers: Record<string, string>): Caller {
  const read = async (response: Response): Promise<Answer> => {
    const body = await response.json();
    const error = body.error && { code: body.error.data?.holdpointCode, message: body.error.message };
    return { status: response.status, data: body.result?.data, error: error ?? null };
  };
  return {
    async query(path, input) {
      const query = input === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify(input))}`;
      return read(await fetch(`${base}/api/trpc/${path}${query}`, { headers }));
    },
    async mutate(path, input) {
      const body = input === undefined ? {} : { body: JSON.stringify(input) };
      const init = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, ...body };
      return read(await fetch(`${base}/api/trpc/${path}`, init));
    },
  };
}

/** Serves a real installation without its pages: the container, the front, HTTP on loopback, two databases. */
async function serve(holdpoint: TestDatabase, secret: string) {
  const container = createContainer({
    NODE_ENV: 'test',
    DATABASE_URL: holdpoint.url,
    PORT: 1,
    HOST: '127.0.0.1',
    HOLDPOINT_SECRET: secret,
    HOLDPOINT_AGENT_CALLS_PER_SECOND: 10_000,
    HOLDPOINT_PROXIES: 0,
    HOLDPOINT_LOG: 'silent',
    MAIL_FROM: 'holdpoint@localhost',
  });
  const { world } = container;
  const cookie = sessionCookie({ url: world.url, secret: container.secret });
  const authenticateAgent = createAuthenticateAgent(world);
  const front = createFront({
    world,
    authenticateAgent,
    authenticateReviewer: createAuthenticateReviewer(world, cookie),
    version: 'test',
    callsPerSecond: 10_000,
    trustedProxies: 0,
  });
  await container.start();
  const server = createHttpServer((request, response) => {
    if (!front.handle(request, response)) response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async () => {
    front.close();
    await container.stopWaiting();
    await drain(server, 2_000);
    await authenticateAgent.close();
    await container.close();
  };
  return { url, world, cookie, close };
}

export type Installation = Awaited<ReturnType<typeof startInstallation>>;

/**
 * The demo workspace on a real installation: people sign in by e-mail, agents call by name, the company's database is the target and
 * `company` its administrator's pool. Everything is torn down by `close`.
 */
export async function startInstallation() {
  const [holdpoint, company] = await Promise.all([
    freshDatabase({ template: 'holdpoint' }),
    freshDatabase({ template: 'demo_company' }),
  ]);
  const secret = randomBytes(32).toString('base64');
  const running = await serve(holdpoint, secret);
  const { world, url, cookie } = running;
  const workspaceId = await createWorkspace(world.db, 'Larkfield');
  const role = await createCompanyRole(company);
  const document = await readDemoWorkspace(role);
  const operator = { kind: 'operator' as const, workspaceId, name: 'test' };
  const applied = await applyDocument(world, operator, { document });
  if (!applied.ok) throw new Error(JSON.stringify(applied));
  const keys = new Map(applied.value.agents.map((a) => [a.name, a.key]));
  return {
    url,
    world,
    workspaceId,
    /** How people's cookies are named and sealed, for tests that forge them. */
    cookie,
    company: company.pool,
    holdpoint: holdpoint.pool,
    agent: (name: string): Caller => caller(url, { authorization: `Bearer ${keys.get(name)}` }),
    anybody: (headers: Record<string, string> = {}): Caller => caller(url, headers),
    async person(email: string): Promise<Caller> {
      const person = await world.db.prisma.person.findUniqueOrThrow({ where: { email } });
      const sid = newId('session');
      const expiresAt = new Date(Date.now() + 3_600_000);
      await world.db.prisma.session.create({
        data: { id: sid, workspaceId, personId: person.id, expiresAt },
      });
      const token = await encode({ token: { sid }, secret: cookie.secret });
      return caller(url, { cookie: `${cookie.name}=${token}` });
    },
    /** Resolves once it really is, whatever its agent is told: looked up in the database until then. */
    async until(actionId: string, status: string, round = 1): Promise<void> {
      const find = 'SELECT FROM planned_action WHERE id = $1 AND status = $2 AND round = $3';
      while ((await holdpoint.pool.query(find, [actionId, status, round])).rowCount === 0) {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    async close() {
      await running.close();
      await Promise.all([holdpoint.drop(), company.drop()]);
    },
  };
}

/** Roles belong to the whole server, so each installation has one of its own name. */
async function createCompanyRole(company: TestDatabase): Promise<string> {
  const [password, role] = [randomBytes(12).toString('hex'), `agent_${randomBytes(5).toString('hex')}`];
  await createAgentRole({ url: company.url, password, role });
  const url = new URL(company.url);
  url.username = role;
  url.password = password;
  return url.toString();
}
