import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AgentScope, ReviewerScope } from '@/server/domain/scopes';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import { accepted, createWorld, EFFECTS, openProcess, plan, type World } from '@/server/testing/world';
import { decideAction } from './decide-action';
import { getHome, keepUsage } from './get-home';
import { submitAction } from './submit-action';

let fresh: TestDatabase;
let world: World;
let lead: ReviewerScope;
let agent: AgentScope;
beforeAll(async () => {
  fresh = await freshDatabase();
  world = await createWorld(fresh.url);
  lead = await world.person('Lead', { roles: ['security_lead', 'reviewer'] });
  await world.tool('pages.read', { effects: EFFECTS.allowed });
  await world.tool('pages.write', { effects: EFFECTS.held });
  agent = await world.agent('writer');
});
afterAll(async () => {
  await world.close();
  await fresh.drop();
});

const home = async (of: ReviewerScope = lead) => accepted(await getHome(world.deps, of));
const plannedOf = async () => {
  const { hours } = await home();
  return hours.reduce((sum, hour) => sum + hour.planned, 0);
};
const read = (i: number) =>
  submitAction(world.deps, agent, { tool: 'pages.read', args: { i } }).then(accepted);

test('what agents plan is counted once, whichever processes count at the same instant, and only when it is old enough', async () => {
  for (let i = 0; i < 30; i += 1) await read(i);
  expect(await keepUsage(world.deps, 60)).toBe(0);
  expect(await plannedOf()).toBe(0);
  const other = await openProcess(fresh.url, world.secret);
  const passed = await Promise.all([world, other, world, other].map((process) => keepUsage(process.deps, 0)));
  await other.close();
  expect(passed.reduce((a, b) => a + b)).toBeGreaterThanOrEqual(30);
  expect(await plannedOf()).toBe(30);
  await keepUsage(world.deps, 0);
  expect(await plannedOf()).toBe(30);
});

test('holds that wait, that run out of time and that ran out of it are told apart', async () => {
  const [waits, late, expired] = [
    await plan(world, agent, 'pages.write', { path: 'a' }),
    await plan(world, agent, 'pages.write', { path: 'b' }),
    await plan(world, agent, 'pages.write', { path: 'c' }),
  ];
  await fresh.pool.query(
    `UPDATE planned_action SET held_at = now() - interval '8 hours', expires_at = now() + interval '1 hour' WHERE id = $1`,
    [late.actionId],
  );
  await fresh.pool.query(`UPDATE planned_action SET status = 'expired' WHERE id = $1`, [expired.actionId]);
  const seen = await home();
  expect(Object.values(seen.open).reduce((a, b) => a + b)).toBe(2);
  expect([seen.late, seen.expired]).toEqual([1, 1]);
  accepted(await decideAction(world.deps, lead, { ...waits, decision: 'approve', lookedMs: 2_000 }));
  accepted(
    await decideAction(world.deps, lead, { ...late, decision: 'reject', note: 'no', lookedMs: 61_000 }),
  );
  const { reviewers } = await home();
  expect(reviewers).toEqual([
    expect.objectContaining({
      name: 'Lead',
      decisions: 2,
      approved: 1,
      hasty: 1,
      looked: 2,
      medianLookedMs: 31_500,
      warned: 2,
      overrode: 1,
    }),
  ]);
});

test('approving what was called high or critical is an override, rejecting it or approving less is not', async () => {
  const warned = [];
  for (const path of ['d', 'e', 'f']) warned.push(await plan(world, agent, 'pages.write', { path }));
  const [approved, rejected, low] = warned;
  await fresh.pool.query("UPDATE planned_action SET level = 'low' WHERE id = $1", [low?.actionId]);
  for (const [action, decision] of [
    [approved, 'approve'],
    [rejected, 'reject'],
    [low, 'approve'],
  ] as const) {
    if (action === undefined) throw new Error('nothing was planned');
    accepted(await decideAction(world.deps, lead, { ...action, decision, note: 'seen' }));
  }
  const { reviewers } = await home();
  expect(reviewers).toEqual([expect.objectContaining({ decisions: 5, warned: 4, overrode: 2 })]);
});

test('agents come by what is most serious, and nothing of another workspace is seen', async () => {
  const quiet = await world.agent('aaa-quiet');
  await submitAction(world.deps, quiet, { tool: 'pages.read', args: {} }).then(accepted);
  await keepUsage(world.deps, 0);
  const { agents } = await home();
  expect(agents.map((each) => each.name)).toEqual(['writer', 'aaa-quiet']);
  expect(agents[0]).toMatchObject({ held: 6, denied: 0 });
  const other = await createWorld(fresh.url);
  const stranger = await other.person('Stranger', { roles: ['owner'] });
  expect(await home(stranger)).toMatchObject({ hours: [], agents: [], reviewers: [], late: 0, expired: 0 });
  await other.close();
});
