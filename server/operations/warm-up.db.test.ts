import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import { createWorld, EFFECTS, openProcess, type World } from '@/server/testing/world';
import { warmUp } from './warm-up';

let fresh: TestDatabase;
let world: World;
beforeAll(async () => {
  fresh = await freshDatabase();
  world = await createWorld(fresh.url);
  await world.tool('pages.read', { effects: EFFECTS.allowed });
});
afterAll(async () => {
  await world.close();
  await fresh.drop();
});

test('a process that has warmed up has read what judging needs, and has written nothing', async () => {
  const events = async () => (await fresh.pool.query('SELECT count(*)::int AS n FROM audit_event')).rows[0].n;
  const before = await events();
  const other = await openProcess(fresh.url, world.secret);
  try {
    await warmUp(other.deps);
    const policy = await other.deps.policies.get(world.workspaceId);
    // Nobody tells it: what it knows it has read before.
    await fresh.pool.query("UPDATE tool SET name = 'pages.renamed' WHERE name = 'pages.read'");
    expect(await other.deps.catalog.getTool(world.workspaceId, 'pages.read')).not.toBeNull();
    expect(await other.deps.policies.get(world.workspaceId)).toBe(policy);
    expect(await events()).toBe(before);
  } finally {
    await other.close();
  }
});
