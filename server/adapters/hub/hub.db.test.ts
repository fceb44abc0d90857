import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Change } from '@/server/domain/ports';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import { createHub, type Hub } from './hub';

const silent = { warn: () => undefined, info: () => undefined };
let database: TestDatabase;
let hub: Hub;

beforeAll(async () => {
  database = await freshDatabase({ template: 'empty' });
  hub = createHub({ url: database.url, log: silent });
  await hub.start();
});
afterAll(async () => {
  await hub.shutdown();
  await database.drop();
});

const tell = (payload: unknown) =>
  database.pool.query('SELECT pg_notify($1, $2)', [
    'holdpoint',
    typeof payload === 'string' ? payload : JSON.stringify(payload),
  ]);

/** The next change of a workspace; null is "read everything again". */
const nextChange = (workspaceId: string) =>
  new Promise<Change | null>((resolve) => {
    const off = hub.onWorkspace(workspaceId, (change) => {
      off();
      resolve(change);
    });
  });

async function cutTheLine(): Promise<void> {
  await database.pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'holdpoint hub' AND datname = current_database()`,
  );
}

test('a notification wakes who waits for that action', async () => {
  const wait = hub.wait('act_1', 60_000);
  await tell({ w: 'ws_1', a: 'act_1', s: 'released' });
  expect(await wait).toBe(true);
});

test('a workspace hears its own changes and not those of another', async () => {
  const heard = nextChange('ws_1');
  await tell({ w: 'ws_2', a: 'act_9', s: 'held' });
  await tell({ w: 'ws_1', a: 'act_2', s: 'held' });
  expect(await heard).toEqual({ workspaceId: 'ws_1', actionId: 'act_2', status: 'held' });
});

test('a change of configuration reaches those who keep configuration', async () => {
  const heard = new Promise((resolve) => {
    const off = hub.onConfig((workspaceId) => {
      off();
      resolve(workspaceId);
    });
  });
  await tell({ w: 'ws_3', c: 1 });
  expect(await heard).toBe('ws_3');
});

test.each(['', 'not json', '[]', 'null', '{"w":7}', '{"a":"act_1"}'])(
  'a notification that is not ours (%s) disturbs nobody',
  async (payload) => {
    const heard = nextChange('ws_1');
    await tell(payload);
    await tell({ w: 'ws_1', s: 'held' });
    expect(await heard).toEqual({ workspaceId: 'ws_1', status: 'held' });
  },
);

test('after a lost connection it listens again, and everybody is told to read again', async () => {
  const resync = nextChange('ws_1');
  const waiting = hub.wait('act_5', 60_000);
  const config = new Promise((resolve) => hub.onConfig(resolve));
  await cutTheLine();
  expect(await resync).toBeNull();
  expect(await waiting).toBe(true);
  expect(await config).toBeNull();
  const heard = nextChange('ws_1');
  await tell({ w: 'ws_1', a: 'act_6' });
  expect(await heard).toEqual({ workspaceId: 'ws_1', actionId: 'act_6' });
});

test('a database that is not there yet is waited for', async () => {
  const late = new URL(database.url);
  late.pathname = `${late.pathname}_late`;
  const name = late.pathname.slice(1);
  let created: Hub | undefined;
  let started: Promise<void> | undefined;
  await new Promise<void>((refused) => {
    created = createHub({ url: late.toString(), log: { ...silent, warn: () => refused() } });
    started = created.start();
  });
  await database.pool.query(`CREATE DATABASE ${name}`);
  await started;
  const heard = created?.wait('act_1', 60_000);
  const client = new pg.Client({ connectionString: late.toString() });
  await client.connect();
  await client.query(`SELECT pg_notify('holdpoint', '{"w":"ws_1","a":"act_1"}')`);
  await client.end();
  expect(await heard).toBe(true);
  await created?.shutdown();
  await database.pool.query(`DROP DATABASE ${name} WITH (FORCE)`);
});

test('shutting down ends every wait with false, and later ones at once', async () => {
  const other = createHub({ url: database.url, log: silent });
  await other.start();
  const waits = [other.wait('act_1', 60_000), other.wait('act_2', 60_000)];
  await other.shutdown();
  expect(await Promise.all(waits)).toEqual([false, false]);
  expect(await other.wait('act_1', 60_000)).toBe(false);
  expect(other.waiting).toBe(0);
});
