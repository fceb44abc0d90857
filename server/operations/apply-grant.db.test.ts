import { afterAll, beforeAll, expect, test } from 'vitest';
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
import { applyGrant } from './apply-grant';
import { claimRelease } from './claim-release';
import { decideAction } from './decide-action';
import { engageHalt } from './engage-halt';
import { getAction } from './get-action';
import { liftHalt } from './lift-halt';
import { listGrants, makeGrant, previewGrant, revokeGrant } from './make-grant';
import { submitAction } from './submit-action';

let fresh: TestDatabase;
let world: World;
let ana: ReviewerScope;
let ben: ReviewerScope;
beforeAll(async () => {
  fresh = await freshDatabase();
  world = await createWorld(fresh.url);
  ana = await world.person('Ana');
  ben = await world.person('Ben', { roles: ['security_lead'] });
  // Held for one person by the lack of a permit alone, with everything known about it.
  await world.tool('notes.write', {
    effects: [{ effect: 'write', resource: '$.path', classes: ['internal'], reversible: true }],
  });
  await world.tool('notes.burn', { effects: EFFECTS.held });
  await world.tool('mail.send', { effects: EFFECTS.heldForTwo });
});
afterAll(async () => {
  await world.close();
  await fresh.drop();
});

const LIMITS = { hours: 2, uses: 3, rows: 50, people: 50, reason: 'The same every evening' };
let n = 0;
async function approved(agent: AgentScope, tool = 'notes.write', path = '/a') {
  n += 1;
  const action = await plan(world, agent, tool, { path, n });
  expect(action.status).toBe('held');
  const { actionId, digest, footprintDigest } = action;
  accepted(await decideAction(world.deps, ana, { actionId, digest, footprintDigest, decision: 'approve' }));
  return action;
}
const submit = async (agent: AgentScope, path = '/a', tool = 'notes.write') => {
  n += 1;
  return accepted(await submitAction(world.deps, agent, { tool, args: { path, n } }));
};

test('what looks like it is released as their approval, which the claim counts again, until it is used up', async () => {
  const agent = await world.agent('evening');
  const first = await approved(agent);
  const preview = accepted(await previewGrant(world.deps, ana, first));
  expect(preview).toMatchObject({
    tool: 'notes.write',
    cost: { uses: 1 },
    shape: { touches: [{ resource: '/a' }] },
  });
  const { grantId } = accepted(await makeGrant(world.deps, ana, { ...LIMITS, actionId: first.actionId }));
  const statuses = [];
  for (let i = 0; i < 4; i += 1) statuses.push((await submit(agent)).status);
  expect(statuses).toEqual(['released', 'released', 'released', 'held']);
  const [grant] = accepted(await listGrants(world.deps, ben));
  expect(grant).toMatchObject({ grantId, state: 'used_up', used: { uses: 3, rows: 3 }, by: { name: 'Ana' } });
  expect(grant?.text).toContain('permit (principal == Agent::"evening"');
  const other = await submit(await world.agent('another'));
  expect(other.status).toBe('held');
});

test('it is that person’s approval: in the votes, in the log, and only as long as they could decide', async () => {
  const agent = await world.agent('counted');
  accepted(await makeGrant(world.deps, ana, { ...LIMITS, actionId: (await approved(agent)).actionId }));
  const used = await submit(agent);
  const detail = accepted(await getAction(world.deps, ben, used));
  expect(detail.ballots.visible).toMatchObject([
    { name: 'Ana', decision: 'approve', grantId: expect.stringMatching(/^grt_/) },
  ]);
  expect(detail.history.some((e) => e.summary?.startsWith('By a grant of Ana'))).toBe(true);
  accepted(await claimRelease(world.deps, agent, { actionId: used.actionId }));
  const unclaimed = await submit(agent);
  await fresh.pool.query("UPDATE person SET roles = '{auditor}' WHERE id = $1", [ana.personId]);
  expect(refusedAs(await claimRelease(world.deps, agent, { actionId: unclaimed.actionId }))).toBe(
    'not_released',
  );
  expect((await submit(agent)).status).toBe('held');
  await fresh.pool.query("UPDATE person SET roles = '{reviewer}' WHERE id = $1", [ana.personId]);
});

