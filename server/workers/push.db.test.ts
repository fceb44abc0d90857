import { createECDH, randomBytes } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
// @ts-expect-error the library that browsers' implementations are tested with has no types
import ece from 'http_ece';
import { decodeJwt, importJWK, jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { AgentScope, ReviewerScope } from '@/server/domain/scopes';
import { chooseMail } from '@/server/operations/choose-mail';
import { decideAction } from '@/server/operations/decide-action';
import { deliverNotices } from '@/server/operations/deliver-notices';
import { addDevice, listDevices, removeDevice } from '@/server/operations/push-devices';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import { accepted, createWorld, EFFECTS, plan, refusedAs, type World } from '@/server/testing/world';

type Browser = {
  endpoint: string;
  p256dh: string;
  auth: string;
  read: (body: Buffer) => Record<string, string>;
};

let fresh: TestDatabase;
let world: World;
let agent: AgentScope;
let ana: ReviewerScope;
let service: Server;
let base: string;
let answer = 201;
const heard: { url: string; headers: IncomingHttpHeaders; body: Buffer }[] = [];

beforeAll(async () => {
  fresh = await freshDatabase();
  world = await createWorld(fresh.url);
  await world.tool('pages.write', { effects: EFFECTS.held });
  agent = await world.agent('writer');
  ana = await world.person('Ana');
  service = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    heard.push({ url: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks) });
    response.writeHead(answer).end();
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await new Promise((resolve) => service.close(resolve));
  await world.close();
  await fresh.drop();
});
beforeEach(async () => {
  heard.length = 0;
  answer = 201;
  await fresh.pool.query('DELETE FROM outbox');
  await fresh.pool.query('DELETE FROM push_device');
});

/** What a browser keeps when it subscribes: its own key pair and a secret only it and the sender know. */
function browser(name: string): Browser {
  const pair = createECDH('prime256v1');
  const p256dh = pair.generateKeys('base64url');
  const auth = randomBytes(16).toString('base64url');
  const read = (body: Buffer) =>
    JSON.parse(ece.decrypt(body, { version: 'aes128gcm', privateKey: pair, authSecret: auth }).toString());
  return { endpoint: `${base}/${name}`, p256dh, auth, read };
}
const register = async (person: ReviewerScope, of: Browser) => {
  const { read: _, ...device } = of;
  return accepted(await addDevice(world.deps, person, { ...device, userAgent: 'Mozilla/5.0' })).deviceId;
};
async function deliverAll(): Promise<void> {
  const channels = { mail: null, chats: [], hooks: [], push: world.deps.pusher };
  while ((await deliverNotices(world.deps, channels)) > 0);
}
let calls = 0;
const held = () => plan(world, agent, 'pages.write', { path: `secret page ${calls++}` });

test('what is held is shown by every browser of who can decide it, readable only there, signed, with a link of its own and no data', async () => {
  const [desk, phone] = [browser('desk'), browser('phone')];
  await register(ana, desk);
  await register(ana, phone);
  const action = await held();
  await deliverAll();
  expect(heard.map(({ url }) => url).sort()).toEqual(['/desk', '/phone']);
  const [first] = heard.filter(({ url }) => url === '/desk');
  const shown = desk.read(first?.body ?? Buffer.alloc(0));
  expect(shown).toMatchObject({ title: expect.stringContaining('writer'), tag: action.actionId });
  expect(shown.url).toMatch(/^https:\/\/holdpoint\.test\/r\/[\w-]{43}$/);
  expect(JSON.stringify(shown)).not.toContain('secret page');
  expect(() => phone.read(first?.body ?? Buffer.alloc(0))).toThrow();
  const [, token = '', key = ''] = /^vapid t=([^,]+), k=(.+)$/.exec(first?.headers.authorization ?? '') ?? [];
  expect(key).toBe(world.deps.pusher.publicKey);
  const point = Buffer.from(key, 'base64url');
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  };
  await jwtVerify(token, await importJWK(jwk, 'ES256'), { audience: base });
  expect(decodeJwt(token).exp).toBeLessThan(Date.now() / 1_000 + 24 * 3_600 + 60);
});

test('a browser that takes none any more is forgotten; one whose service fails is tried again', async () => {
  await register(ana, browser('gone'));
  answer = 410;
  await held();
  await deliverAll();
  expect((await listDevices(world.deps, ana)).devices).toEqual([]);
  await register(ana, browser('busy'));
  answer = 503;
  await held();
  await deliverAll();
  answer = 201;
  await fresh.pool.query('UPDATE outbox SET next_attempt_at = now() WHERE delivered_at IS NULL');
  await deliverAll();
  expect(heard.map(({ url }) => url)).toEqual(['/gone', '/busy', '/busy']);
  expect((await listDevices(world.deps, ana)).devices[0]?.shownAt).not.toBeNull();
});

test('nothing is shown of what is decided already, below the chosen level, or outside the chosen hours', async () => {
  await register(ana, browser('desk'));
  const action = await held();
  accepted(await decideAction(world.deps, ana, { ...action, decision: 'reject', note: 'no' }));
  await deliverAll();
  accepted(await chooseMail(world.deps, ana, { fromLevel: 'critical', hours: null }));
  await held();
  await deliverAll();
  const hours = new Date().getUTCHours() < 12 ? 'Mon-Sun 20:00-21:00 UTC' : 'Mon-Sun 01:00-02:00 UTC';
  accepted(await chooseMail(world.deps, ana, { fromLevel: 'low', hours }));
  await held();
  await deliverAll();
  accepted(await chooseMail(world.deps, ana, { fromLevel: 'low', hours: null }));
  expect(heard).toEqual([]);
});

test('a browser that changes hands shows nothing to who had it, and nobody removes another one’s', async () => {
  const shared = browser('shared');
  const bob = await world.person('Bob');
  const deviceId = await register(ana, shared);
  accepted(await removeDevice(world.deps, bob, { deviceId }));
  expect((await listDevices(world.deps, ana)).devices).toHaveLength(1);
  await register(bob, shared);
  expect((await listDevices(world.deps, ana)).devices).toEqual([]);
  await held();
  await deliverAll();
  expect(heard).toHaveLength(1);
});

test('an address inside is never called, a key that is none and an eleventh browser are refused', async () => {
  const inside = { ...browser('x'), endpoint: 'http://10.0.0.7/push' };
  await register(ana, inside);
  await held();
  await deliverAll();
  const { rows } = await fresh.pool.query(`SELECT last_error FROM outbox WHERE channel = 'push'`);
  expect(rows[0].last_error).toContain('not a public address');
  for (let n = 0; n < 9; n += 1) await register(ana, browser(`b${n}`));
  const { read: _, ...more } = browser('more');
  expect(refusedAs(await addDevice(world.deps, ana, more))).toBe('conflict');
});
