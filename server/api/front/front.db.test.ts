import { createTRPCClient, httpBatchLink, httpLink, TRPCClientError } from '@trpc/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AppRouter } from '@/server/api/trpc/root';
import { inTransaction } from '@/server/store/database';
import { wake } from '@/server/store/outbox';
import { insertHeldAction, type ServedFront, send, serveFront } from '@/server/testing/front';
import type { TestAgent, TestPerson } from '@/server/testing/identity';

const JSON_TYPE = { 'content-type': 'application/json' };
let front: ServedFront;
let person: TestPerson;
let agent: TestAgent;
let key: { authorization: string };
let cookie: { cookie: string };

beforeAll(async () => {
  front = await serveFront();
  person = await front.createPerson({ roles: ['owner'] });
  agent = await front.createAgent(person);
  key = { authorization: `Bearer ${agent.key}` };
  cookie = { cookie: (await front.signIn(person)).cookie };
});
afterAll(() => front.close());

const get = (path: string, headers: Record<string, string> = {}) => send(`${front.url}${path}`, { headers });
const post = (
  path: string,
  body: Parameters<typeof send>[1] extends infer I
    ? NonNullable<I> extends { body?: infer B }
      ? B
      : never
    : never,
  headers: Record<string, string> = {},
) => send(`${front.url}${path}`, { method: 'POST', body, headers: { ...JSON_TYPE, ...headers } });
const dataOf = (answer: { text: string }) => JSON.parse(answer.text).error?.data ?? {};
const startRun = (body: Parameters<typeof post>[1], headers: Record<string, string> = {}) =>
  post('/api/trpc/agent.startRun', body, { ...key, ...headers });

test("tRPC's own client speaks with the agents' front, answers and errors alike", async () => {
  const client = createTRPCClient<AppRouter>({
    links: [httpLink({ url: `${front.url}/api/trpc`, headers: key })],
  });
  expect(await client.agent.whoami.query()).toMatchObject({ agentId: agent.id, status: 'active' });
  expect(await client.agent.tools.query()).toEqual([]);
  const { runId } = await client.agent.startRun.mutate({ goal: 'count' });
  expect(await client.agent.finishRun.mutate({ runId })).toMatchObject({ runId });
  const error = await client.agent.get.query({ actionId: 'act_none' }).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(TRPCClientError);
  expect(error).toMatchObject({
    data: { code: 'NOT_FOUND', httpStatus: 404, holdpointCode: 'action_unknown' },
  });
});

test("a batching client gets the same from the general front, for agents' calls too", async () => {
  const client = createTRPCClient<AppRouter>({
    links: [httpBatchLink({ url: `${front.url}/api/trpc`, headers: key })],
  });
  const [me, tools] = await Promise.all([client.agent.whoami.query(), client.agent.tools.query()]);
  expect([me.agentId, tools]).toEqual([agent.id, []]);
});

test.each([
  ['an answer', 'GET', 'agent.whoami', undefined],
  ['an empty list', 'GET', 'agent.tools', undefined],
  ['an input of the wrong shape', 'POST', 'agent.startRun', { gol: 'x' }],
  ['a refusal of an operation', 'GET', 'agent.get', { actionId: 'act_none' }],
  ['an unknown procedure', 'GET', 'agent.nothing', undefined],
  ['a mutation by GET', 'GET', 'agent.startRun', { goal: 'x' }],
  ['a query by POST', 'POST', 'agent.whoami', undefined],
] as const)('%s is the same, byte for byte, from both fronts', async (_, method, path, input) => {
  const query = (value: unknown) =>
    method === 'GET' && value !== undefined ? `input=${encodeURIComponent(JSON.stringify(value))}` : '';
  const body = (value: unknown) =>
    method === 'POST' ? { body: value === undefined ? '' : JSON.stringify(value) } : {};
  const headers = { ...key, ...(method === 'POST' ? JSON_TYPE : {}) };
  const lean = await send(`${front.url}/api/trpc/${path}?${query(input)}`, {
    method,
    headers,
    ...body(input),
  });
  const batched = input === undefined ? undefined : { 0: input };
  const general = await send(`${front.url}/api/trpc/${path}?batch=1&${query(batched)}`, {
    method,
    headers,
    ...(method === 'POST' ? { body: JSON.stringify(batched ?? {}) } : {}),
  });
  expect(`[${lean.text}]`).toBe(general.text);
  expect(lean.status).toBe(general.status);
  expect(lean.headers['content-type']).toBe(general.headers['content-type']);
});

