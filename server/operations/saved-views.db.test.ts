import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ReviewerScope } from '@/server/domain/scopes';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import { accepted, createWorld, EFFECTS, plan, refusedAs, type World } from '@/server/testing/world';
import { listActions } from './list-actions';
import { listViews, removeView, saveView } from './saved-views';

let fresh: TestDatabase;
let world: World;
let ana: ReviewerScope;
const filters = { view: 'held' as const, level: 'critical' as const, agent: null, q: 'payroll' };
beforeAll(async () => {
  fresh = await freshDatabase();
  world = await createWorld(fresh.url);
  ana = await world.person('Ana');
});
afterAll(async () => {
  await world.close();
  await fresh.drop();
});

test('a view is kept under its name, replaced by one of that name, and is nobody else’s', async () => {
  const bob = await world.person('Bob');
  accepted(await saveView(world.deps, ana, { name: 'Mine', filters: { ...filters, q: '' } }));
  const { viewId } = accepted(await saveView(world.deps, ana, { name: 'Mine', filters }));
  expect(await listViews(world.deps, ana)).toEqual([{ viewId, name: 'Mine', filters }]);
  expect(await listViews(world.deps, bob)).toEqual([]);
  accepted(await removeView(world.deps, bob, { viewId }));
  expect(await listViews(world.deps, ana)).toHaveLength(1);
  accepted(await removeView(world.deps, ana, { viewId }));
  expect(await listViews(world.deps, ana)).toEqual([]);
});

test('the thirty-first is refused and says what to do', async () => {
  for (let n = 0; n < 30; n += 1) accepted(await saveView(world.deps, ana, { name: `V${n}`, filters }));
  expect(refusedAs(await saveView(world.deps, ana, { name: 'more', filters }))).toBe('conflict');
  accepted(await saveView(world.deps, ana, { name: 'V3', filters }));
});

test('what waits for others is what is held and not for this person', async () => {
  await world.tool('pages.write', { effects: EFFECTS.held });
  const [theirs, own] = [await world.agent('theirs'), await world.agent('own', { owner: ana })];
  const mine = await plan(world, theirs, 'pages.write', { path: 'a' });
  const others = await plan(world, own, 'pages.write', { path: 'b' });
  const list = async (needsMe: boolean) =>
    accepted(await listActions(world.deps, ana, { status: 'held', needsMe, limit: 50 })).items.map(
      (i) => i.actionId,
    );
  expect(await list(true)).toEqual([mine.actionId]);
  expect(await list(false)).toEqual([others.actionId]);
});
