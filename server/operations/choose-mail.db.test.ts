import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import { accepted, createWorld, refusedAs, type World } from '@/server/testing/world';
import { chooseMail, getMailChoice } from './choose-mail';

let fresh: TestDatabase;
let world: World;
beforeAll(async () => {
  fresh = await freshDatabase();
  world = await createWorld(fresh.url);
});
afterAll(async () => {
  await world.close();
  await fresh.drop();
});

test('a choice is one’s own, is kept, and is written into the log; without one everything is mailed at once', async () => {
  const [ana, ben] = [await world.person('Ana'), await world.person('Ben')];
  const choice = { fromLevel: 'high', hours: 'Mon-Fri 08:00-18:00 Europe/Berlin', digest: 'daily' } as const;
  accepted(await chooseMail(world.deps, ana, choice));
  expect(await getMailChoice(world.deps, ana)).toEqual(choice);
  expect(await getMailChoice(world.deps, ben)).toEqual({ fromLevel: 'low', hours: null, digest: null });
  const { rows } = await fresh.pool.query(
    `SELECT actor_id, data FROM audit_event WHERE kind = 'person.updated' AND data ->> 'personId' = $1`,
    [ana.personId],
  );
  expect(rows).toMatchObject([{ actor_id: ana.personId, data: { mail: choice } }]);
});

test('hours that cannot be read are refused with how to write them, and change nothing', async () => {
  const ana = await world.person('Ana');
  for (const hours of ['always', 'Fri-Mon 08:00-18:00 Europe/Berlin', 'Mon-Fri 08:00-18:00 Atlantis/City']) {
    expect(refusedAs(await chooseMail(world.deps, ana, { fromLevel: null, hours }))).toBe('input_invalid');
  }
  expect(await getMailChoice(world.deps, ana)).toEqual({ fromLevel: 'low', hours: null, digest: null });
});

test('two changes at once leave one of them', async () => {
  const ana = await world.person('Ana');
  const levels = ['high', 'critical'] as const;
  await Promise.all(
    levels.map((fromLevel) => chooseMail(world.deps, ana, { fromLevel, hours: null }).then(accepted)),
  );
  expect(levels).toContain((await getMailChoice(world.deps, ana)).fromLevel);
});
