import { afterEach, expect, test } from 'vitest';
import type { HttpTarget } from '@/server/domain/catalog';
import { footprintDigest } from '@/server/domain/footprint-digest';
import type { RunOptions } from '@/server/domain/ports';
import { NOWHERE } from '@/server/domain/surroundings';
import { createPayloadScanner } from '../payload/payload-scanner';
import { HttpAnalyzer } from './http-analyzer';
import { HttpExecutor } from './http-executor';
import { httpCall, httpTarget, startService, type TestService } from './testing';

const clock = { now: () => new Date() };
const analyzer = new HttpAnalyzer(clock, createPayloadScanner());
const executor = new HttpExecutor(analyzer);
const services: TestService[] = [];
const service = async (handle: Parameters<typeof startService>[0]) => {
  const started = await startService(handle);
  services.push(started);
  return started;
};
afterEach(async () => {
  await Promise.all(services.splice(0).map((s) => s.close()));
});
const at = (of: TestService, extra: Partial<HttpTarget> = {}) =>
  httpTarget({ baseUrl: `${of.url}/v1`, allowPrivate: ['127.0.0.1'], ...extra });
const run = (extra: Partial<RunOptions> = {}): RunOptions => ({
  around: NOWHERE,
  accept: () => true,
  beforeCommit: async () => true,
  deadlineMs: 5_000,
  actionId: 'act_1',
  ...extra,
});
const change = { method: 'PATCH', path: '/customers/7', body: { email: 'a@b.example' } };

test('the approved request is sent once, with credentials and the key that names the action', async () => {
  const crm = await service((_, response) =>
    response
      .writeHead(200, { 'content-type': 'application/json', 'set-cookie': 'a=b', etag: '"2"' })
      .end('{"id":7,"note":"a\\u0000b"}'),
  );
  const evidence: string[] = [];
  const outcome = await executor.run(
    httpCall(at(crm, { credentials: { bearer: 's3cret' }, idempotencyKey: true }), change),
    {
      ...run(),
      beforeCommit: async (text) => {
        // Written down before anything leaves.
        expect(crm.heard).toEqual([]);
        evidence.push(text);
        return true;
      },
    },
  );
  expect(outcome).toMatchObject({
    kind: 'succeeded',
    result: { status: 200, body: { id: 7, note: 'a\ufffdb' }, headers: { etag: '"2"' } },
  });
  expect(JSON.stringify(outcome)).not.toMatch(/s3cret|set-cookie/);
  expect(evidence).toEqual(['request PATCH /customers/{id}']);
  expect(crm.heard).toMatchObject([
    {
      method: 'PATCH',
      url: '/v1/customers/7',
      body: '{"email":"a@b.example"}',
      headers: {
        authorization: 'Bearer s3cret',
        'idempotency-key': 'act_1',
        'content-type': 'application/json',
      },
    },
  ]);
});

test.each([
  [
    { basic: { username: 'u', password: 'p' } },
    'authorization',
    `Basic ${Buffer.from('u:p').toString('base64')}`,
  ],
  [{ header: { name: 'X-Api-Key', value: 'k' } }, 'x-api-key', 'k'],
] as const)('%j are shown to the service', async (credentials, name, value) => {
  const crm = await service((_, response) => response.end());
  await executor.run(httpCall(at(crm, { credentials }), change), run());
  expect(crm.heard[0]?.headers[name]).toBe(value);
});

test('a key in the address is added at the last moment and shown nowhere', async () => {
  const crm = await service((_, response) => response.end());
  const call = httpCall(at(crm, { credentials: { query: { name: 'key', value: 'k3y' } } }), change);
  const outcome = await executor.run(call, run());
  expect(crm.heard[0]?.url).toBe('/v1/customers/7?key=k3y');
  expect(JSON.stringify(outcome)).not.toContain('k3y');
});

test('nothing is sent when what is there is not what was approved, or a halt came first', async () => {
  const crm = await service((_, response) => response.end());
  const call = httpCall(at(crm), change);
  expect(await executor.run(call, run({ accept: () => false }))).toMatchObject({ kind: 'drifted' });
  expect(await executor.run(call, run({ beforeCommit: async () => false }))).toEqual({ kind: 'stopped' });
  expect(await executor.run(call, run({ signal: AbortSignal.abort() }))).toMatchObject({
    kind: 'failed',
    error: { code: 'aborted' },
  });
  expect(crm.heard).toEqual([]);
});

test('a change whose answer is lost after it was sent has an unknown outcome and is not repeated', async () => {
  const crm = await service((request) => request.socket.destroy());
  expect(await executor.run(httpCall(at(crm), change), run())).toMatchObject({ kind: 'unknown_outcome' });
  expect(crm.heard).toHaveLength(1);
});

