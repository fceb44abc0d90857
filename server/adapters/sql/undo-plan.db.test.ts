import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { UndoPlan } from '@/server/domain/ports';
import { freshDatabase, type TestDatabase } from '../../testing/database';
import { SqlAnalyzer } from './sql-analyzer';
import { SqlExecutor } from './sql-executor';
import { acceptAll, testCall, testTarget } from './testing';

const analyzer = new SqlAnalyzer();
const executor = new SqlExecutor();
let db: TestDatabase;
let company: TestDatabase;

beforeAll(async () => {
  [db, company] = await Promise.all([
    freshDatabase({ template: 'empty' }),
    freshDatabase({ template: 'demo_company' }),
  ]);
});
afterAll(() => Promise.all([db.drop(), company.drop()]));
beforeEach(async () => {
  await db.pool.query(`
    DROP SCHEMA public CASCADE; CREATE SCHEMA public;
    CREATE TYPE mood AS ENUM ('good', 'bad');
    CREATE TABLE odd (
      id int GENERATED ALWAYS AS IDENTITY, part text, amount numeric(20, 6), share double precision, raw bytea, doc json, docb jsonb,
      tags text[], grid int[][], at timestamptz, naive timestamp, day date, gap interval, spot point, feeling mood, fixed char(5),
      ok boolean, big bigint, twice numeric GENERATED ALWAYS AS (amount * 2) STORED, "Odd ""name""" text, PRIMARY KEY (id, part));
    INSERT INTO odd (part, amount, share, raw, doc, docb, tags, grid, at, naive, day, gap, spot, feeling, fixed, ok, big, "Odd ""name""")
      SELECT 'p' || g, g / 7.0, g / 3.0, decode(lpad(to_hex(g), 4, '0'), 'hex'), '{"a":  1, "n": 12345678901234567890}', '{"b": [1, null]}',
        ARRAY['x,y', NULL, '"q"', '{}'], ARRAY[[1, 2], [3, 4]], '2026-01-02 03:04:05.678901+02', '1999-12-31 23:59:59', 'infinity', '1 mon -2 days',
        '(1,2)', 'bad', 'ab', g % 2 = 0, 9007199254740993 + g, 'it''s \\ ''"' FROM generate_series(1, 6) g;
    INSERT INTO odd (part) VALUES ('nothing');
    CREATE TABLE team (id int PRIMARY KEY, name text UNIQUE);
    CREATE TABLE member (id int PRIMARY KEY, team_id int REFERENCES team ON DELETE CASCADE ON UPDATE CASCADE, lead_id int REFERENCES member ON DELETE SET NULL);
    CREATE TABLE task (id int PRIMARY KEY, member_id int REFERENCES member ON DELETE CASCADE);
    CREATE TABLE note (id int PRIMARY KEY, member_id int REFERENCES member ON DELETE SET NULL, body text);
    CREATE TABLE loose (what text);
    CREATE TABLE trail (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, what text);
    CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO trail (what) VALUES (TG_OP); RETURN NULL; END';
    CREATE TRIGGER keep AFTER INSERT OR UPDATE OR DELETE ON team FOR EACH ROW EXECUTE FUNCTION keep();
    CREATE TABLE event (id int, at date, what text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
    CREATE TABLE event_a PARTITION OF event FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
    CREATE TABLE event_b PARTITION OF event FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
    INSERT INTO event SELECT g, date '2026-01-25' + g, 'e' FROM generate_series(1, 12) g;
    INSERT INTO team SELECT g, 't' || g FROM generate_series(1, 3) g;
    INSERT INTO member SELECT g, 1 + g % 3, NULLIF(g - 1, 0) FROM generate_series(1, 9) g;
    INSERT INTO task SELECT g, 1 + g % 9 FROM generate_series(1, 30) g;
    INSERT INTO note SELECT g, 1 + g % 9, 'n' FROM generate_series(1, 9) g;
    INSERT INTO loose VALUES ('a'), ('a')`);
});

const hashes = async (from: TestDatabase, tables: readonly string[]) => {
  const found: Record<string, string> = {};
  for (const table of tables) {
    const { rows } = await from.pool.query(
      `SELECT md5(string_agg(t::text, E'\\n' ORDER BY t::text)) AS h FROM ${table} t`,
    );
    found[table] = rows[0].h;
  }
  return found;
};
const run = async (from: TestDatabase, statement: string, params: unknown[] = []) => {
  const outcome = await executor.run(testCall(testTarget(from.url), statement, params), acceptAll());
  if (outcome.kind !== 'succeeded') throw new Error(JSON.stringify(outcome));
  return outcome;
};
const planOf = async (from: TestDatabase, statement: string): Promise<UndoPlan> => {
  const plan = (await run(from, statement)).measurement.undo?.();
  if (plan === undefined) throw new Error('no plan');
  return plan;
};
const possible = (plan: UndoPlan) => {
  if (!plan.possible) throw new Error(plan.why);
  return plan;
};