test('without a key an agent is told how to send one, and the connection stays open', async () => {
  const answer = await get('/api/trpc/agent.whoami');
  expect(answer.status).toBe(401);
  expect(dataOf(answer)).toMatchObject({ holdpointCode: 'unauthenticated', path: 'agent.whoami' });
  expect(answer.headers.connection).toBe('keep-alive');
});

test.each([
  ['a word', 'hello'],
  ['half an object', '{"goal":'],
  ['two values', '{} {}'],
  ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00])],
])('a body that is not JSON (%s) is input_invalid, not a fault', async (_, body) => {
  const answer = await startRun(body);
  expect(answer.status).toBe(400);
  expect(dataOf(answer).holdpointCode).toBe('input_invalid');
});

test('an input that is not JSON is input_invalid', async () => {
  expect(dataOf(await get('/api/trpc/agent.get?input=%7Bx', key)).holdpointCode).toBe('input_invalid');
});

test('a body of another type is refused', async () => {
  const answer = await startRun('goal=x', { 'content-type': 'application/x-www-form-urlencoded' });
  expect(dataOf(answer).holdpointCode).toBe('input_invalid');
});

test('each wrong place of an input has its JSON pointer and says what to do', async () => {
  const answer = await startRun('{"goal":7,"a/b":1}');
  expect(dataOf(answer)).toMatchObject({
    holdpointCode: 'input_invalid',
    problems: [
      { pointer: '/goal', message: expect.any(String) },
      { pointer: '/a~1b', message: 'This key is not known here; remove it.' },
    ],
  });
  expect(dataOf(await startRun('{}')).problems[0]).toEqual({
    pointer: '/goal',
    message: 'This is missing; it must be string.',
  });
});

const megabytes = (n: number) => Buffer.alloc(n * 1024 * 1024, 'x');
test.each([
  ['announced', megabytes(3)],
  ['in chunks of unknown length', [megabytes(1), megabytes(1), megabytes(1)]],
])('a body beyond 1 MB (%s) is args_too_large, and the next request is served', async (_, body) => {
  const answer = await startRun(body);
  expect(answer.status).toBe(413);
  expect(dataOf(answer).holdpointCode).toBe('args_too_large');
  expect((await get('/api/trpc/agent.whoami', key)).status).toBe(200);
});

test('nobody without a key makes the server read a body', async () => {
  const answer = await post('/api/trpc/agent.startRun', megabytes(3), {
    authorization: 'Bearer nothing',
  }).catch(() => null);
  // Cut off or answered, but never taken for an input.
  expect([401, undefined]).toContain(answer?.status);
});

test('a key never uses the cookie beside it, and a wrong key is not saved by one', async () => {
  expect(dataOf(await get('/api/trpc/me.get', { ...key, ...cookie })).holdpointCode).toBe('unauthenticated');
  expect(
    dataOf(await get('/api/trpc/me.get', { authorization: 'Bearer hp_x', ...cookie })).holdpointCode,
  ).toBe('key_invalid');
  expect(dataOf(await get('/api/trpc/agent.whoami', cookie)).holdpointCode).toBe('unauthenticated');
  expect((await get('/api/trpc/me.get', cookie)).status).toBe(200);
});

