import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AgentScope, ReviewerScope } from '@/server/domain/scopes';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import {
  accepted,
  createWorld,
  EFFECTS,
  plan,
  refusedAs,
  statusOf,
  type World,
} from '@/server/testing/world';
import { claimRelease } from './claim-release';
import { type DecideInput, decideAction } from './decide-action';
import { getAction } from './get-action';
import { listAudit } from './list-audit';
import { startRun } from './start-run';
import { submitAction } from './submit-action';
import { getAgentAction } from './wait-for-action';

let fresh: TestDatabase;
let world: World;
let agent: AgentScope;
let ana: ReviewerScope;
let ben: ReviewerScope;
beforeAll(async () => {
  fresh = await freshDatabase();
  world = await createWorld(fresh.url);
  await world.tool('pages.write', { effects: EFFECTS.held });
  await world.tool('mail.send', { effects: EFFECTS.heldForTwo });
  agent = await world.agent('writer');
  ana = await world.person('Ana');
  ben = await world.person('Ben');
});
afterAll(async () => {
  await world.close();
  await fresh.drop();
});

type Planned = { actionId: string; digest: string; footprintDigest: string };
const decide = (
  who: ReviewerScope,
  { actionId, digest, footprintDigest }: Planned,
  decision: DecideInput['decision'] = 'approve',
  extra: Partial<DecideInput> = {},
) => decideAction(world.deps, who, { actionId, digest, footprintDigest, decision, ...extra });
let calls = 0;
const held = () => plan(world, agent, 'pages.write', { path: `page ${calls++}` });
const heldForTwo = () => plan(world, agent, 'mail.send', { recipients: ['a@b.example'], body: `${calls++}` });
const count = async (table: string, actionId: string, more = '') => {
  const { rows } = await fresh.pool.query(
    `SELECT count(*)::int AS n FROM ${table} WHERE action_id = $1 ${more}`,
    [actionId],
  );
  return rows[0].n as number;
};

