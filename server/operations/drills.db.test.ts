import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { AgentScope, ReviewerScope } from '@/server/domain/scopes';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import {
  accepted,
  createWorld,
  digestsOf,
  EFFECTS,
  plan,
  refusedAs,
  statusOf,
  type World,
} from '@/server/testing/world';
import { saveAnomalyRule } from './anomalies';
import { breakGlass } from './break-glass';
import { decideAction } from './decide-action';
import { findDrill, listDrills, startDrill } from './drills';
import { editAction } from './edit-action';
import { expireActions } from './expire-actions';
import { getAction } from './get-action';
import { getHome } from './get-home';
import { listAudit } from './list-audit';
import { measureAction } from './measure-action';
import { watchAgents } from './watch-agents';

let fresh: TestDatabase;
let world: World;
let agent: AgentScope;
let lead: ReviewerScope;
let ana: ReviewerScope;
let bob: ReviewerScope;
beforeAll(async () => {
  fresh = await freshDatabase();
  world = await createWorld(fresh.url);
  await world.tool('pages.read', { effects: EFFECTS.allowed });
  await world.tool('pages.write', { effects: EFFECTS.held, execution: 'broker' });
  await world.tool('mail.send', { effects: EFFECTS.heldForTwo });
  agent = await world.agent('writer');
  lead = await world.person('Lead', { roles: ['security_lead', 'reviewer'] });
  [ana, bob] = [await world.person('Ana'), await world.person('Bob', { roles: ['owner', 'reviewer'] })];
});
afterAll(async () => {
  await world.close();
  await fresh.drop();
});
beforeEach(() => {
  world.asked.length = 0;
});

const LESSON = 'Nobody asked for all of it: the goal names one page.';
async function drill(tool = 'pages.write', args: Record<string, unknown> = { path: '/' }) {
  const input = {
    agentId: agent.agentId,
    tool,
    args,
    goal: 'Tidy up one page',
    reason: 'They looked old',
    lesson: LESSON,
  };
  const { actionId } = accepted(await startDrill(world.deps, lead, input));
  await measureAction(world.deps, actionId);
  return actionId;
}
const answer = async (who: ReviewerScope, actionId: string, decision: 'approve' | 'reject') =>
  decideAction(world.deps, who, {
    ...(await digestsOf(world.deps, actionId)),
    decision,
    ...(decision === 'reject' ? { note: 'no' } : {}),
  });
const releases = async (actionId: string): Promise<number> =>
  (await fresh.pool.query('SELECT count(*)::int AS n FROM release WHERE action_id = $1', [actionId])).rows[0]
    .n;

test('to whoever has not decided it looks like what the agent planned, on its page and in the log; whoever decides is told at once', async () => {
  const actionId = await drill();
  const seen = accepted(await getAction(world.deps, ana, { actionId }));
  expect(seen).toMatchObject({
    status: 'held',
    agent: { name: 'writer' },
    run: { goal: 'Tidy up one page' },
  });
  expect(seen.eligibility.canDecide).toBe(true);
  const told = JSON.stringify([
    seen,
    accepted(await listAudit(world.deps, ana, { limit: 100 })),
    await findDrill(world.deps, ana, { actionId }),
  ]);
  expect(told).not.toMatch(/drill|Lead/i);
  expect(await findDrill(world.deps, lead, { actionId })).toMatchObject({
    outcome: 'waiting',
    lesson: LESSON,
  });
  expect(refusedAs(await answer(lead, actionId, 'reject'))).toBe('excluded_from_voting');
  accepted(await answer(ana, actionId, 'reject'));
  expect(await findDrill(world.deps, ana, { actionId })).toMatchObject({
    outcome: 'caught',
    lesson: LESSON,
    startedBy: 'Lead',
  });
  const log = accepted(await listAudit(world.deps, lead, { limit: 100 })).items.map((event) => event.kind);
  expect(log).toContain('drill.started');
  expect(log).toContain('drill.ended');
});

test('whoever approves it releases nothing, and hears what was missed', async () => {
  const actionId = await drill();
  const decided = accepted(await answer(ana, actionId, 'approve'));
  expect(decided).toEqual({ actionId, status: 'cancelled', releasedToBroker: false });
  expect(await findDrill(world.deps, bob, { actionId })).toMatchObject({
    outcome: 'missed',
    answers: [{ name: 'Ana' }],
  });
  expect([await releases(actionId), world.asked.filter((work) => work.startsWith('execute'))]).toEqual([
    0,
    [],
  ]);
});

test('while others are still asked, who has answered knows, and they do not', async () => {
  const actionId = await drill('mail.send', { recipients: ['x@example.com'], body: 'b' });
  accepted(await answer(ana, actionId, 'approve'));
  expect(await findDrill(world.deps, ana, { actionId })).toMatchObject({
    outcome: 'waiting',
    answers: [{ name: 'Ana' }],
  });
  expect(await findDrill(world.deps, bob, { actionId })).toBeNull();
  accepted(await answer(bob, actionId, 'reject'));
  expect(await findDrill(world.deps, ana, { actionId })).toMatchObject({ outcome: 'caught' });
});

