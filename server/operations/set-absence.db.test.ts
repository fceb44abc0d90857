import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ReviewerScope } from '@/server/domain/scopes';
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
import { decideAction } from './decide-action';
import { getAction } from './get-action';
import { listActions } from './list-actions';
import { endAbsenceOf, getAbsence, startAbsence } from './set-absence';

let fresh: TestDatabase;
let world: World;
let payroll: ReviewerScope;
let standIn: ReviewerScope;
let other: ReviewerScope;
let lead: ReviewerScope;
beforeAll(async () => {
  fresh = await freshDatabase();
  world = await createWorld(fresh.url);
  payroll = await world.person('Pia');
  standIn = await world.person('Stan');
  other = await world.person('Otto');
  lead = await world.person('Lead', { roles: ['security_lead'] });
  await world.group('payroll', [payroll]);
  await world.tool('pages.write', { effects: EFFECTS.held });
});
afterAll(async () => {
  await world.close();
  await fresh.drop();
});

const until = (hours = 1) => new Date(Date.now() + hours * 3_600_000).toISOString();
const away = (
  who: ReviewerScope,
  standInId: string | null,
  more: { personId?: string; until?: string } = {},
) => startAbsence(world.deps, who, { standInId, until: until(), ...more });
let count = 0;
/** A hold for one of the payroll group. */
async function heldForPayroll(owner?: ReviewerScope) {
  count += 1;
  const agent = await world.agent(`agent ${count}`, owner ? { owner } : {});
  const action = await plan(world, agent, 'pages.write', { path: `p${count}` });
  await fresh.pool.query(
    `UPDATE planned_action SET obligation = obligation || '{"reviewers": ["payroll"]}' WHERE id = $1`,
    [action.actionId],
  );
  return { agent, ...action };
}
const approve = (
  who: ReviewerScope,
  { actionId, digest, footprintDigest }: Awaited<ReturnType<typeof heldForPayroll>>,
) => decideAction(world.deps, who, { actionId, digest, footprintDigest, decision: 'approve' });
const needsMe = async (who: ReviewerScope) =>
  accepted(await listActions(world.deps, who, { needsMe: true, limit: 50 })).items.map((i) => i.actionId);

test('who stands in decides for the groups of who is away, is listed and asked, and the log names both', async () => {
  const action = await heldForPayroll();
  expect(refusedAs(await approve(standIn, action))).toBe('not_entitled');
  expect(await needsMe(standIn)).not.toContain(action.actionId);
  accepted(await away(payroll, standIn.personId));
  expect(await getAbsence(world.deps, standIn)).toMatchObject({ away: null, standsInFor: [{ name: 'Pia' }] });
  expect(await needsMe(standIn)).toContain(action.actionId);
  expect(await needsMe(other)).not.toContain(action.actionId);
  expect(accepted(await getAction(world.deps, standIn, action)).hold?.eligible).toEqual(['Pia', 'Stan']);
  expect(refusedAs(await approve(other, action))).toBe('not_entitled');
  accepted(await approve(standIn, action));
  accepted(await endAbsenceOf(world.deps, payroll, {}));
  // The vote was given while it counted; the claim counts it again.
  accepted(await claimRelease(world.deps, action.agent, action));
  const { rows } = await fresh.pool.query(
    "SELECT data -> 'inPlaceOf' AS place FROM audit_event WHERE action_id = $1 AND kind = 'action.decided'",
    [action.actionId],
  );
  expect(rows).toEqual([{ place: ['Pia'] }]);
});

test('a vote of somebody who was no stand-in when they gave it releases nothing, even if they are one later', async () => {
  const action = await heldForPayroll();
  await fresh.pool.query(
    `INSERT INTO decision (id, workspace_id, action_id, person_id, round, digest, footprint_digest, decision, at)
     SELECT 'dec_forged', workspace_id, id, $2, round, digest, footprint_digest, 'approve', now() - interval '1 hour' FROM planned_action WHERE id = $1`,
    [action.actionId, standIn.personId],
  );
  accepted(await away(payroll, standIn.personId));
  expect(accepted(await getAction(world.deps, lead, action)).hold?.approvals).toBe(0);
  await fresh.pool.query("UPDATE planned_action SET status = 'released', approvals = 1 WHERE id = $1", [
    action.actionId,
  ]);
  await fresh.pool.query(
    `INSERT INTO release (id, workspace_id, action_id, digest, footprint_digest, basis, expires_at)
     SELECT 'rel_forged', workspace_id, id, digest, footprint_digest, 'quorum', now() + interval '1 hour' FROM planned_action WHERE id = $1`,
    [action.actionId],
  );
  expect(refusedAs(await claimRelease(world.deps, action.agent, action))).toBe('not_released');
  accepted(await endAbsenceOf(world.deps, payroll, {}));
});

