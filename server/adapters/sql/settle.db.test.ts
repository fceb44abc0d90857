import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import { SessionStock } from './session-stock';
import { SqlAnalyzer } from './sql-analyzer';
import { summary, testCall, testTarget } from './testing';

const ROLE = `settled_${randomBytes(4).toString('hex')}`;
let db: TestDatabase;
let stock: SessionStock;
let analyzer: SqlAnalyzer;
beforeAll(async () => {
  db = await freshDatabase({ template: 'empty' });
  await db.pool.query(`
    CREATE TABLE goods (id serial PRIMARY KEY, name text);
    INSERT INTO goods (name) SELECT 'x' FROM generate_series(1, 40);
    CREATE TABLE log (id bigserial, goods_id int);
    CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO log (goods_id) VALUES (NEW.id); RETURN NULL; END $$;
    CREATE TRIGGER note AFTER UPDATE ON goods FOR EACH ROW EXECUTE FUNCTION note();
    CREATE FUNCTION runs(words text) RETURNS int LANGUAGE plpgsql AS $$ BEGIN EXECUTE words; RETURN 1; END $$;
    CREATE FUNCTION hides() RETURNS int LANGUAGE plpgsql AS $$ BEGIN CREATE TEMP TABLE log (id int, goods_id int); RETURN 1; END $$;
    CREATE FUNCTION frees() RETURNS int LANGUAGE plpgsql AS $$ BEGIN DEALLOCATE holdpoint_resolve; RETURN 1; END $$;
    CREATE FUNCTION last() RETURNS bigint LANGUAGE sql AS 'SELECT lastval()';
    CREATE ROLE ${ROLE} LOGIN PASSWORD 'pw';
    GRANT SELECT, INSERT, UPDATE, DELETE ON goods, log TO ${ROLE};
    GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO ${ROLE}`);
});
afterAll(() => db.drop());
beforeEach(async () => {
  stock = new SessionStock();
  analyzer = new SqlAnalyzer({ stock });
  await measure('SELECT id FROM goods WHERE false');
  await filled();
});
afterEach(() => stock.close());

const UPDATE = "UPDATE goods SET name = 'y' WHERE id <= 3";
async function measure(statement: string) {
  const url = new URL(db.url);
  url.username = ROLE;
  url.password = 'pw';
  return analyzer.measure(testCall(testTarget(url.toString(), { id: 'shop' }), statement), {
    deadlineMs: 20_000,
  });
}
const filled = async () => {
  while (stock.readyFor('shop') < 4) await pause(5);
};
/** Server processes of sessions, in the order they would be handed out. */
const processes = (): number[] =>
  (stock as unknown as { shelves: Map<string, { ready: { identity: { backendPid: number } }[] }> }).shelves
    .get('shop')
    ?.ready.map(({ identity }) => identity.backendPid) ?? [];
/** Measures in sessions that were kept ready, and tells which were used and which of them were kept. */
async function measureAgain(statement: string) {
  await filled();
  const before = processes();
  const measurement = await measure(statement);
  await filled();
  const after = processes();
  return { measurement, kept: before.filter((pid) => after.includes(pid)).length };
}

it('the next statement is measured in the same sessions, as if it were the first', async () => {
  const alone = summary(await measure(UPDATE));
  expect(alone).toEqual([
    'public.goods update 3',
    expect.stringMatching(/^public\.log insert 3 via trigger/),
    expect.stringMatching(/^public\.log_id_seq/),
  ]);
  // One goes to those that analyse.
  await measureAgain(UPDATE);
  for (let i = 0; i < 3; i++) {
    const { measurement, kept } = await measureAgain(UPDATE);
    expect(summary(measurement)).toEqual(alone);
    expect(measurement.footprint.unknowns.map(({ code }) => code)).toEqual([
      'unclassified_columns',
      'unclassified_columns',
    ]);
    expect(kept).toBe(4);
  }
});

it('a read after a write, and a write after a read, count nothing of each other', async () => {
  const read = 'SELECT id FROM goods WHERE id <= 7';
  await measureAgain(read);
  for (const statement of [UPDATE, read, UPDATE, 'DELETE FROM goods WHERE id = 1', read])
    expect((await measureAgain(statement)).kept).toBe(4);
  expect(summary((await measureAgain(read)).measurement)).toEqual(['public.goods read 7']);
});

it('what a sequence gave out before is not known to the next', async () => {
  await measureAgain("INSERT INTO goods (name) VALUES ('new')");
  const { measurement } = await measureAgain('SELECT lastval()');
  const [fact] = measurement.footprint.unknowns;
  expect([fact?.code, fact?.quoted]).toEqual([
    'rehearsal_failed',
    expect.stringContaining('lastval is not yet defined in this session'),
  ]);
});

it.each([
  ['SQL that nobody could read before it ran', "SELECT runs('CREATE TEMP TABLE goods (id int, name text)')"],
  ['a statement that freed a name of a question', 'SELECT frees()'],
  ['a statement that failed', 'UPDATE goods SET id = 2 WHERE id = 1'],
])('sessions are thrown away after %s', async (_, statement) => {
  const alone = summary((await measureAgain(UPDATE)).measurement);
  expect((await measureAgain(statement)).kept).toBeLessThan(4);
  expect(summary((await measureAgain(UPDATE)).measurement)).toEqual(alone);
});

it('temporary tables of a function are gone before the next statement', async () => {
  await measureAgain('SELECT hides()');
  expect(summary((await measureAgain('SELECT goods_id FROM log')).measurement)).toEqual([
    'public.log read 0',
  ]);
});