test.each([
  ['another origin', { origin: 'http://evil.example' }],
  ['a sandboxed frame', { origin: 'null' }],
  ['another port of this machine', { origin: 'http://127.0.0.1:1' }],
  ['a cross-site fetch', { 'sec-fetch-site': 'cross-site' }],
  ['a sibling site', { 'sec-fetch-site': 'same-site' }],
])('with a cookie, a change asked for by %s is not carried out', async (_, headers) => {
  const answer = await post('/api/trpc/me.revokeSessions', '{"sessionId":"ses_none"}', {
    ...cookie,
    ...headers,
  });
  expect(answer.status).toBe(403);
  expect(dataOf(answer).holdpointCode).toBe('forbidden');
});

test.each([['text/plain'], ['application/x-www-form-urlencoded'], ['multipart/form-data; boundary=x']])(
  'with a cookie, what a form can send (%s) is not carried out',
  async (type) => {
    const answer = await post('/api/trpc/me.revokeSessions', '{"sessionId":"ses_none"}', {
      ...cookie,
      'content-type': type,
    });
    expect(dataOf(answer).holdpointCode).toBe('input_invalid');
  },
);

test.each([
  ['a script', {}],
  ['our own page', { origin: '<own>', 'sec-fetch-site': 'same-origin' }],
  ['the address people use', { origin: 'http://holdpoint.test' }],
])('with a cookie, a change asked for by %s is carried out', async (_, headers) => {
  const own = Object.fromEntries(Object.entries(headers).map(([k, v]) => [k, v === '<own>' ? front.url : v]));
  const answer = await post('/api/trpc/me.revokeSessions', '{"sessionId":"ses_none"}', { ...cookie, ...own });
  expect(JSON.parse(answer.text)).toEqual({ result: { data: { ended: 0 } } });
});

test('a GET changes nothing: every mutation refuses it', async () => {
  for (const path of [
    'me.revokeSessions',
    'setup.accept',
    'halt.engage',
    'review.decide',
    'admin.apply',
    'agent.cancel',
  ]) {
    const answer = await get(`/api/trpc/${path}?input=%7B%7D`, path.startsWith('agent') ? key : cookie);
    expect([path, answer.status]).toEqual([path, 405]);
  }
});

test('who asks is never taken from a body or a header', async () => {
  const other = await front.createPerson();
  const forged = {
    'x-person-id': other.id,
    'x-workspace-id': other.workspaceId,
    'x-forwarded-user': other.email,
  };
  expect(dataOf(await get('/api/trpc/me.get', forged)).holdpointCode).toBe('unauthenticated');
  const answer = await startRun(
    JSON.stringify({ goal: 'x', agentId: 'agt_other', workspaceId: other.workspaceId }),
  );
  expect(dataOf(answer).problems.map((p: { pointer: string }) => p.pointer)).toEqual([
    '/agentId',
    '/workspaceId',
  ]);
});

test('a fault says nothing about itself but a reference', async () => {
  const broken = await serveFront();
  const someone = await broken.createPerson();
  const session = await broken.signIn(someone);
  await broken.world.db.prisma.$executeRaw`ALTER TABLE workspace RENAME COLUMN name TO title`;
  const answer = await send(`${broken.url}/api/trpc/me.get`, { headers: { cookie: session.cookie } });
  expect(answer.status).toBe(500);
  expect(dataOf(answer).holdpointCode).toBe('internal');
  expect(answer.text).not.toMatch(/column|workspace|prisma|stack|\.ts/i);
  expect(JSON.parse(answer.text).error.message).toMatch(/reference: [0-9a-f]{12}/);
  await broken.close();
});

