import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { endSession } from '@/server/operations/end-session';
import { inTransaction } from '@/server/store/database';
import { wake } from '@/server/store/outbox';
import { type ServedFront, send, serveFront } from '@/server/testing/front';
import type { TestPerson } from '@/server/testing/identity';

type Tab = {
  next(event: string): Promise<unknown>;
  seen: string[];
  /** As a browser keeps it: what the latest event with an id said. */
  lastEventId: string;
  ended: Promise<void>;
  leave(): void;
};
let front: ServedFront;
let person: TestPerson;
let session: { cookie: string; sessionId: string };
const tabs: Tab[] = [];

beforeAll(async () => {
  front = await serveFront();
});
beforeEach(async () => {
  person = await front.createPerson();
  session = await front.signIn(person);
});
afterEach(() => {
  for (const tab of tabs.splice(0)) tab.leave();
});
afterAll(() => front.close());

/** A tab with its stream open; `next` waits for an event of a name and gives its data. */
async function openTab(
  cookie = session.cookie,
  at = front,
  from: { lastEventId?: string; after?: string } = {},
): Promise<Tab> {
  const leaving = new AbortController();
  const response = await fetch(
    `${at.url}/api/stream${from.after === undefined ? '' : `?after=${from.after}`}`,
    {
      headers: { cookie, ...(from.lastEventId === undefined ? {} : { 'last-event-id': from.lastEventId }) },
      signal: leaving.signal,
    },
  );
  const events: { event: string; data: unknown }[] = [];
  const seen: string[] = [];
  let changed = () => {};
  let text = '';
  const read = async () => {
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      const parts = text.split('\n\n');
      text = parts.pop() ?? '';
      for (const part of parts) {
        const event = /^event: (.+)$/m.exec(part)?.[1];
        if (event === undefined) continue;
        seen.push(event);
        tab.lastEventId = /^id: (.+)$/m.exec(part)?.[1] ?? tab.lastEventId;
        events.push({ event, data: JSON.parse(/^data: (.+)$/m.exec(part)?.[1] ?? 'null') });
      }
      changed();
    }
  };
  const tab: Tab = {
    seen,
    lastEventId: '',
    ended: Promise.resolve(),
    leave: () => leaving.abort(),
    async next(event) {
      for (;;) {
        const at = events.findIndex((e) => e.event === event);
        if (at !== -1) return events.splice(at, 1)[0]?.data;
        await new Promise<void>((resolve) => {
          changed = resolve;
        });
      }
    },
  };
  tab.ended = read().catch(() => undefined);
  tabs.push(tab);
  return tab;
}
const change = (workspaceId: string, of: Parameters<typeof wake>[2]) =>
  inTransaction(front.world.db, (tx) => wake(tx, workspaceId, of));

test('a tab hears which action of its workspace changed, and never what is in it', async () => {
  const tab = await openTab();
  expect(await tab.next('hello')).toEqual({ version: 'test', resumed: false });
  await change(person.workspaceId, { actionId: 'act_1', status: 'held' });
  expect(await tab.next('change')).toEqual({ actionId: 'act_1', status: 'held' });
});

test('a tab hears nothing of another workspace', async () => {
  const stranger = await front.createPerson();
  const tab = await openTab();
  await tab.next('hello');
  await change(stranger.workspaceId, { actionId: 'act_secret', status: 'held' });
  await change(person.workspaceId, { actionId: 'act_own' });
  expect(await tab.next('change')).toEqual({ actionId: 'act_own' });
});

test('a tab that comes back goes on where it was: what changed meanwhile, each action once, and nothing again', async () => {
  const tab = await openTab();
  await tab.next('hello');
  await change(person.workspaceId, { actionId: 'act_1', status: 'held' });
  await tab.next('change');
  tab.leave();
  await tab.ended;
  for (const status of ['held', 'released']) await change(person.workspaceId, { actionId: 'act_2', status });
  const from = [
    { lastEventId: tab.lastEventId },
    { after: tab.lastEventId },
    { lastEventId: tab.lastEventId, after: 'x.1' },
  ];
  let latest = '';
  for (const each of from) {
    const back = await openTab(session.cookie, front, each);
    expect(await back.next('hello')).toEqual({ version: 'test', resumed: true });
    expect(await back.next('change')).toEqual({ actionId: 'act_2', status: 'released' });
    back.leave();
    await back.ended;
    expect(back.seen).toEqual(['hello', 'change']);
    latest = back.lastEventId;
  }
  const again = await openTab(session.cookie, front, { lastEventId: latest });
  expect(await again.next('hello')).toEqual({ version: 'test', resumed: true });
  await change(person.workspaceId, { actionId: 'act_3' });
  expect(await again.next('change')).toEqual({ actionId: 'act_3' });
  expect(again.seen).toEqual(['hello', 'change']);
});