test('somebody without a vote on an action lends nobody one: their agent stays out of their stand-in’s hands', async () => {
  const action = await heldForPayroll(payroll);
  accepted(await away(payroll, standIn.personId));
  expect(refusedAs(await approve(standIn, action))).toBe('not_entitled');
  expect(await needsMe(standIn)).not.toContain(action.actionId);
  expect(accepted(await getAction(world.deps, standIn, action)).hold?.eligible).toEqual([]);
  accepted(await endAbsenceOf(world.deps, payroll, {}));
});

test('it ends by itself, by coming back, and by a new one; a stand-in of a stand-in is none', async () => {
  const action = await heldForPayroll();
  accepted(await away(payroll, standIn.personId));
  accepted(await away(payroll, null));
  expect(refusedAs(await approve(standIn, action))).toBe('not_entitled');
  accepted(await away(payroll, standIn.personId));
  await fresh.pool.query("UPDATE absence SET ends_at = now() - interval '1 second' WHERE person_id = $1", [
    payroll.personId,
  ]);
  expect(refusedAs(await approve(standIn, action))).toBe('not_entitled');
  accepted(await away(payroll, standIn.personId));
  accepted(await away(standIn, other.personId));
  expect(refusedAs(await approve(other, action))).toBe('not_entitled');
  accepted(await endAbsenceOf(world.deps, standIn, {}));
  accepted(await endAbsenceOf(world.deps, payroll, {}));
  expect(accepted(await endAbsenceOf(world.deps, payroll, {}))).toEqual({ ended: 0 });
  expect(await statusOf(world.deps, action.actionId)).toBe('held');
});

test('what cannot be meant is refused and says what to do', async () => {
  const auditor = await world.person('Auditor', { roles: ['auditor'] });
  const elsewhere = await createWorld(fresh.url);
  const stranger = await elsewhere.person('Stranger');
  await elsewhere.close();
  const refused = [
    [await away(payroll, payroll.personId), /Nobody stands in for themselves/],
    [await away(payroll, auditor.personId), /whose role decides/],
    [await away(payroll, stranger.personId), /whose role decides/],
    [await away(payroll, standIn.personId, { until: '2020-01-01T00:00:00Z' }), /still to come/],
    [await away(payroll, standIn.personId, { until: until(24 * 400) }), /A year is the longest/],
    [await away(other, standIn.personId, { personId: payroll.personId }), /an owner or a security lead/],
    [await away(lead, lead.personId, { personId: payroll.personId }), /Nobody gives themselves/],
    [await away(lead, null, { personId: stranger.personId }), /no such person/],
  ] as const;
  for (const [outcome, words] of refused) {
    expect(outcome).toMatchObject({ ok: false, message: expect.stringMatching(words) });
  }
  accepted(await away(standIn, null));
  expect(await away(payroll, standIn.personId)).toMatchObject({
    message: expect.stringMatching(/Stan is away as well/),
  });
  accepted(await endAbsenceOf(world.deps, lead, { personId: standIn.personId }));
  accepted(await away(lead, standIn.personId, { personId: payroll.personId }));
  accepted(await endAbsenceOf(world.deps, payroll, {}));
});

test('who is away and who stands in fill one seat between them, whoever answers first', async () => {
  const two = async () => {
    const action = await heldForPayroll();
    await fresh.pool.query(
      `UPDATE planned_action SET obligation = obligation || '{"quorum": 2}', needed = 2 WHERE id = $1`,
      [action.actionId],
    );
    return action;
  };
  accepted(await away(payroll, standIn.personId));
  const first = await two();
  accepted(await approve(standIn, first));
  expect(accepted(await approve(payroll, first))).toMatchObject({ status: 'held' });
  expect(accepted(await getAction(world.deps, lead, first)).hold?.approvals).toBe(1);
  const second = await two();
  accepted(await approve(payroll, second));
  expect(refusedAs(await approve(standIn, second))).toBe('not_entitled');
  expect(await needsMe(standIn)).not.toContain(second.actionId);
  // Nor does the claim count both, whatever stands in the tables.
  await fresh.pool.query("UPDATE planned_action SET status = 'released', approvals = 2 WHERE id = $1", [
    first.actionId,
  ]);
  await fresh.pool.query(
    `INSERT INTO release (id, workspace_id, action_id, digest, footprint_digest, basis, expires_at)
     SELECT 'rel_seat', workspace_id, id, digest, footprint_digest, 'quorum', now() + interval '1 hour' FROM planned_action WHERE id = $1`,
    [first.actionId],
  );
  expect(refusedAs(await claimRelease(world.deps, first.agent, first))).toBe('not_released');
  const colleague = await world.person('Petra');
  await world.group('payroll-2', [colleague]);
  const third = await two();
  await fresh.pool.query(
    `UPDATE planned_action SET obligation = obligation || '{"reviewers": ["payroll", "payroll-2"]}' WHERE id = $1`,
    [third.actionId],
  );
  accepted(await approve(standIn, third));
  expect(accepted(await approve(colleague, third))).toMatchObject({ status: 'released' });
  accepted(await claimRelease(world.deps, third.agent, third));
  accepted(await endAbsenceOf(world.deps, payroll, {}));
});
