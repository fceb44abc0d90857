import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Message } from '@/server/domain/ports';
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
import { breakGlass, closeReview, listBrokenGlass } from './break-glass';
import { claimRelease } from './claim-release';
import { decideAction } from './decide-action';
import { deliverNotices } from './deliver-notices';
import { engageHalt } from './engage-halt';
import { liftHalt } from './lift-halt';

let fresh: TestDatabase;
let world: World;
let owner: ReviewerScope;
let lead: ReviewerScope;
let reviewer: ReviewerScope;
let agent: AgentScope;
beforeAll(async () => {
  fresh = await freshDatabase();
  world = await createWorld(fresh.url);
  owner = await world.person('Olga', { roles: ['owner'] });
  lead = await world.person('Lead', { roles: ['security_lead'] });
  reviewer = await world.person('Rita');
  agent = await world.agent('worker', { owner: await world.person('Agent owner', { roles: ['owner'] }) });
  await world.tool('mail.send', { effects: EFFECTS.heldForTwo });
});
afterAll(async () => {
  await world.close();
  await fresh.drop();
});

let n = 0;
const held = async () => {
  n += 1;
  const { actionId, digest, footprintDigest } = await plan(world, agent, 'mail.send', {
    recipients: [`x${n}@evil.example`],
    body: 'now',
  });
  return { actionId, digest, footprintDigest };
};
const because = { reason: 'The pager is down and patients wait' };
const note = 'It was right; the rota had a gap';

test('an owner releases alone what two should decide: claimed once, told everybody who decides, open until another closes it', async () => {
  const action = await held();
  while ((await deliverNotices(world.deps, { mail: null, push: null, chats: [], hooks: [] })) > 0);
  accepted(await breakGlass(world.deps, owner, { ...action, ...because }));
  const told: string[] = [];
  const mail = {
    send: async ({ to, subject }: Message) => void told.push(`${to.name}: ${subject.split(':')[0]}`),
  };
  while ((await deliverNotices(world.deps, { mail, push: null, chats: [], hooks: [] })) > 0);
  expect(told.sort()).toEqual(
    ['Agent owner', 'Lead', 'Olga', 'Rita'].map((name) => `${name}: Released by one person alone`),
  );
  accepted(await claimRelease(world.deps, agent, action));
  expect(refusedAs(await claimRelease(world.deps, agent, action))).toBe('release_already_claimed');
  const [review] = accepted(await listBrokenGlass(world.deps, lead, { actionId: action.actionId }));
  expect(review).toMatchObject({ by: { name: 'Olga' }, reason: because.reason, closed: null });
  const close = (who: ReviewerScope) =>
    closeReview(world.deps, who, { reviewId: review?.reviewId ?? '', finding: 'justified', note });
  expect(refusedAs(await close(owner))).toBe('excluded_from_voting');
  expect(refusedAs(await close(reviewer))).toBe('forbidden');
  accepted(await close(lead));
  expect(accepted(await close(lead)).closed).toMatchObject({ by: 'Lead', finding: 'justified', note });
  const { rows } = await fresh.pool.query(
    "SELECT kind FROM audit_event WHERE action_id = $1 AND kind LIKE 'glass.%' ORDER BY id",
    [action.actionId],
  );
  expect(rows.map((r) => r.kind)).toEqual(['glass.broken', 'glass.reviewed']);
});

test('it beats no halt, no other digest, no exclusion, and nothing that is over', async () => {
  const action = await held();
  expect(refusedAs(await breakGlass(world.deps, owner, { ...action, digest: 'other', ...because }))).toBe(
    'digest_conflict',
  );
  const { haltId } = accepted(
    await engageHalt(world.deps, lead, { scope: 'agent', id: agent.agentId, reason: 'x' }),
  );
  expect(refusedAs(await breakGlass(world.deps, owner, { ...action, ...because }))).toBe('halted');
  accepted(await liftHalt(world.deps, lead, { haltId, reason: 'y' }));
  const mine = await world.agent('mine', { owner });
  const own = await plan(world, mine, 'mail.send', { recipients: ['x@evil.example'], body: 'own' });
  const { actionId, digest, footprintDigest } = own;
  expect(
    refusedAs(await breakGlass(world.deps, owner, { actionId, digest, footprintDigest, ...because })),
  ).toBe('excluded_from_voting');
  accepted(await decideAction(world.deps, reviewer, { ...action, decision: 'reject' }));
  expect(refusedAs(await breakGlass(world.deps, owner, { ...action, ...because }))).toBe('not_held');
  const elsewhere = await createWorld(fresh.url);
  const stranger = await elsewhere.person('Stranger', { roles: ['owner'] });
  expect(refusedAs(await breakGlass(elsewhere.deps, stranger, { ...action, ...because }))).toBe(
    'action_unknown',
  );
  expect(accepted(await listBrokenGlass(elsewhere.deps, stranger, {}))).toEqual([]);
  await elsewhere.close();
});

test('a release that only says it was broken glass, or whose owner is none any more, is not handed out', async () => {
  const forged = await held();
  await fresh.pool.query("UPDATE planned_action SET status = 'released' WHERE id = $1", [forged.actionId]);
  await fresh.pool.query(
    `INSERT INTO release (id, workspace_id, action_id, digest, footprint_digest, basis, expires_at)
     SELECT 'rel_glass', workspace_id, id, digest, footprint_digest, 'break_glass', now() + interval '1 hour' FROM planned_action WHERE id = $1`,
    [forged.actionId],
  );
  expect(refusedAs(await claimRelease(world.deps, agent, forged))).toBe('not_released');
  const action = await held();
  accepted(await breakGlass(world.deps, owner, { ...action, ...because }));
  await fresh.pool.query("UPDATE person SET roles = '{reviewer}' WHERE id = $1", [owner.personId]);
  expect(refusedAs(await claimRelease(world.deps, agent, action))).toBe('not_released');
  await fresh.pool.query("UPDATE person SET roles = '{owner}' WHERE id = $1", [owner.personId]);
});

test('two at once, or one beside a last approval: one release', async () => {
  for (let round = 0; round < 5; round += 1) {
    const action = await held();
    const all = await Promise.all([
      breakGlass(world.deps, owner, { ...action, ...because }),
      breakGlass(world.deps, owner, { ...action, ...because }),
      decideAction(world.deps, reviewer, { ...action, decision: 'reject' }),
    ]);
    expect(all.filter((o) => o.ok)).toHaveLength(1);
    const { rows } = await fresh.pool.query('SELECT count(*)::int AS n FROM release WHERE action_id = $1', [
      action.actionId,
    ]);
    expect(rows[0].n).toBe((await statusOf(world.deps, action.actionId)) === 'rejected' ? 0 : 1);
  }
});
