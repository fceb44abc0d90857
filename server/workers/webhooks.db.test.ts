import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startService } from '@/server/adapters/http/testing';
import { createWebhooks } from '@/server/adapters/notify/webhooks';
import type { AgentScope, ReviewerScope } from '@/server/domain/scopes';
import { decideAction } from '@/server/operations/decide-action';
import { deliverNotices } from '@/server/operations/deliver-notices';
import { listDeliveries, retryDelivery } from '@/server/operations/list-deliveries';
import { takeNotices } from '@/server/store/outbox-queue';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import { outsideData } from '@/server/testing/outside-data';
import { accepted, createWorld, EFFECTS, plan, refusedAs, type World } from '@/server/testing/world';

const SECRET = `whsec_${randomBytes(32).toString('base64')}`;
const vectors = outsideData('crypto_vectors/standard_webhooks.json');

let fresh: TestDatabase;
let world: World;
let service: Awaited<ReturnType<typeof startService>>;
let workspace: string;
let agent: AgentScope;
let ana: ReviewerScope;
let answer: { status: number; headers?: Record<string, string> } = { status: 204 };

beforeAll(async () => {
  fresh = await freshDatabase();
  world = await createWorld(fresh.url);
  await world.tool('pages.write', { effects: EFFECTS.held });
  await world.tool('mail.send', { effects: EFFECTS.heldForTwo });
  agent = await world.agent('writer [x](https://evil.example)');
  ana = await world.person('Ana');
  const { rows } = await fresh.pool.query('SELECT name FROM workspace WHERE id = $1', [world.workspaceId]);
  workspace = rows[0].name;
  service = await startService((_, response) => response.writeHead(answer.status, answer.headers).end());
});
afterAll(async () => {
  await service.close();
  await world.close();
  await fresh.drop();
});
beforeEach(async () => {
  answer = { status: 204 };
  await fresh.pool.query('DELETE FROM outbox');
  service.heard.length = 0;
});

const entry = (more: object = {}) => ({
  kind: 'webhook',
  workspace,
  name: 'siem',
  url: `${service.url}/siem`,
  secret: SECRET,
  allowPrivate: ['127.0.0.1'],
  ...more,
});
const hooksOf = (...entries: object[]) => createWebhooks(JSON.stringify(entries), world.deps.clock);
const round = (...entries: object[]) =>
  deliverNotices(world.deps, { mail: null, push: null, chats: [], hooks: hooksOf(...entries) });
async function deliverAll(...entries: object[]): Promise<void> {
  while ((await round(...entries)) > 0);
}
let calls = 0;
const held = () => plan(world, agent, 'pages.write', { path: `secret page ${calls++}` });
const dueNow = () => fresh.pool.query('UPDATE outbox SET next_attempt_at = now() WHERE delivered_at IS NULL');
type Told = { type: string; data: Record<string, unknown> };
const verified = () =>
  service.heard.map(({ body, headers }) => {
    const told = new Webhook(SECRET).verify(body, headers as Record<string, string>) as Told;
    return { ...told, id: headers['webhook-id'] };
  });
const deliveries = async (person: ReviewerScope = ana) =>
  accepted(await listDeliveries(world.deps, person)).filter((d) => d.channel === 'webhook');

test.skipIf(vectors === null)('a signature is what Standard Webhooks says it is', () => {
  const { sign_vector: v } = JSON.parse(readFileSync(vectors ?? '', 'utf8'));
  expect(new Webhook(v.secret).sign(v.msg_id, new Date(v.timestamp * 1_000), v.payload)).toBe(v.signature);
});

test('what becomes of an action is told in order, signed, and with none of its data', async () => {
  const action = await held();
  await deliverAll(entry());
  accepted(await decideAction(world.deps, ana, { ...action, decision: 'reject', note: 'not today' }));
  await deliverAll(entry());
  expect(verified().map(({ type, data }) => [type, data.actionId, data.status])).toEqual([
    ['action.held', action.actionId, 'held'],
    ['action.decided', action.actionId, 'rejected'],
  ]);
  const said = JSON.stringify(service.heard);
  for (const kept of ['secret page', 'not today', SECRET]) expect(said).not.toContain(kept);
});

test('only what a filter names is told, and nothing of another workspace', async () => {
  await held();
  await deliverAll(
    entry({ only: { tools: ['mail.send'] } }),
    entry({ name: 'other', workspace: 'Somewhere else' }),
  );
  expect(service.heard).toEqual([]);
});

