import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createHub, type Hub } from '@/server/adapters/hub/hub';
import type { RefusalCode } from '@/server/domain/refusal';
import { type Database, inTransaction, openDatabase } from '@/server/store/database';
import { wake } from '@/server/store/outbox';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import {
  createAgent,
  createPerson,
  createWorkspace,
  type TestAgent,
  type TestPerson,
} from '@/server/testing/identity';
import { type AuthenticateAgent, createAuthenticateAgent } from './authenticate-agent';

let test_: TestDatabase;
let db: Database;
let hub: Hub;
let owner: TestPerson;
let agent: TestAgent;
let authenticate: AuthenticateAgent;
let address = '';
let addresses = 0;

beforeAll(async () => {
  test_ = await freshDatabase();
  db = openDatabase(test_.url);
  hub = createHub({ url: test_.url, log: { warn: () => undefined, info: () => undefined } });
  await hub.start();
  owner = await createPerson(db, await createWorkspace(db, 'Northwind'));
});
beforeEach(async () => {
  agent = await createAgent(db, owner, { clearances: ['internal'] });
  authenticate = createAuthenticateAgent({ db, clock: { now: () => new Date() }, changes: hub });
  // An address of its own for each test: the limit on wrong keys counts per address.
  address = `10.0.0.${++addresses}`;
});
afterAll(async () => {
  await hub.shutdown();
  await db.close();
  await test_.drop();
});

const ask = (key: string, from = address) => authenticate(`Bearer ${key}`, from);
const codeOf = async (key: string, from = address): Promise<RefusalCode | 'accepted'> => {
  const outcome = await ask(key, from);
  return outcome.ok ? 'accepted' : outcome.code;
};
/** Commits a change with its notification and returns once this process has heard of it. */
async function change(sql: string, id: string): Promise<void> {
  const heard = new Promise((resolve) => {
    const off = hub.onConfig((workspaceId) => {
      off();
      resolve(workspaceId);
    });
  });
  await inTransaction(db, async (tx) => {
    await tx.$executeRawUnsafe(sql, id);
    await wake(tx, owner.workspaceId, { config: true });
  });
  await heard;
}
/** Another last character of the secret. */
const withWrongSecret = (key: string) => key.slice(0, -1) + (key.endsWith('0') ? '1' : '0');

test('a key gives the scope of its agent, from the rows and nothing else', async () => {
  const outcome = await ask(agent.key);
  expect(outcome).toEqual({
    ok: true,
    value: {
      kind: 'agent',
      workspaceId: owner.workspaceId,
      workspaceName: 'Northwind',
      agentId: agent.id,
      agentName: agent.id,
      ownerId: owner.id,
      keyId: agent.keyId,
      clearances: ['internal'],
    },
  });
});

test.each([
  ['nothing', undefined],
  ['another scheme', 'Basic aHA6aHA='],
  ['Bearer without a key', 'Bearer '],
])('without a key (%s) it is told how to send one', async (_, header) => {
  const outcome = await authenticate(header, address);
  expect(outcome).toMatchObject({
    ok: false,
    code: 'unauthenticated',
    message: expect.stringContaining('Bearer hp_'),
  });
});

test.each([
  ['words', 'hello'],
  ['another prefix', 'sk_01kh0000000000000000000000_00'],
  ['no secret', 'hp_01kh0000000000000000000000_'],
  ['a quote', "hp_' OR 1=1 --_00"],
  ['a very long one', `hp_${'a'.repeat(100_000)}`],
])('a malformed key (%s) is refused as invalid', async (_, key) => {
  expect(await codeOf(key)).toBe('key_invalid');
});

test('an unknown key and a wrong secret are told the same', async () => {
  const unknown = await ask(`hp_01kh0000000000000000000000_${'0'.repeat(64)}`);
  const wrong = await ask(withWrongSecret(agent.key));
  expect(unknown).toEqual(wrong);
  expect(unknown).toMatchObject({ ok: false, code: 'key_invalid' });
});

test('a wrong secret is refused while the right one is in the cache', async () => {
  expect(await codeOf(agent.key)).toBe('accepted');
  expect(await codeOf(withWrongSecret(agent.key))).toBe('key_invalid');
});

test('a key of one agent with the secret of another opens neither', async () => {
  const other = await createAgent(db, owner);
  const [, , secret] = other.key.split('_');
  const [, id] = agent.key.split('_');
  expect(await codeOf(`hp_${id}_${secret}`)).toBe('key_invalid');
});

test('a revoked key is refused at once although it was just used', async () => {
  expect(await codeOf(agent.key)).toBe('accepted');
  await change('UPDATE agent_key SET revoked_at = now() WHERE id = $1', agent.keyId);
  expect(await ask(agent.key)).toMatchObject({
    code: 'key_invalid',
    message: expect.stringContaining('revoked'),
  });
});

test('a suspended agent is refused at once although it just called', async () => {
  expect(await codeOf(agent.key)).toBe('accepted');
  await change('UPDATE agent SET suspended_at = now() WHERE id = $1', agent.id);
  expect(await codeOf(agent.key)).toBe('agent_suspended');
});

test('a key is refused from the instant it expires, cached or not', async () => {
  let now = new Date();
  const expiresAt = new Date(now.getTime() + 1000);
  const shortLived = await createAgent(db, owner, { expiresAt });
  const timed = createAuthenticateAgent({ db, clock: { now: () => now }, changes: hub });
  expect((await timed(`Bearer ${shortLived.key}`, address)).ok).toBe(true);
  now = expiresAt;
  expect(await timed(`Bearer ${shortLived.key}`, address)).toMatchObject({
    code: 'key_expired',
    message: expect.stringContaining(expiresAt.toISOString()),
  });
});

test('new clearances are in the scope at once', async () => {
  await ask(agent.key);
  await change(`UPDATE agent SET clearances = '{financial}' WHERE id = $1`, agent.id);
  const outcome = await ask(agent.key);
  expect(outcome.ok && outcome.value.clearances).toEqual(['financial']);
});

test('without any notification a change is seen after five seconds of the clock', async () => {
  let now = Date.now();
  const timed = createAuthenticateAgent({ db, clock: { now: () => new Date(now) }, changes: hub });
  expect((await timed(`Bearer ${agent.key}`, address)).ok).toBe(true);
  await db.pool.query('UPDATE agent_key SET revoked_at = now() WHERE id = $1', [agent.keyId]);
  now += 5_000;
  expect(await timed(`Bearer ${agent.key}`, address)).toMatchObject({ code: 'key_invalid' });
});

test('an address that guesses is slowed down, while keys known to be right still pass from it', async () => {
  expect(await codeOf(agent.key)).toBe('accepted');
  for (let guess = 0; guess < 20; guess++) await ask(withWrongSecret(agent.key));
  const guesser = await ask(withWrongSecret(agent.key));
  expect(guesser).toMatchObject({ code: 'rate_limited', retryAfterSeconds: expect.any(Number) });
  expect(await codeOf(agent.key)).toBe('accepted');
  const another = await createAgent(db, owner);
  expect(await codeOf(another.key)).toBe('rate_limited');
  expect(await codeOf(another.key, '10.9.9.9')).toBe('accepted');
});

test('when a key was last used is written down, once for many uses', async () => {
  for (let use = 0; use < 5; use++) await ask(agent.key);
  await authenticate.close();
  const key = await db.prisma.agentKey.findUniqueOrThrow({ where: { id: agent.keyId } });
  expect(key.lastUsedAt).not.toBeNull();
});
