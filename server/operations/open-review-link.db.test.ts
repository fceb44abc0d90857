import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AgentScope, ReviewerScope } from '@/server/domain/scopes';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import { accepted, createWorld, EFFECTS, plan, refusedAs, type World } from '@/server/testing/world';
import { decideAction } from './decide-action';
import { makeReviewLink } from './make-review-link';
import { openReviewLink } from './open-review-link';

let fresh: TestDatabase;
let world: World;
let other: World;
let agent: AgentScope;
let ana: ReviewerScope;
let ben: ReviewerScope;
beforeAll(async () => {
  fresh = await freshDatabase();
  world = await createWorld(fresh.url);
  other = await createWorld(fresh.url);
  await world.tool('pages.write', { effects: EFFECTS.held });
  agent = await world.agent('writer');
  ana = await world.person('Ana');
  ben = await world.person('Ben');
});
afterAll(async () => {
  await other.close();
  await world.close();
  await fresh.drop();
});

let calls = 0;
async function linked(personId: string | null, expiresAt: Date | null = null) {
  const action = await plan(world, agent, 'pages.write', { path: `page ${calls++}` });
  const { actionId } = action;
  const url = await makeReviewLink(world.deps, {
    workspaceId: world.workspaceId,
    actionId,
    personId,
    expiresAt,
  });
  expect(url).toMatch(/\/r\/[\w-]{43}$/);
  return { action, actionId, code: url.replace(/^.*\/r\//, '') };
}
const open = async (who: ReviewerScope, code: string) =>
  accepted(await openReviewLink(world.deps, who, { code }));
const trace = async () =>
  (
    await fresh.pool.query(
      'SELECT (SELECT count(*) FROM audit_event) AS events, (SELECT json_agg(l) FROM review_link l) AS links',
    )
  ).rows[0];

test('leads the person it was made for to its action, as often as they like, and opening it changes nothing', async () => {
  const { actionId, code } = await linked(ana.personId);
  const before = await trace();
  for (let i = 0; i < 3; i++)
    expect(await open(ana, code)).toEqual({ actionId, sentTo: null, state: 'open' });
  expect(await trace()).toEqual(before);
});

test('forwarded, it says whom it was sent to and gives no right to anybody', async () => {
  const { actionId, code } = await linked(ana.personId);
  expect(await open(ben, code)).toEqual({ actionId, sentTo: 'Ana', state: 'open' });
  const owner = await world.person('Olga', { roles: ['auditor'] });
  expect((await open(owner, code)).state).toBe('open');
  const { digest, footprintDigest } = await plan(world, agent, 'pages.write', { path: 'another' });
  const decided = await decideAction(world.deps, owner, {
    actionId,
    digest,
    footprintDigest,
    decision: 'approve',
  });
  expect(decided.ok).toBe(false);
});

test('ends with the action, and at its own end', async () => {
  const { action, code } = await linked(null);
  accepted(await decideAction(world.deps, ana, { ...action, decision: 'reject', note: 'no' }));
  expect((await open(ben, code)).state).toBe('ended');
  const late = await linked(null, new Date(Date.now() - 1_000));
  expect((await open(ben, late.code)).state).toBe('expired');
});

test('leads nowhere from another workspace, shortened, lengthened or made up', async () => {
  const { code } = await linked(ana.personId);
  const stranger = await other.person('Stranger');
  for (const [who, tried] of [
    [stranger, code],
    [ana, code.slice(1)],
    [ana, `${code}a`],
    [ana, 'x'.repeat(43)],
    [ana, ''],
    [ana, "' OR true --"],
  ] as const) {
    expect(refusedAs(await openReviewLink(world.deps, who, { code: tried })), tried).toBe('action_unknown');
  }
});
