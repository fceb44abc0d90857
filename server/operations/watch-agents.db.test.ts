import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AgentScope, ReviewerScope } from '@/server/domain/scopes';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import {
  accepted,
  createWorld,
  EFFECTS,
  openProcess,
  plan,
  refusedAs,
  type World,
} from '@/server/testing/world';
import { closeAnomaly, listAnomalies, saveAnomalyRule } from './anomalies';
import { submitAction } from './submit-action';
import { watchAgents } from './watch-agents';

let fresh: TestDatabase;
let world: World;
let lead: ReviewerScope;
beforeAll(async () => {
  fresh = await freshDatabase();
  world = await createWorld(fresh.url);
  lead = await world.person('Lead', { roles: ['security_lead'] });
  await world.tool('pages.read', { effects: EFFECTS.allowed });
  await world.tool('pages.write', { effects: EFFECTS.held });
});
afterAll(async () => {
  await world.close();
  await fresh.drop();
});

type Rule = Parameters<typeof saveAnomalyRule>[2];
const set = (rule: Rule['rule'], mode: Rule['mode'], bound: number, resources: string[] = []) =>
  saveAnomalyRule(world.deps, lead, { rule, mode, bound, resources }).then(accepted);
const open = async () =>
  accepted(await listAnomalies(world.deps, lead)).anomalies.filter((a) => a.closed === null);
const read = (agent: AgentScope, i: number, tool = 'pages.read') =>
  submitAction(world.deps, agent, { tool, args: { i } }).then(accepted);
const closeAll = async () => {
  for (const { anomalyId } of await open())
    accepted(await closeAnomaly(world.deps, lead, { anomalyId, note: 'seen' }));
};

test('a burst is said once, by whichever process sees it, and to people; looking at it ends it for a while', async () => {
  const agent = await world.agent('hasty');
  await set('burst', 'propose', 10);
  for (let i = 0; i < 10; i += 1) await read(agent, i);
  expect(await watchAgents(world.deps)).toBe(0);
  await read(agent, 10);
  const other = await openProcess(fresh.url, world.secret);
  const raised = await Promise.all([
    watchAgents(world.deps),
    watchAgents(other.deps),
    watchAgents(world.deps),
  ]);
  await other.close();
  expect(raised.reduce((a, b) => a + b)).toBe(1);
  const [found, ...more] = await open();
  expect(more).toEqual([]);
  expect(found).toMatchObject({
    agent: { name: 'hasty' },
    rule: 'burst',
    what: '11 actions planned within a minute',
    haltId: null,
  });
  expect((await read(agent, 99)).status).toBe('released');
  accepted(
    await closeAnomaly(world.deps, lead, { anomalyId: found?.anomalyId ?? '', note: 'the monthly run' }),
  );
  expect(await watchAgents(world.deps)).toBe(0);
  const { rows } = await fresh.pool.query("SELECT topic FROM outbox WHERE topic = 'anomaly.found'");
  expect(rows).toHaveLength(1);
  await set('burst', 'off', 10);
});

test('where a workspace wants it, the agent is halted by itself, and only that one', async () => {
  const [agent, bystander] = [await world.agent('denied often'), await world.agent('quiet')];
  await set('denied', 'engage', 2);
  await world.tool('keys.send', {
    effects: [{ effect: 'send' as const, audience: '$.to', classes: ['credential'] }],
  });
  for (let i = 0; i < 3; i += 1) {
    const sent = await submitAction(world.deps, agent, {
      tool: 'keys.send',
      args: { to: `x${i}@evil.example` },
    });
    expect(accepted(sent).status).toBe('denied');
  }
  expect(await watchAgents(world.deps)).toBe(1);
  expect(refusedAs(await submitAction(world.deps, agent, { tool: 'pages.read', args: {} }))).toBe('halted');
  expect((await read(bystander, 1)).status).toBe('released');
  expect((await open())[0]).toMatchObject({ rule: 'denied', haltId: expect.stringMatching(/^hlt_/) });
  await closeAll();
  expect(refusedAs(await submitAction(world.deps, agent, { tool: 'pages.read', args: {} }))).toBe('halted');
});

test('a canary halts whoever plans to touch it, held or not, and names the action', async () => {
  const agent = await world.agent('curious');
  const touched = await plan(world, agent, 'pages.write', { path: '/honeypot' });
  expect(await watchAgents(world.deps)).toBe(0);
  await set('canary', 'engage', 0, ['/honeypot']);
  expect(await watchAgents(world.deps)).toBe(1);
  expect((await open())[0]).toMatchObject({ rule: 'canary', actionId: touched.actionId });
  expect(refusedAs(await submitAction(world.deps, agent, { tool: 'pages.read', args: {} }))).toBe('halted');
  await closeAll();
});

test('many reached outside for the first time are said; the same ones again are not', async () => {
  const agent = await world.agent('mailer');
  await set('new_audience', 'propose', 2);
  await set('ledger', 'propose', 50);
  const expose = (knowers: string[], count: number) =>
    fresh.pool.query(
      `INSERT INTO exposure (workspace_id, action_id, agent_id, tool_name, kind, knowers, classes, count, revision, at)
       SELECT workspace_id, id, agent_id, tool_name, 'sent', $2, '{personal}', $3, 1, now() FROM planned_action WHERE agent_id = $1 ORDER BY id DESC LIMIT 1`,
      [agent.agentId, knowers, count],
    );
  await read(agent, 1);
  await expose(['a@x.example', 'per_1', 'b@x.example'], 10);
  expect(await watchAgents(world.deps)).toBe(0);
  await expose(['c@x.example'], 41);
  expect(await watchAgents(world.deps)).toBe(2);
  expect((await open()).map((a) => a.what).sort()).toEqual([
    '3 addresses outside reached for the first time within five minutes',
    'It came to know data of 51 people within five minutes',
  ]);
  await closeAll();
});

test('of another workspace nothing is seen or changed', async () => {
  const elsewhere = await createWorld(fresh.url);
  const theirs = await elsewhere.person('Theirs', { roles: ['owner'] });
  const all = accepted(await listAnomalies(elsewhere.deps, theirs));
  expect(all.anomalies).toEqual([]);
  expect(all.rules.find((r) => r.rule === 'canary')?.resources).toEqual([]);
  const { rows } = await fresh.pool.query('SELECT id FROM anomaly LIMIT 1');
  expect(refusedAs(await closeAnomaly(elsewhere.deps, theirs, { anomalyId: rows[0].id, note: 'x' }))).toBe(
    'anomaly_unknown',
  );
  await elsewhere.close();
});