test('an agent that runs wild is told to wait; its neighbour is not', async () => {
  const slow = await serveFront({ callsPerSecond: 3 });
  const owner = await slow.createPerson();
  const [wild, calm] = [await slow.createAgent(owner), await slow.createAgent(owner)];
  const call = (of: TestAgent) =>
    send(`${slow.url}/api/trpc/agent.whoami`, { headers: { authorization: `Bearer ${of.key}` } });
  const answers = await Promise.all(Array.from({ length: 12 }, () => call(wild)));
  const refused = answers.find((answer) => answer.status === 429);
  expect(dataOf(refused ?? { text: '{}' })).toMatchObject({
    holdpointCode: 'rate_limited',
    retryAfterSeconds: 1,
  });
  expect(refused?.headers['retry-after']).toBe('1');
  expect((await call(calm)).status).toBe(200);
  await slow.close();
});

test('a long poll answers when its action changes', async () => {
  const actionId = await insertHeldAction(front, agent);
  const input = encodeURIComponent(JSON.stringify({ actionId, waitSeconds: 50 }));
  const waiting = get(`/api/trpc/agent.wait?input=${input}`, key);
  await expect.poll(() => front.hub.waiting).toBe(1);
  await inTransaction(front.world.db, async (tx) => {
    await tx.plannedAction.update({ where: { id: actionId }, data: { status: 'rejected' } });
    await wake(tx, agent.workspaceId, { actionId, status: 'rejected' });
  });
  expect(JSON.parse((await waiting).text).result.data).toMatchObject({ actionId, status: 'rejected' });
});

test('when the client of a long poll leaves, nothing of it stays behind', async () => {
  const actionId = await insertHeldAction(front, agent);
  const input = encodeURIComponent(JSON.stringify({ actionId, waitSeconds: 50 }));
  const leave = new AbortController();
  const polls = Array.from({ length: 20 }, () =>
    fetch(`${front.url}/api/trpc/agent.wait?input=${input}`, { headers: key, signal: leave.signal }).catch(
      () => 'left',
    ),
  );
  await expect.poll(() => front.hub.waiting).toBe(20);
  leave.abort();
  expect(new Set(await Promise.all(polls))).toEqual(new Set(['left']));
  await expect.poll(() => front.hub.waiting).toBe(0);
});

test('health, readiness and the release keys are open to everybody', async () => {
  expect(JSON.parse((await get('/healthz')).text)).toEqual({ status: 'ok', version: 'test' });
  expect(JSON.parse((await get('/readyz')).text)).toEqual({ status: 'ready' });
  const { keys } = JSON.parse((await get('/.well-known/jwks.json')).text);
  expect(keys[0]).toMatchObject({ kty: 'OKP', crv: 'Ed25519', use: 'sig' });
  expect(keys[0]).not.toHaveProperty('d');
  expect((await send(`${front.url}/healthz`, { method: 'POST' })).status).toBe(405);
});

test('what is not the API is left to the pages, those that are open to nobody only after sign-in', async () => {
  for (const path of ['/sign-in', '/api/auth/csrf', '/api/trpcx']) {
    expect([path, (await get(path)).text]).toEqual([path, 'not the front']);
  }
  for (const path of ['/', '/constructor']) {
    expect([path, (await get(path)).text]).toEqual([path, 'Sign in first.']);
  }
});

test('on the way down what waits is answered, new work is not taken, and it ends', async () => {
  const leaving = await serveFront();
  const owner = await leaving.createPerson();
  const waiter = await leaving.createAgent(owner);
  const actionId = await insertHeldAction(leaving, waiter);
  const input = encodeURIComponent(JSON.stringify({ actionId, waitSeconds: 50 }));
  const poll = send(`${leaving.url}/api/trpc/agent.wait?input=${input}`, {
    headers: { authorization: `Bearer ${waiter.key}` },
  });
  await expect.poll(() => leaving.hub.waiting).toBe(1);
  await leaving.stop();
  const answer = await poll;
  expect(JSON.parse(answer.text).result.data.status).toBe('held');
  expect(answer.headers).toMatchObject({ connection: 'close', 'retry-after': '1' });
  await expect(send(`${leaving.url}/healthz`)).rejects.toThrow();
  await leaving.close();
});
