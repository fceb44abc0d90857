import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AgentScope, ReviewerScope } from '@/server/domain/scopes';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import {
  accepted,
  createWorld,
  EFFECTS,
  openProcess,
  refusedAs,
  statusOf,
  type World,
} from '@/server/testing/world';
import { claimRelease } from './claim-release';
import { decideAction } from './decide-action';
import { getAction } from './get-action';
import { endMandate, grantMandate } from './grant-mandate';
import { listTemplates, removeTemplate, saveTemplate } from './mandate-templates';
import { startRun } from './start-run';
import { submitAction } from './submit-action';

let fresh: TestDatabase;
let world: World;
let agent: AgentScope;
let owner: ReviewerScope;
let reviewer: ReviewerScope;
let lead: ReviewerScope;
beforeAll(async () => {
  fresh = await freshDatabase();
  world = await createWorld(fresh.url);
  owner = await world.person('Owner');
  reviewer = await world.person('Rita');
  lead = await world.person('Lead', { roles: ['security_lead'] });
  agent = await world.agent('worker', { owner });
  await world.tool('pages.read', { effects: EFFECTS.allowed });
  await world.tool('news.read', { effects: EFFECTS.allowed });
  await world.tool('pages.write', {
    effects: [{ effect: 'write', resource: '$.path', classes: ['internal'], reversible: true }],
  });
});
afterAll(async () => {
  await world.close();
  await fresh.drop();
});

let n = 0;
const start = async (mandate?: Record<string, unknown>, onBehalfOf?: string) =>
  accepted(
    await startRun(world.deps, agent, {
      goal: 'Read pages',
      ...(mandate ? { mandate } : {}),
      ...(onBehalfOf ? { onBehalfOf } : {}),
    }),
  ).runId;
const submit = async (runId: string, tool = 'pages.read', deps = world.deps) => {
  n += 1;
  return accepted(await submitAction(deps, agent, { tool, args: { n, path: '/a' }, runId }));
};
const give = (who: ReviewerScope, runId: string, limits: object, hours = 1) =>
  grantMandate(world.deps, who, { runId, limits, hours, reason: 'as agreed' });
const rulesOf = async (actionId: string) =>
  accepted(await getAction(world.deps, lead, { actionId })).rules.map((r) => r.id);
const spent = async (runId: string) => {
  const { rows } = await fresh.pool.query(
    'SELECT spent_calls AS calls, spent_rows::int AS rows FROM run WHERE id = $1',
    [runId],
  );
  return rows[0];
};

test('what the agent asks for narrows it from the start: inside flows as always, beyond is held and says why', async () => {
  const runId = await start({ tools: ['pages.read'], note: 'my own words' });
  expect((await submit(runId)).status).toBe('released');
  const beyond = await submit(runId, 'news.read');
  expect(beyond.status).toBe('held');
  const detail = accepted(await getAction(world.deps, lead, { actionId: beyond.actionId }));
  expect(detail.rules.find((r) => r.id === 'outside-mandate')?.because).toContain(
    'It does not name news.read.',
  );
  expect((await submit(await start())).status).toBe('released');
});

test('a budget is spent once by each release, however many come at the same instant and to which process', async () => {
  for (let round = 0; round < 4; round += 1) {
    const runId = await start();
    accepted(await give(reviewer, runId, { budget: { calls: 5 } }));
    const other = await openProcess(fresh.url, world.secret);
    const all = await Promise.all(
      Array.from({ length: 12 }, (_, i) => submit(runId, 'pages.read', i % 2 ? other.deps : world.deps)),
    );
    expect(all.filter((a) => a.status === 'released')).toHaveLength(5);
    expect(all.filter((a) => a.status === 'held')).toHaveLength(7);
    expect(await spent(runId)).toMatchObject({ calls: 5 });
    await other.close();
  }
});

test('what people approve beyond it is spent as well, and nothing of it comes back', async () => {
  const runId = await start();
  accepted(await give(reviewer, runId, { budget: { calls: 2 } }));
  const { actionId, digest } = await submit(runId, 'pages.write');
  const footprintDigest = accepted(await getAction(world.deps, lead, { actionId })).footprintDigest ?? '';
  accepted(
    await decideAction(world.deps, reviewer, { actionId, digest, footprintDigest, decision: 'approve' }),
  );
  expect(await spent(runId)).toMatchObject({ calls: 1, rows: 1 });
  expect((await submit(runId)).status).toBe('released');
  expect((await submit(runId)).status).toBe('held');
});

test('its time: after it everything is held, and what was released under it is not handed out any more', async () => {
  const runId = await start();
  accepted(await give(reviewer, runId, { tools: ['pages.read'] }));
  const before = await submit(runId);
  await fresh.pool.query(
    "UPDATE run SET mandate_expires_at = now() - interval '1 s', revision = revision + 1 WHERE id = $1",
    [runId],
  );
  expect((await submit(runId)).status).toBe('held');
  expect(refusedAs(await claimRelease(world.deps, agent, { actionId: before.actionId }))).toBe(
    'mandate_ended',
  );
  accepted(await give(reviewer, runId, { tools: ['pages.read'] }));
  accepted(await claimRelease(world.deps, agent, { actionId: before.actionId }));
});