test('a change the service answers with an error of its own is unknown; one it refuses failed; nothing reached is failed', async () => {
  const crm = await service((request, response) =>
    response
      .writeHead(request.url?.endsWith('/8') ? 422 : 503, { 'content-type': 'application/json' })
      .end('{"why":"x"}'),
  );
  expect(await executor.run(httpCall(at(crm), change), run())).toMatchObject({ kind: 'unknown_outcome' });
  expect(await executor.run(httpCall(at(crm), { ...change, path: '/customers/8' }), run())).toMatchObject({
    kind: 'failed',
    error: { code: 'http_422', response: { status: 422, body: { why: 'x' } } },
  });
  expect(await executor.run(httpCall(at(crm, { allowPrivate: [] }), change), run())).toMatchObject({
    kind: 'failed',
    error: { code: 'address_refused' },
  });
});

test('a halt while a change is in flight leaves its outcome unknown', async () => {
  const stop = new AbortController();
  const crm = await service(() => stop.abort());
  expect(await executor.run(httpCall(at(crm), change), run({ signal: stop.signal }))).toMatchObject({
    kind: 'unknown_outcome',
  });
});

test('a read that is lost failed: it can have changed nothing', async () => {
  const crm = await service((request) => request.socket.destroy());
  expect(await executor.run(httpCall(at(crm), { method: 'GET', path: '/customers' }), run())).toMatchObject({
    kind: 'failed',
  });
});

test('a read is led only to declared reads of the same service', async () => {
  const crm = await service((request, response) => {
    if (request.url === '/v1/customers') response.writeHead(302, { location: '/v1/customers/7' }).end();
    else if (request.url === '/v1/customers/8')
      response.writeHead(302, { location: '/v1/customers/me' }).end();
    else response.end('seven');
  });
  expect(await executor.run(httpCall(at(crm), { method: 'GET', path: '/customers' }), run())).toMatchObject({
    kind: 'succeeded',
    result: { text: 'seven' },
  });
  expect(await executor.run(httpCall(at(crm), { method: 'GET', path: '/customers/8' }), run())).toMatchObject(
    { kind: 'failed', error: { code: 'redirect_refused' } },
  );
});

test('the version the service named when it was measured is what the change insists on; another one is drift', async () => {
  let version = 1;
  const crm = await service((request, response) => {
    if (request.method === 'GET') return response.writeHead(200, { etag: `"${version}"` }).end('{}');
    const isCurrent = request.headers['if-match'] === `"${version}"`;
    return response.writeHead(isCurrent ? 200 : 412).end();
  });
  const call = httpCall(at(crm, { probe: true }), change);
  const approved = await analyzer.measure(call, { deadlineMs: 5_000 });
  const isApproved: RunOptions['accept'] = (now) =>
    footprintDigest(now.footprint) === footprintDigest(approved.footprint);
  expect(await executor.run(call, run({ accept: isApproved }))).toMatchObject({ kind: 'succeeded' });
  // Changed before the execution: seen while measuring.
  version = 2;
  const before = crm.heard.filter((h) => h.method === 'PATCH').length;
  expect(await executor.run(call, run({ accept: isApproved }))).toMatchObject({ kind: 'drifted' });
  expect(crm.heard.filter((h) => h.method === 'PATCH')).toHaveLength(before);
  // Changed in the last moment: the service itself refuses, and it is held again with the difference.
  version = 1;
  const late = run({
    accept: isApproved,
    beforeCommit: async () => {
      version = 3;
      return true;
    },
  });
  const outcome = await executor.run(call, late);
  expect(outcome.kind).toBe('drifted');
  if (outcome.kind === 'drifted') expect(isApproved(outcome.measurement)).toBe(false);
});

test('measuring asks the service only where the operator allows it, and only by a declared read', async () => {
  const crm = await service((_, response) => response.writeHead(200, { etag: 'W/"1"' }).end());
  await analyzer.measure(httpCall(at(crm), change), { deadlineMs: 1_000 });
  expect(crm.heard).toEqual([]);
  const probed = await analyzer.measure(httpCall(at(crm, { probe: true }), change), { deadlineMs: 1_000 });
  expect(crm.heard.map((h) => h.method)).toEqual(['GET']);
  // A weak version is none.
  expect(probed.footprint.rows).toBeUndefined();
  await analyzer.measure(
    httpCall(at(crm, { probe: true, operations: { getCustomer: { effect: 'execute' } } }), change),
    { deadlineMs: 1_000 },
  );
  expect(crm.heard).toHaveLength(1);
});

test('a service that cannot be asked is an unknown, never silence', async () => {
  const crm = await service((request) => request.socket.destroy());
  const { footprint } = await analyzer.measure(httpCall(at(crm, { probe: true }), change), {
    deadlineMs: 2_000,
  });
  expect(footprint.unknowns.map((u) => u.code)).toEqual(['target_unreachable']);
});
