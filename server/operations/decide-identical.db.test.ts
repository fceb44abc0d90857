import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AgentScope, ReviewerScope } from '@/server/domain/scopes';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import { accepted, createWorld, EFFECTS, plan, refusedAs, type World } from '@/server/testing/world';
import { decideAction } from './decide-action';
import { decideIdentical, findIdentical } from './decide-identical';

let fresh: TestDatabase;
let world: World;
let agent: AgentScope;
let ana: ReviewerScope;
beforeAll(async () => {
  fresh = await freshDatabase();
  world = await createWorld(fresh.url);
  await world.tool('pages.write', { effects: EFFECTS.held });
  agent = await world.agent('writer');
  ana = await world.person('Ana');
});
afterAll(async () => {
  await world.close();
  await fresh.drop();
});

/** The policies that ship find nothing low that they would hold: a workspace's own may. */
async function low(path: string, by = agent) {
  const action = await plan(world, by, 'pages.write', { path });
  await fresh.pool.query(`UPDATE planned_action SET level = 'low' WHERE id = $1`, [action.actionId]);
  return action;
}
const statusOf = async (...ids: string[]): Promise<string[]> => {
  const { rows } = await fresh.pool.query(
    'SELECT status FROM planned_action WHERE id = ANY ($1) ORDER BY id',
    [ids],
  );
  return rows.map((row) => row.status);
};

test('only low holds that are the same call touching the same are offered, and one answer decides each by itself', async () => {
  const [first, second, third] = [await low('a'), await low('a'), await low('a')];
  const others = [await low('b'), await low('a', await world.agent('another'))];
  const higher = await plan(world, agent, 'pages.write', { path: 'a' });
  const same = await findIdentical(world.deps, ana, { actionId: first.actionId });
  expect(same).toEqual([second.actionId, third.actionId]);
  expect(await findIdentical(world.deps, ana, { actionId: higher.actionId })).toEqual([]);
  const done = accepted(
    await decideIdentical(world.deps, ana, { ...first, decision: 'approve', others: same }),
  );
  expect(done).toEqual({ decided: [first.actionId, ...same], refused: [] });
  expect(await statusOf(first.actionId, ...same)).toEqual(['released', 'released', 'released']);
  expect(await statusOf(...others.map((o) => o.actionId), higher.actionId)).toEqual(['held', 'held', 'held']);
  const { rows } = await fresh.pool.query(
    `SELECT count(*)::int AS n FROM audit_event WHERE kind = 'action.decided' AND action_id = ANY ($1)`,
    [done.decided],
  );
  expect(rows[0].n).toBe(3);
});

test('one that is not the same refuses all, before anything is decided', async () => {
  const [first, second, stranger] = [await low('c'), await low('c'), await low('d')];
  const others = [second.actionId, stranger.actionId];
  expect(refusedAs(await decideIdentical(world.deps, ana, { ...first, decision: 'approve', others }))).toBe(
    'conflict',
  );
  expect(await statusOf(first.actionId, ...others)).toEqual(['held', 'held', 'held']);
});

test('what somebody else decides meanwhile, or owns, is not decided for them', async () => {
  const bob = await world.person('Bob');
  const [first, second] = [await low('e'), await low('e')];
  const both = await Promise.all([
    decideIdentical(world.deps, ana, { ...first, decision: 'approve', others: [second.actionId] }),
    decideAction(world.deps, bob, { ...second, decision: 'reject', note: 'no' }),
  ]);
  const { rows } = await fresh.pool.query(
    `SELECT action_id, decision FROM decision WHERE action_id = ANY ($1)`,
    [[first.actionId, second.actionId]],
  );
  expect(rows).toHaveLength(2);
  expect(both.some((outcome) => outcome.ok)).toBe(true);
  const mine = await world.agent('mine', { owner: ana });
  const [own, twin] = [await low('f', mine), await low('f', mine)];
  expect(await findIdentical(world.deps, ana, { actionId: own.actionId })).toEqual([]);
  expect(
    refusedAs(
      await decideIdentical(world.deps, ana, { ...own, decision: 'approve', others: [twin.actionId] }),
    ),
  ).toBe('conflict');
});