test('no other way leads to a release: not changing it, not the database itself', async () => {
  const actionId = await drill();
  const digests = await digestsOf(world.deps, actionId);
  const insert = fresh.pool.query(
    `INSERT INTO release (id, workspace_id, action_id, digest, basis, expires_at) VALUES ('rel_x', $1, $2, 'd', 'quorum', now())`,
    [world.workspaceId, actionId],
  );
  await expect(insert).rejects.toThrow('a drill is never released');
  const edited = accepted(
    await editAction(world.deps, ana, { ...digests, args: { path: '/one' }, note: 'only one' }),
  );
  expect(edited).toEqual({ actionId });
  expect(await statusOf(world.deps, actionId)).toBe('sent_back');
  const { rows } = await fresh.pool.query(
    'SELECT count(*)::int AS n FROM planned_action WHERE supersedes_id = $1',
    [actionId],
  );
  expect([rows[0].n, await releases(actionId)]).toEqual([0, 0]);
});

test('whoever breaks the glass of one has answered it: that is no way to find out first', async () => {
  for (const approvedBefore of [false, true]) {
    const actionId = await drill('mail.send', {
      recipients: ['x@example.com'],
      body: String(approvedBefore),
    });
    if (approvedBefore) accepted(await answer(bob, actionId, 'approve'));
    const digests = await digestsOf(world.deps, actionId);
    accepted(await breakGlass(world.deps, bob, { ...digests, reason: 'now' }));
    expect(await findDrill(world.deps, bob, { actionId })).toMatchObject({
      outcome: 'missed',
      answers: [{ name: 'Bob', decision: 'approve' }],
    });
    expect([await releases(actionId), await statusOf(world.deps, actionId)]).toEqual([0, 'cancelled']);
  }
  const { rows } = await fresh.pool.query('SELECT count(*)::int AS n FROM break_glass');
  expect(rows[0].n).toBe(0);
});

test('while one waits, neither the list, the log nor the figures of other leads tell', async () => {
  const actionId = await drill('mail.send', { recipients: ['z@example.com'], body: 'b' });
  const kinds = async () =>
    accepted(await listAudit(world.deps, bob, { limit: 200 })).items.filter(
      (event) => event.kind === 'drill.started' && event.data.actionId === actionId,
    );
  const decisions = async () =>
    accepted(await getHome(world.deps, bob)).reviewers.find((person) => person.name === 'Ana')?.decisions;
  const before = await decisions();
  accepted(await answer(ana, actionId, 'approve'));
  expect((await listDrills(world.deps, bob)).map((each) => each.actionId)).not.toContain(actionId);
  expect((await listDrills(world.deps, lead)).map((each) => each.actionId)).toContain(actionId);
  expect([await kinds(), await decisions()]).toEqual([[], before]);
  accepted(await answer(bob, actionId, 'reject'));
  expect((await listDrills(world.deps, bob)).map((each) => each.actionId)).toContain(actionId);
  expect([(await kinds()).length, await decisions()]).toEqual([1, (before ?? 0) + 1]);
});

test('its agent is not watched for it, its messages are told the end, and its run ends', async () => {
  const rule = { rule: 'canary' as const, mode: 'engage' as const, bound: 0, resources: ['/canary'] };
  accepted(await saveAnomalyRule(world.deps, lead, rule));
  const actionId = await drill('pages.write', { path: '/canary' });
  await watchAgents(world.deps);
  const halts = async () => (await fresh.pool.query('SELECT subject_name AS name FROM halt')).rows;
  expect(await halts()).toEqual([]);
  await plan(world, await world.agent('real'), 'pages.write', { path: '/canary' });
  await watchAgents(world.deps);
  expect(await halts()).toEqual([{ name: 'real' }]);
  accepted(await answer(ana, actionId, 'approve'));
  const { rows: told } = await fresh.pool.query(
    `SELECT payload ->> 'status' AS status FROM outbox WHERE action_id = $1 AND topic = 'action.decided'`,
    [actionId],
  );
  expect(told).toEqual([{ status: 'cancelled' }]);
  await expireActions(world.deps);
  const { rows } = await fresh.pool.query(
    'SELECT r.finished_at FROM run r JOIN planned_action a ON a.run_id = r.id WHERE a.id = $1',
    [actionId],
  );
  expect(rows[0].finished_at).not.toBeNull();
});

test('what policy would let through ends there, and says so to those who run drills', async () => {
  const actionId = await drill('pages.read', { i: 1 });
  expect(await statusOf(world.deps, actionId)).toBe('cancelled');
  const found = (await listDrills(world.deps, lead)).find((each) => each.actionId === actionId);
  expect([found?.outcome, await releases(actionId)]).toEqual(['let_through', 0]);
});

test('how many drills somebody refused is counted beside their decisions', async () => {
  const { reviewers } = accepted(await getHome(world.deps, lead));
  expect(reviewers.find((person) => person.name === 'Ana')).toMatchObject({ drills: 6, caught: 2 });
});

test('arguments that do not fit, an unknown agent and another workspace’s are refused', async () => {
  const input = {
    agentId: agent.agentId,
    tool: 'pages.write',
    args: {},
    goal: 'g',
    reason: 'r',
    lesson: 'l',
  };
  expect(refusedAs(await startDrill(world.deps, lead, { ...input, tool: 'none' }))).toBe('tool_unknown');
  expect(refusedAs(await startDrill(world.deps, lead, { ...input, agentId: 'agt_none' }))).toBe(
    'agent_unknown',
  );
  const other = await createWorld(fresh.url);
  const stranger = await other.person('Stranger', { roles: ['security_lead'] });
  expect(refusedAs(await startDrill(world.deps, stranger, input))).toBe('tool_unknown');
  expect(await listDrills(world.deps, stranger)).toEqual([]);
  await other.close();
});