test('what a service refuses is tried again with the same id, what comes after it waits, and another service is told', async () => {
  answer = { status: 500 };
  const both = [entry(), entry({ name: 'gone', url: 'http://127.0.0.1:9/' })];
  const action = await held();
  await deliverAll(...both);
  accepted(await decideAction(world.deps, ana, { ...action, decision: 'reject', note: 'no' }));
  await deliverAll(...both);
  expect(verified().map(({ type }) => type)).toEqual(['action.held']);
  answer = { status: 200 };
  // A hold that is over is still told, as what it has become.
  for (let n = 0; n < 3; n++) {
    await dueNow();
    await round(...both);
  }
  const [first, again, next] = verified();
  expect(again?.id).toBe(first?.id);
  expect(next?.type).toBe('action.decided');
  expect(service.heard).toHaveLength(3);
});

test('a service that asks to wait is waited for, never longer than an hour, and that is no failure', async () => {
  answer = { status: 429, headers: { 'retry-after': '99999999' } };
  await held();
  await deliverAll(entry());
  const { rows } = await fresh.pool.query(
    `SELECT attempts, next_attempt_at > now() AS later, next_attempt_at <= now() + interval '1 hour' AS bounded
     FROM outbox WHERE channel = 'webhook'`,
  );
  expect(rows).toEqual([{ attempts: 0, later: true, bounded: true }]);
});

test('a process that dies while it delivers has lost nothing: what it took is delivered by another', async () => {
  await held();
  await round(entry());
  expect(await takeNotices(world.deps.db, 10, 0)).toHaveLength(1);
  await deliverAll(entry());
  expect(verified()).toHaveLength(1);
});

test('an address inside that nobody listed is never connected to, and the error says so and no more of the address', async () => {
  await held();
  await deliverAll(entry({ url: `${service.url}/hook?sig=topsecret`, allowPrivate: ['10.9.9.9'] }));
  expect(service.heard).toEqual([]);
  const [first] = await deliveries();
  expect(first?.error).toContain('not a public address');
  expect(first?.error).not.toContain('topsecret');
});

test('a redirect is not followed', async () => {
  answer = { status: 307, headers: { location: `${service.url}/elsewhere` } };
  await held();
  await deliverAll(entry());
  expect(service.heard.map(({ url }) => url)).toEqual(['/siem']);
  expect((await deliveries())[0]).toMatchObject({ state: 'waiting', error: 'It answered 307.' });
});

test('what has arrived is sent again by who may, with its id; nobody of another workspace, and not while it is under way', async () => {
  const lead = await world.person('Lena', { roles: ['security_lead'] });
  await held();
  await deliverAll(entry());
  const [{ deliveryId } = { deliveryId: '' }] = await deliveries();
  const other = await createWorld(fresh.url);
  const stranger = await other.person('Stranger', { roles: ['owner'] });
  expect(refusedAs(await retryDelivery(world.deps, stranger, { deliveryId }))).toBe('delivery_unknown');
  const tries = await Promise.all([1, 2].map(() => retryDelivery(world.deps, lead, { deliveryId })));
  expect(tries.filter((t) => t.ok)).toHaveLength(1);
  await deliverAll(entry());
  const [first, again] = verified();
  expect(again?.id).toBe(first?.id);
  expect(service.heard).toHaveLength(2);
  await other.close();
});

test('a webhook that is not set up any more is given up in the end, not taken for delivered', async () => {
  await held();
  await round(entry());
  await deliverAll();
  expect((await deliveries())[0]).toMatchObject({
    state: 'waiting',
    error: 'No webhook is called siem any more.',
  });
});

test('Teams gets a card about what waits, with a link of its own and no markup of anybody, and nothing of what is over', async () => {
  const { secret: _, ...teams } = entry({ kind: 'teams', name: 'team' });
  const action = await held();
  await deliverAll(teams);
  accepted(await decideAction(world.deps, ana, { ...action, decision: 'reject', note: 'no' }));
  await deliverAll(teams);
  expect(service.heard).toHaveLength(1);
  const { content } = JSON.parse(service.heard[0]?.body ?? '').attachments[0];
  expect(content.actions[0].url).toMatch(/\/r\/[\w-]{43}$/);
  expect(content.body.every((b: { type: string }) => b.type === 'RichTextBlock')).toBe(true);
  expect(service.heard[0]?.body).not.toContain('secret page');
});

test('settings that are wrong are named without their secrets', () => {
  const faults = [
    entry({ secret: 'whsec_short' }),
    entry({ url: 'http://siem.example/', allowPrivate: [] }),
    entry({ url: 'ftp://siem.example/' }),
    entry({ kind: 'carrier pigeon' }),
  ];
  for (const fault of faults) {
    expect(() => hooksOf(fault)).toThrow(/^HOLDPOINT_WEBHOOKS is not right: /);
    expect(() => hooksOf(fault)).not.toThrow(SECRET);
  }
  expect(() => hooksOf(entry(), entry())).toThrow('each name stands once');
  expect(() => createWebhooks(`[{"secret": "${SECRET}"`, world.deps.clock)).toThrow('is not valid JSON');
});
