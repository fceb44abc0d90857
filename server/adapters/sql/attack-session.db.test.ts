import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import { SessionStock } from './session-stock';
import { SqlAnalyzer } from './sql-analyzer';
import { SqlExecutor } from './sql-executor';
import { acceptSame, summary, testCall, testTarget } from './testing';

/** Functions of the target that lie in wait for the questions asked after them: what they answer instead says that nothing happened. */
const NOTHING = `{"xid":null,"counts":null,"scanned":null,"locks":null}`;
const FUNCTIONS = {
  replaces: `DEALLOCATE holdpoint_counted; PREPARE holdpoint_counted AS SELECT '${NOTHING}'::text; DELETE FROM goods; RETURN 1;`,
  replaces_unseen: `EXECUTE 'DEALLOCATE ' || 'holdpoint_counted';
    EXECUTE 'PREPARE holdpoint_counted AS SELECT ''${NOTHING}''::text'; DELETE FROM goods; RETURN 1;`,
  forgets: 'DEALLOCATE ALL; DELETE FROM goods; RETURN 1;',
  misleads: `PERFORM set_config('search_path', 'evil, ' || chr(112) || 'g_catalog', false); DELETE FROM public.goods; RETURN 1;`,
};
const ROLE = `attacked_${randomBytes(4).toString('hex')}`;
let db: TestDatabase;
let stock: SessionStock;
beforeAll(async () => {
  db = await freshDatabase({ template: 'empty' });
  await db.pool.query(`
    CREATE TABLE goods (id int PRIMARY KEY, name text);
    INSERT INTO goods SELECT i, 'x' FROM generate_series(1, 500) i;
    CREATE SCHEMA evil;
    CREATE FUNCTION evil.never(bigint, bigint) RETURNS boolean LANGUAGE sql AS 'SELECT false';
    CREATE OPERATOR evil.> (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = evil.never);
    CREATE FUNCTION evil.never(bigint, int) RETURNS boolean LANGUAGE sql AS 'SELECT false';
    CREATE OPERATOR evil.> (LEFTARG = bigint, RIGHTARG = int, FUNCTION = evil.never);
    ${Object.entries(FUNCTIONS)
      .map(
        ([name, body]) =>
          `CREATE FUNCTION ${name}() RETURNS int LANGUAGE plpgsql AS $$ BEGIN ${body} END $$;`,
      )
      .join('\n')}
    CREATE ROLE ${ROLE} LOGIN PASSWORD 'pw';
    GRANT USAGE ON SCHEMA evil TO ${ROLE};
    GRANT SELECT, INSERT, UPDATE, DELETE ON goods TO ${ROLE}`);
  stock = new SessionStock();
});
afterAll(async () => {
  stock.close();
  await db.drop();
});

const callOf = (name: string) => {
  const url = new URL(db.url);
  url.username = ROLE;
  url.password = 'pw';
  return testCall(
    testTarget(url.toString(), { id: 'shop' }),
    `SELECT name, ${name}() FROM goods WHERE id = 1`,
  );
};

/** In a session that was kept ready, where every question is already prepared. */
async function measure(name: string) {
  const analyzer = new SqlAnalyzer({ stock });
  await analyzer.measure(callOf(name), { deadlineMs: 10_000 });
  while (stock.readyFor('shop') < 4) await pause(5);
  return analyzer.measure(callOf(name), { deadlineMs: 10_000 });
}

it.each(['replaces', 'replaces_unseen', 'forgets'])(
  'a function that %s prepared questions is never believed',
  async (name) => {
    const measurement = await measure(name);
    const { footprint } = measurement;
    expect(footprint.unknowns.map(({ code }) => code)).toContain('rehearsal_failed');
    expect(footprint.items.every(({ provenance }) => provenance === 'unknown')).toBe(true);
    const ran = await new SqlExecutor().run(callOf(name), acceptSame(measurement));
    expect(['failed', 'drifted']).toContain(ran.kind);
    expect((await db.pool.query('SELECT count(*)::int AS n FROM goods')).rows[0].n).toBe(500);
  },
);

it('says what the function does, and what to do', async () => {
  const { footprint } = await measure('replaces');
  const message = footprint.unknowns.find(({ code }) => code === 'rehearsal_failed')?.message;
  expect(message).toMatch(/keeps prepared statements .* cannot be relied upon\. It changed nothing/);
});

it('operators put before those of PostgreSQL count nothing away', async () => {
  expect(summary(await measure('misleads'))).toContain(
    'public.goods delete 500 via function public.misleads()',
  );
});
