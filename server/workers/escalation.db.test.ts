import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Message } from '@/server/domain/ports';
import type { AgentScope, ReviewerScope } from '@/server/domain/scopes';
import { decideAction } from '@/server/operations/decide-action';
import { deliverNotices } from '@/server/operations/deliver-notices';
import { escalateHolds } from '@/server/operations/escalate-holds';
import { startAbsence } from '@/server/operations/set-absence';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import { accepted, createWorld, EFFECTS, plan, type World } from '@/server/testing/world';

let fresh: TestDatabase;
let world: World;
let agent: AgentScope;
let reviewer: ReviewerScope;
let second: ReviewerScope;
const mails: { to: string; subject: string }[] = [];
beforeAll(async () => {
  fresh = await freshDatabase();
  world = await createWorld(fresh.url);
  agent = await world.agent('agent', { owner: await world.person('Owner of it', { roles: [] }) });
  reviewer = await world.person('Rita');
  second = await world.person('Sven');
  await world.person('Lead', { roles: ['security_lead'] });
  await world.person('Auditor', { roles: ['auditor'] });
  await world.group('payroll', [reviewer, second]);
  await world.group('nobody', []);
  await world.tool('pages.write', { effects: EFFECTS.held });
});
afterAll(async () => {
  await world.close();
  await fresh.drop();
});

const mail = { send: async ({ to, subject }: Message) => void mails.push({ to: to.name, subject }) };
/** What was mailed since, as "name: first words". */
async function mailed(): Promise<string[]> {
  mails.length = 0;
  while ((await deliverNotices(world.deps, { mail, push: null, chats: [], hooks: [] })) > 0);
  return mails.map(({ to, subject }) => `${to}: ${subject.split(':')[0]}`).sort();
}
async function held(group: string, quorum = 1) {
  const action = await plan(world, agent, 'pages.write', {
    path: `${group} ${mails.length} ${Math.random()}`,
  });
  await fresh.pool.query(
    `UPDATE planned_action SET obligation = obligation || jsonb_build_object('reviewers', ARRAY[$2::text], 'quorum', $3::int), needed = $3 WHERE id = $1`,
    [action.actionId, group, quorum],
  );
  return action;
}
/** Makes a part of a hold's time pass. */
const pass = (actionId: string, share: number) =>
  fresh.pool.query(
    `UPDATE planned_action SET held_at = now() - make_interval(secs => 3600 * $2::float8), expires_at = now() + make_interval(secs => 3600 * (1 - $2::float8)) WHERE id = $1`,
    [actionId, share],
  );
const escalated = async (actionId: string) => {
  const { rows } = await fresh.pool.query(
    "SELECT data ->> 'stage' AS stage FROM audit_event WHERE action_id = $1 AND kind = 'action.escalated' ORDER BY id",
    [actionId],
  );
  return rows.map((r) => r.stage);
};

test('half its time: those it waits for; three quarters: leads too; near its end: everybody, whatever they chose; each once', async () => {
  const action = await held('payroll', 2);
  expect(await mailed()).toEqual(['Rita: Held', 'Sven: Held']);
  expect(await escalateHolds(world.deps)).toBe(0);
  await pass(action.actionId, 0.55);
  expect(await escalateHolds(world.deps)).toBe(1);
  expect(await escalateHolds(world.deps)).toBe(0);
  expect(await mailed()).toEqual(['Rita: Still held', 'Sven: Still held']);
  // Who has answered is left alone, who is away as well; but not at the end.
  const { actionId, digest, footprintDigest } = action;
  accepted(
    await decideAction(world.deps, reviewer, { actionId, digest, footprintDigest, decision: 'approve' }),
  );
  const until = new Date(Date.now() + 3_600_000).toISOString();
  accepted(await startAbsence(world.deps, second, { standInId: null, until }));
  await pass(actionId, 0.8);
  await Promise.all([escalateHolds(world.deps), escalateHolds(world.deps)]);
  expect(await mailed()).toEqual(['Lead: Running out of time']);
  await fresh.pool.query(
    "INSERT INTO mail_choice (person_id, workspace_id, from_level) SELECT id, workspace_id, NULL FROM person WHERE name = 'Lead'",
  );
  await pass(actionId, 0.95);
  await escalateHolds(world.deps);
  expect(await mailed()).toEqual(['Lead: About to expire', 'Sven: About to expire']);
  await escalateHolds(world.deps);
  expect(await mailed()).toEqual([]);
  expect(await escalated(actionId)).toEqual(['remind', 'widen', 'page']);
});

test('a hold whose time was slept through is not escalated after its end; one that is over is not at all', async () => {
  const [late, done] = [await held('payroll'), await held('payroll')];
  await mailed();
  await fresh.pool.query(
    "UPDATE planned_action SET held_at = now() - interval '2 hours', expires_at = now() - interval '1 hour' WHERE id = $1",
    [late.actionId],
  );
  await fresh.pool.query("UPDATE planned_action SET status = 'cancelled' WHERE id = $1", [done.actionId]);
  while ((await escalateHolds(world.deps)) > 0);
  expect([await escalated(late.actionId), await escalated(done.actionId)]).toEqual([[], []]);
  expect(await mailed()).toEqual([]);
});

test('a hold that too few could ever decide is told owners and security leads at once, and said in the log', async () => {
  await fresh.pool.query('DELETE FROM mail_choice');
  const none = await held('nobody');
  expect(await mailed()).toEqual(['Lead: Nobody can decide']);
  const few = await held('payroll', 3);
  expect(await mailed()).toEqual(['Lead: Nobody can decide', 'Rita: Held']);
  const { rows } = await fresh.pool.query(
    "SELECT action_id AS id, data ->> 'missing' AS missing FROM audit_event WHERE kind = 'action.stuck' ORDER BY id",
  );
  expect(rows).toEqual([
    { id: none.actionId, missing: '1' },
    { id: few.actionId, missing: '1' },
  ]);
});
