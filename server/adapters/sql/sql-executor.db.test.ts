import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { freshDatabase, type TestDatabase } from '../../testing/database';
import { cuttingProxy } from './cutting-proxy';
import { SqlAnalyzer } from './sql-analyzer';
import { SqlExecutor } from './sql-executor';
import { acceptAll, acceptSame, testCall, testTarget } from './testing';

const analyzer = new SqlAnalyzer();
const executor = new SqlExecutor();
const databases: TestDatabase[] = [];
let db: TestDatabase;

const target = (extra = {}) => testTarget(db.url, { subjects: { 'public.staff': 'id' }, ...extra });
const call = (statement: string, params?: unknown[]) => testCall(target(), statement, params);
const approve = (planned: ReturnType<typeof call>) => analyzer.measure(planned, { deadlineMs: 20_000 });
const salaries = async () =>
  (await db.pool.query('SELECT id, salary::int AS salary FROM staff ORDER BY id')).rows.map((r) => r.salary);

beforeEach(async () => {
  db = await freshDatabase({ template: 'empty' });
  databases.push(db);
  await db.pool.query(`
    CREATE TABLE staff (id int PRIMARY KEY, name text, salary numeric, team int);
    CREATE TABLE log (what text);
    CREATE SCHEMA shadow;
    CREATE FUNCTION raise(n numeric) RETURNS numeric LANGUAGE plpgsql AS $$ BEGIN RETURN n + 1; END $$;
    INSERT INTO staff SELECT g, 'n' || g, 100, g % 2 FROM generate_series(1, 4) g`);
});
afterAll(async () => {
  for (const each of databases) await each.drop();
});