const TABLES = ['odd', 'team', 'member', 'task', 'note', 'event'];
const STATEMENTS: [name: string, statement: string][] = [
  [
    'every type there is',
    `UPDATE odd SET amount = amount + 1, share = 0, raw = '\\x', doc = '{}', docb = NULL, tags = NULL, grid = '{}', at = now(),
     naive = now(), day = NULL, gap = '1s', spot = NULL, feeling = 'good', fixed = 'zz', ok = NULL, big = 1, "Odd ""name""" = NULL`,
  ],
  ['part of a composite key', `UPDATE odd SET part = part || '!' WHERE id < 4`],
  ['deleted rows of every type', 'DELETE FROM odd'],
  ['inserted rows with an identity', `INSERT INTO odd (part, amount) VALUES ('new', 1), ('newer', NULL)`],
  [
    'a delete that cascades three levels, sets NULL and refers to its own table',
    'DELETE FROM team WHERE id = 2',
  ],
  ['a key that cascades when it is changed', 'UPDATE team SET id = id + 100'],
  ['rows that move between partitions', `UPDATE event SET at = at + 20 WHERE at < '2026-02-01' AND id < 4`],
  [
    'an upsert that inserts and updates',
    `INSERT INTO task VALUES (1, 5), (99, 5) ON CONFLICT (id) DO UPDATE SET member_id = excluded.member_id`,
  ],
  [
    'a MERGE that does all three',
    `MERGE INTO note USING (VALUES (1), (2), (77)) v (id) ON note.id = v.id
     WHEN MATCHED AND note.id = 1 THEN DELETE WHEN MATCHED THEN UPDATE SET body = 'm' WHEN NOT MATCHED THEN INSERT VALUES (v.id, NULL, 'i')`,
  ],
];

describe('what ran can be taken back by one statement', () => {
  test.each(STATEMENTS)(
    '%s: every table is as it was, and the statement is one the gate takes',
    async (_, statement) => {
      const before = await hashes(db, TABLES);
      const plan = possible(await planOf(db, statement));
      expect(await hashes(db, TABLES)).not.toEqual(before);
      const undo = testCall(testTarget(db.url), String(plan.args.statement), plan.params);
      expect(analyzer.check(undo)).toEqual([]);
      const measured = await analyzer.measure(undo, { deadlineMs: 20_000 });
      expect(measured.footprint.unknowns.filter((u) => u.code !== 'unclassified_columns')).toEqual([]);
      expect(measured.footprint.method).toBe('rehearsed');
      const { result } = await run(db, String(plan.args.statement), plan.params);
      expect(result.rows.map((r) => r.moved_on)).toEqual(result.rows.map(() => null));
      expect(await hashes(db, TABLES)).toEqual(before);
    },
  );

  test('the demo company is as it was after a department was deleted with everything that hangs on it', async () => {
    const { rows } = await company.pool.query(
      `SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) AS t FROM pg_tables WHERE schemaname = 'public' AND tablename !~ 'log|audit|change|histor'`,
    );
    const tables = rows.map((r) => r.t as string);
    const before = await hashes(company, tables);
    const plan = possible(
      await planOf(
        company,
        'DELETE FROM customers WHERE id IN (SELECT id FROM customers ORDER BY id LIMIT 3)',
      ),
    );
    const { result } = await run(company, String(plan.args.statement), plan.params);
    expect(result.rows.every((r) => r.moved_on === null)).toBe(true);
    expect(await hashes(company, tables)).toEqual(before);
  });

  test('what somebody else has changed since is left as it is, and named', async () => {
    const plan = possible(await planOf(db, 'UPDATE task SET member_id = 1 WHERE id <= 3'));
    await db.pool.query('UPDATE task SET member_id = 9 WHERE id = 2');
    const { result } = await run(db, String(plan.args.statement), plan.params);
    expect(result.rows).toEqual([
      { relation: 'public.task', undone: 'update', restored: '2', moved_on: 'id=2' },
    ]);
    const { rows } = await db.pool.query('SELECT member_id FROM task WHERE id <= 3 ORDER BY id');
    expect(rows.map((r) => r.member_id)).toEqual([2, 9, 4]);
  });

  test('what was deleted and is there again is left as it is, and named', async () => {
    const plan = possible(await planOf(db, 'DELETE FROM note WHERE id < 3'));
    await db.pool.query(`INSERT INTO note VALUES (1, NULL, 'by hand')`);
    const { result } = await run(db, String(plan.args.statement), plan.params);
    expect(result.rows).toEqual([
      { relation: 'public.note', undone: 'delete', restored: '1', moved_on: 'id=1' },
    ]);
    expect((await db.pool.query('SELECT body FROM note WHERE id = 1')).rows[0].body).toBe('by hand');
  });

  test('what triggers wrote elsewhere stays, and the plan says so', async () => {
    const plan = possible(await planOf(db, `UPDATE team SET name = 'x' || name WHERE id = 1`));
    expect(plan.left).toEqual(['public.trail']);
    await run(db, String(plan.args.statement), plan.params);
    expect((await db.pool.query('SELECT what FROM trail ORDER BY id')).rows).toHaveLength(2 + 3);
  });

  test('values are parameters: nothing of a row stands in the statement', async () => {
    const plan = possible(await planOf(db, 'DELETE FROM odd'));
    for (const part of ["it's", '9007199254740994', 'x,y', 'nothing'])
      expect(String(plan.args.statement)).not.toContain(part);
  });

  const IMPOSSIBLE: [name: string, statement: string, why: RegExp][] = [
    ['a table without a primary key', `UPDATE loose SET what = 'b'`, /loose has no primary key/],
    [
      'more rows than are kept',
      `INSERT INTO task SELECT g, 1 FROM generate_series(1000, 6100) g`,
      /more than 5,000 rows/,
    ],
    [
      'a value longer than what is kept of it',
      `UPDATE note SET body = repeat('x', 5000) WHERE id = 1`,
      /longer than what is kept/,
    ],
    ['nothing', 'DELETE FROM note WHERE id = 12345', /changed no row/],
  ];
  test.each(IMPOSSIBLE)('no plan for %s, and why in words', async (_, statement, why) => {
    const plan = await planOf(db, statement);
    expect(plan).toMatchObject({ possible: false, why: expect.stringMatching(why) });
  });
});