test('ending it revokes what is not claimed at once, as a halt does, and holds the rest of the run', async () => {
  const runId = await start();
  accepted(await give(reviewer, runId, { tools: ['pages.read'] }));
  const [one, two] = [await submit(runId), await submit(await start())];
  const ended = accepted(await endMandate(world.deps, lead, { runId, reason: 'done' }));
  expect(ended.revoked).toBe(1);
  expect([await statusOf(world.deps, one.actionId), await statusOf(world.deps, two.actionId)]).toEqual([
    'revoked',
    'released',
  ]);
  const after = await submit(runId);
  expect([after.status, await rulesOf(after.actionId)]).toEqual([
    'held',
    expect.arrayContaining(['outside-mandate']),
  ]);
  expect(accepted(await endMandate(world.deps, lead, { runId, reason: 'again' })).revoked).toBe(0);
});

test('ending it while claims are on their way: none succeeds after it has returned', async () => {
  for (let round = 0; round < 6; round += 1) {
    const runId = await start();
    accepted(await give(reviewer, runId, { tools: ['pages.read'] }));
    const ready = await Promise.all(Array.from({ length: 10 }, () => submit(runId)));
    const claims = ready.map(({ actionId }) => claimRelease(world.deps, agent, { actionId }));
    accepted(await endMandate(world.deps, lead, { runId, reason: 'stop' }));
    const claimed = async () =>
      (
        await fresh.pool.query(
          'SELECT r.id FROM release r JOIN planned_action a ON a.id = r.action_id WHERE a.run_id = $1 AND r.claimed_at IS NOT NULL ORDER BY 1',
          [runId],
        )
      ).rows;
    const atReturn = await claimed();
    await Promise.all(claims);
    expect(await claimed()).toEqual(atReturn);
  }
});

test('a template grants what asks for no more than it gives, to the agents it names', async () => {
  const limits = { tools: ['pages.read', 'news.read'], budget: { calls: 3 } };
  accepted(await saveTemplate(world.deps, lead, { name: 'reading', agents: ['worker'], limits, hours: 2 }));
  const granted = async (runId: string) => {
    const { rows } = await fresh.pool.query(
      "SELECT mandate_by AS by, mandate_limits AS limits, mandate_expires_at > now() + interval '90 min' AS long FROM run WHERE id = $1",
      [runId],
    );
    return rows[0];
  };
  expect(await granted(await start({ template: 'reading' }))).toEqual({
    by: 'template reading',
    limits,
    long: true,
  });
  const less = { tools: ['pages.read'], budget: { calls: 3 } };
  expect(await granted(await start({ tools: ['pages.read'], hours: 1 }))).toEqual({
    by: 'template reading',
    limits: less,
    long: false,
  });
  expect(await granted(await start({ tools: ['pages.write'] }))).toMatchObject({ by: null });
  expect(await granted(await start({ tools: ['pages.read'], budget: { calls: 4 } }))).toMatchObject({
    by: null,
  });
  const stranger = await world.agent('stranger');
  const theirs = accepted(
    await startRun(world.deps, stranger, { goal: 'x', mandate: { template: 'reading' } }),
  ).runId;
  expect(await granted(theirs)).toMatchObject({ by: null });
  expect(accepted(await listTemplates(world.deps, reviewer))).toMatchObject([
    { name: 'reading', createdBy: 'Lead' },
  ]);
  accepted(await removeTemplate(world.deps, lead, { name: 'reading' }));
  expect(refusedAs(await removeTemplate(world.deps, lead, { name: 'reading' }))).toBe('mandate_unknown');
  expect(await granted(await start({ template: 'reading' }))).toMatchObject({ by: null });
});

test('nobody grants what their own agent or a run on their behalf may do; what makes no sense is refused', async () => {
  const runId = await start(undefined, reviewer.email);
  expect(refusedAs(await give(owner, runId, {}))).toBe('excluded_from_voting');
  expect(refusedAs(await give(reviewer, runId, {}))).toBe('excluded_from_voting');
  accepted(await give(lead, runId, {}));
  expect(refusedAs(await give(lead, 'run_unknown', {}))).toBe('run_unknown');
  const plain = await start();
  expect(refusedAs(await endMandate(world.deps, lead, { runId: plain, reason: 'x' }))).toBe(
    'mandate_unknown',
  );
  expect(
    refusedAs(await saveTemplate(world.deps, lead, { name: 'x', agents: ['nobody'], limits: {}, hours: 1 })),
  ).toBe('input_invalid');
});

test('what is no mandate in form binds nothing: it stays the agent’s own words', async () => {
  const runId = await start({ tools: 'news.read', budget: { calls: -1 }, months: 3 });
  expect((await submit(runId)).status).toBe('released');
  const { rows } = await fresh.pool.query('SELECT mandate, mandate_limits AS limits FROM run WHERE id = $1', [
    runId,
  ]);
  expect(rows[0]).toEqual({ mandate: { tools: 'news.read', budget: { calls: -1 }, months: 3 }, limits: {} });
});