test('another thing, more than is left, after its end or taken back: people decide', async () => {
  const agent = await world.agent('bounded');
  const first = await approved(agent);
  const { grantId } = accepted(
    await makeGrant(world.deps, ana, { ...LIMITS, rows: 1, actionId: first.actionId }),
  );
  expect((await submit(agent, '/b')).status).toBe('held');
  expect((await submit(agent)).status).toBe('released');
  expect((await submit(agent)).status).toBe('held');
  await fresh.pool.query('UPDATE standing_grant SET max_rows = 50 WHERE id = $1', [grantId]);
  accepted(await revokeGrant(world.deps, ben, { grantId, reason: 'enough' }));
  accepted(await revokeGrant(world.deps, ben, { grantId, reason: 'enough' }));
  expect((await submit(agent)).status).toBe('held');
  await fresh.pool.query(
    "UPDATE standing_grant SET revoked_at = NULL, expires_at = now() - interval '1 s' WHERE id = $1",
    [grantId],
  );
  expect((await submit(agent)).status).toBe('held');
  const { rows } = await fresh.pool.query(
    "SELECT count(*)::int AS n FROM audit_event WHERE kind = 'grant.revoked'",
  );
  expect(rows[0].n).toBe(1);
});

test('two uses of the last one at the same instant: one is released', async () => {
  for (let round = 0; round < 5; round += 1) {
    const agent = await world.agent(`race ${round}`);
    const first = await approved(agent);
    accepted(await makeGrant(world.deps, ana, { ...LIMITS, uses: 1, actionId: first.actionId }));
    const all = await Promise.all(Array.from({ length: 8 }, () => submit(agent)));
    expect(all.filter((a) => a.status === 'released')).toHaveLength(1);
  }
});

test('a halt beats it, and what was held before it was made waits for people', async () => {
  const agent = await world.agent('halted');
  const first = await approved(agent);
  const waiting = await submit(agent);
  accepted(await makeGrant(world.deps, ana, { ...LIMITS, actionId: first.actionId }));
  expect(await statusOf(world.deps, waiting.actionId)).toBe('held');
  const { haltId } = accepted(
    await engageHalt(world.deps, ben, { scope: 'agent', id: agent.agentId, reason: 'x' }),
  );
  expect(await applyGrant(world.deps, world.workspaceId, waiting.actionId)).toBe(false);
  accepted(await liftHalt(world.deps, ben, { haltId, reason: 'y' }));
  expect(await applyGrant(world.deps, world.workspaceId, waiting.actionId)).toBe(true);
});

test('a grant is made only from what one approved oneself, and never where more than one approval is needed', async () => {
  const agent = await world.agent('refusals');
  const first = await approved(agent);
  const make = (who: ReviewerScope, actionId: string) => makeGrant(world.deps, who, { ...LIMITS, actionId });
  expect(refusedAs(await make(ben, first.actionId))).toBe('grant_refused');
  const waiting = await submit(agent, '/c');
  expect(refusedAs(await make(ana, waiting.actionId))).toBe('grant_refused');
  const two = await plan(world, agent, 'mail.send', { recipients: ['x@evil.example'], body: 'hi' });
  for (const who of [ana, ben]) {
    const { actionId, digest, footprintDigest } = two;
    accepted(await decideAction(world.deps, who, { actionId, digest, footprintDigest, decision: 'approve' }));
  }
  expect(refusedAs(await make(ana, two.actionId))).toBe('grant_refused');
  const elsewhere = await createWorld(fresh.url);
  const stranger = await elsewhere.person('Stranger');
  expect(refusedAs(await makeGrant(elsewhere.deps, stranger, { ...LIMITS, actionId: first.actionId }))).toBe(
    'action_unknown',
  );
  accepted(await make(ana, first.actionId));
  const [grant] = accepted(await listGrants(world.deps, ana));
  expect(
    refusedAs(await revokeGrant(elsewhere.deps, stranger, { grantId: grant?.grantId ?? '', reason: 'x' })),
  ).toBe('grant_unknown');
  expect(accepted(await listGrants(elsewhere.deps, stranger))).toEqual([]);
  await elsewhere.close();
});