describe('a release runs exactly what was approved', () => {
  it('commits when what it measures inside the transaction is what was approved', async () => {
    const planned = call(
      'UPDATE staff SET salary = salary + $1 WHERE team = $2 RETURNING id, salary, now() > $3',
      ['1.5', 1, '2020-01-01'],
    );
    const approved = await approve(planned);
    expect(approved.footprint.unknowns.filter(({ code }) => code !== 'unclassified_columns')).toEqual([]);
    let evidence = '';
    const outcome = await executor.run(planned, {
      ...acceptSame(approved),
      beforeCommit: async (e) => {
        evidence = e;
        return true;
      },
    });
    expect(outcome).toMatchObject({
      kind: 'succeeded',
      result: {
        rowCount: 2,
        truncated: false,
        rows: [
          { id: 1, salary: '101.5', '?column?': true },
          { id: 3, salary: '101.5' },
        ],
      },
    });
    expect(await salaries()).toEqual([102, 100, 102, 100]);
    expect(await executor.lookUp(planned, evidence)).toBe('committed');
  });

  const drifts: [string, string, string][] = [
    [
      'a row changed in between',
      'UPDATE staff SET salary = salary + 1 WHERE team = 1',
      'UPDATE staff SET salary = 7 WHERE id = 1',
    ],
    [
      'another row matches now',
      'UPDATE staff SET salary = salary + 1 WHERE team = 1',
      'UPDATE staff SET team = 1 WHERE id = 2',
    ],
    [
      'a trigger was added',
      'UPDATE staff SET salary = salary + 1 WHERE team = 1',
      `CREATE FUNCTION spy() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER spy BEFORE UPDATE ON staff FOR EACH ROW EXECUTE FUNCTION spy()`,
    ],
    [
      'a function it calls was replaced',
      'UPDATE staff SET salary = raise(salary) WHERE team = 1',
      `CREATE OR REPLACE FUNCTION raise(n numeric) RETURNS numeric LANGUAGE plpgsql AS 'BEGIN RETURN n * 2; END'`,
    ],
    [
      'row security was switched on',
      'UPDATE staff SET salary = salary + 1 WHERE team = 1',
      'ALTER TABLE staff ENABLE ROW LEVEL SECURITY',
    ],
    [
      'a cascading foreign key was added',
      'DELETE FROM staff WHERE id = 4',
      'CREATE TABLE badge (staff_id int REFERENCES staff ON DELETE CASCADE)',
    ],
    [
      'a rule was added',
      'DELETE FROM staff WHERE id = 4',
      `CREATE RULE also AS ON DELETE TO staff DO ALSO INSERT INTO log VALUES ('x')`,
    ],
  ];
  it.each(drifts)('rolls back when %s', async (_, statement, between) => {
    const planned = call(statement);
    const approved = await approve(planned);
    await db.pool.query(between);
    const before = await db.pool.query('SELECT * FROM staff ORDER BY id');
    const outcome = await executor.run(planned, acceptSame(approved));
    expect(outcome.kind).toBe('drifted');
    expect((await db.pool.query('SELECT * FROM staff ORDER BY id')).rows).toEqual(before.rows);
  });

  it('rolls back when a table earlier in the search path stands in for the approved one', async () => {
    const place = target({ searchPath: ['shadow', 'public'] });
    const planned = testCall(place, 'UPDATE staff SET salary = salary + 1');
    const approved = await approve(planned);
    await db.pool.query('CREATE TABLE shadow.staff AS SELECT * FROM public.staff');
    expect((await executor.run(planned, acceptSame(approved))).kind).toBe('drifted');
  });

  it('does not drift for what has nothing to do with it, nor for a value a read returns', async () => {
    const write = call('UPDATE staff SET salary = salary + 1 WHERE team = 1');
    const read = call('SELECT id, salary FROM staff WHERE team = 1');
    const approved = { write: await approve(write), read: await approve(read) };
    await db.pool.query(
      `UPDATE staff SET salary = 7 WHERE id = 2; CREATE TABLE other (id int); INSERT INTO log VALUES ('x')`,
    );
    expect((await executor.run(write, acceptSame(approved.write))).kind).toBe('succeeded');
    expect((await executor.run(read, acceptSame(approved.read))).kind).toBe('succeeded');
  });

  it('drifts a read that reaches another person', async () => {
    const read = call('SELECT name FROM staff WHERE team = 1');
    const approved = await approve(read);
    expect(approved.footprint).toMatchObject({ subjects: 2, readOnly: true });
    await db.pool.query('UPDATE staff SET team = 1 - team');
    expect((await executor.run(read, acceptSame(approved))).kind).toBe('drifted');
  });

  it('rolls back when told to stop before the commit', async () => {
    const outcome = await executor.run(
      call('DELETE FROM staff'),
      acceptAll({ beforeCommit: async () => false }),
    );
    expect(outcome.kind).toBe('stopped');
    expect(await salaries()).toHaveLength(4);
  });

  it('runs approved data definition in one transaction, and drifts when its table is another by then', async () => {
    const planned = call('ALTER TABLE log ADD COLUMN at timestamptz');
    const approved = await approve(planned);
    expect(approved.footprint).toMatchObject({
      method: 'none',
      readOnly: false,
      items: [{ operation: 'define' }],
    });
    await db.pool.query('DROP TABLE log; CREATE TABLE log (what text)');
    expect((await executor.run(planned, acceptSame(approved))).kind).toBe('drifted');
    expect((await executor.run(planned, acceptSame(await approve(planned)))).kind).toBe('succeeded');
    expect((await db.pool.query('SELECT at FROM log')).rowCount).toBe(0);
  });
});

describe('what the agent gets', () => {
  it('is capped and typed without losing digits', async () => {
    const planned =
      call(`SELECT 9007199254740993::bigint AS big, 0.10::numeric AS n, 1::int AS i, 1.5::float8 AS f, true AS b,
      date '2026-01-02' AS d, timestamptz '2026-01-02 03:04:05+00' AS ts, '{"a": 1}'::jsonb AS j, '\\x00ff'::bytea AS raw,
      NULL::text AS nothing, 1 AS i`);
    const outcome = await executor.run(planned, acceptAll());
    expect(outcome).toMatchObject({
      kind: 'succeeded',
      result: {
        rows: [
          {
            big: '9007199254740993',
            n: '0.10',
            i: 1,
            f: 1.5,
            b: true,
            d: '2026-01-02',
            ts: '2026-01-02T03:04:05+00:00',
            j: { a: 1 },
            raw: '\\x00ff',
            nothing: null,
            i_2: 1,
          },
        ],
      },
    });
  });

  it('holds at most 500 rows and 256 KB, and says how many there were', async () => {
    const many = await executor.run(call('SELECT g FROM generate_series(1, 12000) g'), acceptAll());
    expect(many).toMatchObject({ kind: 'succeeded', result: { rowCount: 12000, truncated: true } });
    expect(many.kind === 'succeeded' && many.result.rows).toHaveLength(500);
    const wide = await executor.run(
      call(`SELECT repeat('x', 100000) AS x FROM generate_series(1, 10)`),
      acceptAll(),
    );
    expect(wide.kind === 'succeeded' && [wide.result.rows.length, wide.result.truncated]).toEqual([2, true]);
  });
});