test('a page that was read before it listens hears what changed in between', async () => {
  const position = front.positionOf(person.workspaceId);
  await change(person.workspaceId, { actionId: 'act_1', status: 'held' });
  const tab = await openTab(session.cookie, front, { after: position });
  expect(await tab.next('hello')).toEqual({ version: 'test', resumed: true });
  expect(await tab.next('change')).toEqual({ actionId: 'act_1', status: 'held' });
});

test('a tab whose position is not known reads everything: of another workspace, of before a gap, made up', async () => {
  const stranger = await front.createPerson();
  const elsewhere = front.positionOf(stranger.workspaceId);
  const tab = await openTab();
  await tab.next('hello');
  await change(person.workspaceId, { actionId: 'act_1' });
  await tab.next('change');
  const before = tab.lastEventId;
  await front.database.pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'holdpoint hub' AND datname = current_database()`,
  );
  await tab.next('resync');
  for (const lastEventId of [elsewhere, before, `${before}0`, '../../x', 'ü'.repeat(2_000)]) {
    const back = await openTab(session.cookie, front, { after: encodeURIComponent(lastEventId) });
    expect(await back.next('hello'), lastEventId).toEqual({ version: 'test', resumed: false });
    back.leave();
  }
  const resumed = await openTab(session.cookie, front, { lastEventId: tab.lastEventId });
  expect(await resumed.next('hello')).toEqual({ version: 'test', resumed: true });
});

test('after the connection to the database was lost, tabs are told to read everything again', async () => {
  const tab = await openTab();
  await tab.next('hello');
  await front.database.pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'holdpoint hub' AND datname = current_database()`,
  );
  await tab.next('resync');
});

test('signing out ends the stream of that session at once and leaves the others', async () => {
  const elsewhere = await front.signIn(person);
  const [tab, other] = [await openTab(), await openTab(elsewhere.cookie)];
  await Promise.all([tab.next('hello'), other.next('hello')]);
  await endSession(front.world, session.sessionId);
  await tab.ended;
  expect(tab.seen.at(-1)).toBe('bye');
  await change(person.workspaceId, { actionId: 'act_2' });
  expect(await other.next('change')).toMatchObject({ config: true });
  expect(await other.next('change')).toEqual({ actionId: 'act_2' });
});

test('a person who is disabled loses the stream', async () => {
  const tab = await openTab();
  await tab.next('hello');
  await front.world.db.prisma.person.update({ where: { id: person.id }, data: { disabledAt: new Date() } });
  await change(person.workspaceId, { config: true });
  await tab.ended;
});

test('nobody but a signed-in person gets a stream', async () => {
  const agent = await front.createAgent(person);
  for (const headers of [{}, { cookie: 'x=y' }, { authorization: `Bearer ${agent.key}` }]) {
    const answer = await send(`${front.url}/api/stream`, { headers });
    expect(answer.status).toBe(401);
    expect(JSON.parse(answer.text).error.data.holdpointCode).toBe('unauthenticated');
  }
});

test('a tab that leaves is forgotten, and on the way down every stream ends', async () => {
  const leaving = await serveFront();
  const someone = await leaving.createPerson();
  const cookie = (await leaving.signIn(someone)).cookie;
  const [gone, staying] = [await openTab(cookie, leaving), await openTab(cookie, leaving)];
  await Promise.all([gone.next('hello'), staying.next('hello')]);
  gone.leave();
  await leaving.stop();
  await staying.ended;
  expect(staying.seen.at(-1)).toBe('bye');
  await leaving.close();
});