describe('P1: only distinct entitled people release, and only what they saw', () => {
  test('one person cannot make a quorum of two, however often and however simultaneously they approve', async () => {
    const action = await heldForTwo();
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => decide(ana, action)));
    expect(outcomes.filter((o) => o.ok)).toHaveLength(1);
    expect(outcomes.flatMap((o) => (o.ok ? [] : [o.code]))).toEqual(Array(9).fill('already_decided'));
    expect(await statusOf(world.deps, action.actionId)).toBe('held');
    expect(await count('release', action.actionId)).toBe(0);
    expect(refusedAs(await claimRelease(world.deps, agent, action))).toBe('not_released');
    expect(accepted(await decide(ben, action)).status).toBe('released');
    expect(accepted(await claimRelease(world.deps, agent, action)).releaseId).toMatch(/^rel_/);
  });

  test('when many approve at the same instant there is one release, and as many decisions as it needed', async () => {
    const action = await heldForTwo();
    const crowd = await Promise.all(Array.from({ length: 12 }, (_, i) => world.person(`Voter ${i}`)));
    const outcomes = await Promise.all(crowd.map((who) => decide(who, action)));
    expect(outcomes.filter((o) => o.ok)).toHaveLength(2);
    expect(new Set(outcomes.flatMap((o) => (o.ok ? [] : [o.code])))).toEqual(new Set(['not_held']));
    expect(await count('release', action.actionId)).toBe(1);
    expect(await count('decision', action.actionId)).toBe(2);
    expect(await count('audit_event', action.actionId, "AND kind = 'action.released'")).toBe(1);
  });

  test("the agent's owner cannot release what their own agent planned", async () => {
    const owner = await world.person('Owner', { roles: ['owner', 'reviewer'] });
    const own = await world.agent('own agent', { owner });
    const action = await plan(world, own, 'pages.write', { path: 'own' });
    expect(refusedAs(await decide(owner, action))).toBe('excluded_from_voting');
    expect(await statusOf(world.deps, action.actionId)).toBe('held');
  });

  test('the person a run is for cannot release it, whatever the case of the address it was started with', async () => {
    const principal = await world.person('Principal');
    for (const onBehalfOf of [principal.email, principal.email.toUpperCase(), principal.personId]) {
      const run = accepted(await startRun(world.deps, agent, { goal: 'theirs', onBehalfOf }));
      const submitted = accepted(
        await submitAction(world.deps, agent, { tool: 'pages.write', args: {}, runId: run.runId }),
      );
      const page = accepted(await getAction(world.deps, principal, submitted));
      expect(page.eligibility.canDecide).toBe(false);
      const input = { ...submitted, footprintDigest: page.footprintDigest ?? '' };
      expect(refusedAs(await decide(principal, input))).toBe('excluded_from_voting');
    }
  });

  test('handing the agent over earns no vote on what it had planned', async () => {
    const former = await world.person('Former owner');
    const handed = await world.agent('handed over', { owner: former });
    const action = await plan(world, handed, 'pages.write', { path: 'mine' });
    await world.deps.db.prisma.agent.update({
      where: { id: handed.agentId },
      data: { ownerId: ben.personId },
    });
    expect(refusedAs(await decide(former, action))).toBe('excluded_from_voting');
    expect(refusedAs(await decide(ben, action))).toBe('excluded_from_voting');
    expect(accepted(await decide(ana, action)).status).toBe('released');
  });

  test('auditors, people without a role and people of another workspace release nothing', async () => {
    const action = await held();
    for (const roles of [['auditor'], []] as const) {
      const watcher = await world.person('Watcher', { roles: [...roles] });
      expect(refusedAs(await decide(watcher, action))).toBe('not_entitled');
    }
    const elsewhere = await createWorld(fresh.url);
    const stranger = await elsewhere.person('Stranger', { roles: ['owner'] });
    const { actionId, digest, footprintDigest } = action;
    const input = { actionId, digest, footprintDigest, decision: 'approve' as const };
    expect(refusedAs(await decideAction(elsewhere.deps, stranger, input))).toBe('action_unknown');
    expect(refusedAs(await getAction(elsewhere.deps, stranger, action))).toBe('action_unknown');
    expect(await count('decision', actionId)).toBe(0);
    await elsewhere.close();
  });

  test('an approval of other bytes or of another footprint is a conflict and counts for nothing', async () => {
    const action = await held();
    for (const wrong of [{ digest: 'sha256:0' }, { footprintDigest: 'sha256:0' }]) {
      expect(refusedAs(await decide(ana, { ...action, ...wrong }))).toBe('digest_conflict');
    }
    expect(await count('decision', action.actionId)).toBe(0);
  });

  test('a hold meant for a group is decided by its members and nobody else, through any nesting', async () => {
    const member = await world.person('Member');
    await world.group('inner', [member]);
    await world.group('payroll', []);
    await fresh.pool.query(
      `INSERT INTO group_member (id, workspace_id, group_id, member_group_id)
       SELECT 'mem_nested', $1, p.id, i.id FROM "group" p, "group" i WHERE p.name = 'payroll' AND i.name = 'inner'`,
      [world.workspaceId],
    );
    const action = await held();
    await fresh.pool.query(
      `UPDATE planned_action SET obligation = jsonb_set(obligation, '{reviewers}', '["payroll"]') WHERE id = $1`,
      [action.actionId],
    );
    expect(refusedAs(await decide(ana, action))).toBe('not_entitled');
    expect(accepted(await decide(member, action)).status).toBe('released');
  });

  test('a rejection is a veto: nothing releases afterwards, and the agent gets the note', async () => {
    const action = await heldForTwo();
    accepted(await decide(ana, action));
    expect(accepted(await decide(ben, action, 'reject', { note: 'Ask finance first.' })).status).toBe(
      'rejected',
    );
    const late = await world.person('Late');
    expect(refusedAs(await decide(late, action))).toBe('not_held');
    expect(accepted(await getAgentAction(world.deps, agent, action))).toMatchObject({
      status: 'rejected',
      note: 'Ask finance first.',
    });
    expect(await count('release', action.actionId)).toBe(0);
  });

  test('approving and rejecting at the same instant end in one of the two, never in both', async () => {
    for (let i = 0; i < 15; i++) {
      const action = await held();
      const [yes, no] = await Promise.all([decide(ana, action), decide(ben, action, 'reject')]);
      expect([yes.ok, no.ok].filter(Boolean)).toHaveLength(1);
      expect(await statusOf(world.deps, action.actionId)).toBe(yes.ok ? 'released' : 'rejected');
      expect(await count('release', action.actionId)).toBe(yes.ok ? 1 : 0);
    }
  });
});

describe('expiry is judged by the database, without any sweeper', () => {
  test('a hold that ran out cannot be approved, reads as expired to the agent and to reviewers', async () => {
    const action = await held();
    await fresh.pool.query('UPDATE planned_action SET expires_at = clock_timestamp() WHERE id = $1', [
      action.actionId,
    ]);
    expect(refusedAs(await decide(ana, action))).toBe('expired');
    expect(accepted(await getAgentAction(world.deps, agent, action)).status).toBe('expired');
    const page = accepted(await getAction(world.deps, ana, action));
    expect(page).toMatchObject({ status: 'expired', needsMe: false, eligibility: { canDecide: false } });
    expect(await statusOf(world.deps, action.actionId)).toBe('held');
  });
});

describe('votes are blind', () => {
  test('before giving their own answer nobody sees who answered or what they wrote, on the page or in the log', async () => {
    const action = await heldForTwo();
    accepted(await decide(ana, action, 'approve', { note: 'fine with me' }));
    const seen = async (who: ReviewerScope) => {
      const page = accepted(await getAction(world.deps, who, action));
      const ofAction = accepted(await listAudit(world.deps, who, { actionId: action.actionId, limit: 100 }));
      const all = accepted(await listAudit(world.deps, who, { limit: 500 }));
      return JSON.stringify([
        page.ballots,
        page.history,
        ofAction,
        all.items.filter((e) => e.actionId === action.actionId),
      ]);
    };
    const before = await seen(ben);
    for (const secret of [ana.personId, 'Ana', 'fine with me']) expect(before).not.toContain(secret);
    expect(await seen(ana)).toContain('fine with me');
    accepted(await decide(ben, action));
    expect(await seen(ben)).toContain('fine with me');
  });
});