describe('when something breaks, what is known is said and nothing else', () => {
  it('fails with the SQLSTATE when the database refuses', async () => {
    const outcome = await executor.run(call('INSERT INTO staff VALUES (1)'), acceptAll());
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: '23505' } });
  });

  it('never takes a second statement along', async () => {
    const outcome = await executor.run(call("INSERT INTO log VALUES ('x'); COMMIT; SELECT 1"), acceptAll());
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'forbidden' } });
    expect((await db.pool.query('SELECT * FROM log')).rowCount).toBe(0);
  });

  it('fails and changes nothing when a deferred constraint speaks at the end', async () => {
    await db.pool.query(`CREATE TABLE child (id int REFERENCES staff DEFERRABLE INITIALLY DEFERRED)`);
    const planned = call('INSERT INTO child VALUES (99)');
    expect((await approve(planned)).footprint.unknowns).toContainEqual(
      expect.objectContaining({ code: 'rehearsal_failed' }),
    );
    expect(await executor.run(planned, acceptAll())).toMatchObject({
      kind: 'failed',
      error: { code: '23503' },
    });
  });

  it('is cancelled on the server by the signal, and nothing is changed', async () => {
    const stop = new AbortController();
    const planned = call('UPDATE staff SET salary = 0 WHERE pg_sleep(30) IS NOT NULL');
    const running = executor.run(planned, acceptAll({ signal: stop.signal }));
    await untilActive('pg_sleep');
    stop.abort();
    expect(await running).toMatchObject({ kind: 'failed', error: { code: '57014' } });
    expect(await salaries()).toEqual([100, 100, 100, 100]);
  });

  it('claims no success when its connection is killed before the commit', async () => {
    let evidence = '';
    const outcome = await executor.run(
      call('UPDATE staff SET salary = 0'),
      acceptAll({
        beforeCommit: async (e) => {
          evidence = e;
          await db.pool.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE application_name = 'holdpoint' AND datname = current_database() AND state = 'idle in transaction'`);
          return true;
        },
      }),
    );
    // Failed when the broken connection was noticed in time; otherwise COMMIT was sent into it, and only looking it up helps.
    expect(['failed', 'unknown_outcome']).toContain(outcome.kind);
    expect(await executor.lookUp(call('SELECT 1'), evidence)).toBe('aborted');
    expect(await salaries()).toEqual([100, 100, 100, 100]);
  });

  it.each([
    ['before the server saw it', 'request', 'aborted', 100],
    ['after the server did it', 'answer', 'committed', 0],
  ] as const)(
    'does not know the outcome when the connection is cut at COMMIT %s, and can look it up',
    async (_, when, found, salary) => {
      const proxy = await cuttingProxy(db.url, 'COMMIT', when);
      const planned = testCall(testTarget(proxy.url), 'UPDATE staff SET salary = 0');
      let evidence = '';
      const outcome = await executor.run(
        planned,
        acceptAll({
          beforeCommit: async (e) => {
            evidence = e;
            return true;
          },
        }),
      );
      expect(outcome.kind).toBe('unknown_outcome');
      await proxy.close();
      await untilNoBackend();
      expect(await executor.lookUp(call('SELECT 1'), evidence)).toBe(found);
      expect(await salaries()).toEqual([salary, salary, salary, salary]);
    },
  );

  it('fails when the target cannot be reached', async () => {
    const away = testCall(testTarget('postgres://x:y@127.0.0.1:1/none'), 'SELECT 1');
    expect(await executor.run(away, acceptAll())).toMatchObject({ kind: 'failed' });
    expect((await analyzer.measure(away, { deadlineMs: 5_000 })).footprint.unknowns).toMatchObject([
      { code: 'target_unreachable' },
    ]);
    expect(await executor.lookUp(away, 'xid 5')).toBe('unknown');
  });
});

const activity = async (where: string): Promise<number> =>
  (
    await db.pool.query(
      `SELECT 1 FROM pg_stat_activity WHERE application_name = 'holdpoint' AND datname = current_database() AND ${where}`,
    )
  ).rowCount ?? 0;
async function untilActive(word: string): Promise<void> {
  while ((await activity(`state = 'active' AND query LIKE '%${word}%' AND wait_event = 'PgSleep'`)) === 0);
}
async function untilNoBackend(): Promise<void> {
  while ((await activity('true')) > 0);
}
