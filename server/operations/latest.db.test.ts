import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AgentScope, ReviewerScope } from '@/server/domain/scopes';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import { accepted, createWorld, EFFECTS, plan, refusedAs, type World } from '@/server/testing/world';
import { decideAction } from './decide-action';
import { getPerson, listLatestOf } from './latest';

let fresh: TestDatabase;
let world: World;
let agent: AgentScope;
let ana: ReviewerScope;
let bob: ReviewerScope;
beforeAll(async () => {
  fresh = await freshDatabase();
  world = await createWorld(fresh.url);
  await world.tool('pages.write', { effects: EFFECTS.held });
  await world.tool('mail.send', { effects: EFFECTS.heldForTwo });
  [ana, bob] = [await world.person('Ana'), await world.person('Bob', { roles: ['security_lead'] })];
  agent = await world.agent('writer');
});
afterAll(async () => {
  await world.close();
  await fresh.drop();
});
const ids = (rows: { actionId: string }[]) => rows.map((row) => row.actionId);

test('an agent’s latest are its own alone, newest first, and nobody else’s workspace sees them', async () => {
  const other = await world.agent('other');
  const first = await plan(world, agent, 'pages.write', { path: 'a' });
  await plan(world, other, 'pages.write', { path: 'b' });
  const last = await plan(world, agent, 'mail.send', { recipients: ['x@example.com'], body: 'b' });
  expect(ids(await listLatestOf(world.deps, ana, { agentId: agent.agentId }))).toEqual([
    last.actionId,
    first.actionId,
  ]);
  const strange = await createWorld(fresh.url);
  const stranger = await strange.person('Stranger');
  expect(await listLatestOf(world.deps, stranger, { agentId: agent.agentId })).toEqual([]);
  expect(refusedAs(await getPerson(world.deps, stranger, { personId: ana.personId }))).toBe('person_unknown');
  await strange.close();
});

test('what somebody decided is on their page once it is over; a vote on what is held is seen by themselves alone', async () => {
  const over = await plan(world, agent, 'pages.write', { path: 'c' });
  const open = await plan(world, agent, 'mail.send', { recipients: ['y@example.com'], body: 'b' });
  accepted(
    await decideAction(world.deps, ana, { ...over, decision: 'reject', note: 'no', lookedMs: 12_000 }),
  );
  accepted(await decideAction(world.deps, ana, { ...open, decision: 'approve' }));
  const seenBy = async (viewer: ReviewerScope) =>
    accepted(await getPerson(world.deps, viewer, { personId: ana.personId }));
  expect((await seenBy(bob)).decided).toMatchObject([
    { actionId: over.actionId, decision: 'reject', lookedMs: 12_000 },
  ]);
  expect(ids((await seenBy(ana)).decided)).toEqual([open.actionId, over.actionId]);
});
