import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshDatabase, type TestDatabase } from '../../testing/database';
import { SqlAnalyzer } from './sql-analyzer';
import { SqlExecutor } from './sql-executor';
import { acceptAll, testCall, testTarget } from './testing';

let db: TestDatabase;
const analyzer = new SqlAnalyzer();
const target = () =>
  testTarget(db.url, {
    classifications: {
      'public.keys.*': 'internal',
      'public.keys.token': 'credential',
      'public.other.*': 'internal',
      'public.v.*': 'internal',
    },
  });
const measure = (statement: string, params?: unknown[], deadlineMs = 20_000) =>
  analyzer.measure(testCall(target(), statement, params), { deadlineMs });

beforeAll(async () => {
  db = await freshDatabase({ template: 'empty' });
  await db.pool.query(`
    CREATE TABLE keys (id int PRIMARY KEY, name text, token text);
    INSERT INTO keys VALUES (1, 'a', 'secret-1'), (2, 'b', 'secret-2');
    CREATE TABLE other (id int PRIMARY KEY, t text);
    INSERT INTO other VALUES (1, 'x');
    CREATE VIEW v AS SELECT k.id, k.row_to_json AS doc FROM keys k;
  `);
});
afterAll(() => db.drop());

describe('a whole row counts as all its columns, whichever way it is named:', () => {
  test.each([
    'SELECT keys FROM keys',
    'SELECT keys.to_jsonb FROM keys',
    'SELECT k.row_to_json FROM keys k',
    'SELECT public.keys.to_json FROM keys',
    'SELECT id FROM keys AS id(a)',
    'SELECT to_json(id) FROM keys AS id(a, b)',
    'SELECT j FROM (keys k JOIN other o ON o.id = k.id) AS j',
    'SELECT j.to_jsonb FROM (keys k JOIN other o ON o.id = k.id) AS j',
    'SELECT to_json(j) FROM (keys k CROSS JOIN (SELECT 1) x) AS j',
    'SELECT token FROM (keys k CROSS JOIN (SELECT 1) x) AS token(a, b, c, d)',
    'SELECT token(k) FROM keys k',
    'SELECT (k).token FROM keys k',
    'SELECT json_object_agg(k.name, k.to_json) FROM keys k',
    'SELECT max(k.to_jsonb::text) FROM keys k',
    'SELECT id FROM keys WHERE length(keys.row_to_json::text) > 30',
    'SELECT id FROM keys k GROUP BY id, k',
    'SELECT id FROM keys ORDER BY keys',
    'WITH z AS (SELECT k.to_jsonb AS doc FROM keys k) SELECT doc FROM z',
    'SELECT (SELECT k.to_json FROM keys k WHERE k.id = o.id) FROM other o',
    'SELECT x.* FROM keys k, LATERAL json_populate_record(NULL::keys, to_json(k)) x',
    'SELECT doc FROM v',
    "UPDATE keys SET name = 'z' RETURNING old",
    "UPDATE keys SET name = 'z' RETURNING new.to_jsonb",
    "UPDATE keys SET name = 'z' RETURNING WITH (OLD AS o) o",
    'DELETE FROM keys RETURNING keys.to_jsonb',
    'INSERT INTO other SELECT 5 + k.id, k.to_jsonb::text FROM keys k',
    'UPDATE other SET t = k.to_jsonb::text FROM keys k WHERE k.id = other.id',
    'DELETE FROM other USING keys k WHERE k.to_jsonb IS NOT NULL AND k.id = other.id',
  ])('%s', async (statement) => {
    const { footprint } = await measure(statement);
    const read = footprint.items.filter((i) => i.resource === 'public.keys' && i.operation === 'read');
    expect(read[0]?.classes).toContain('credential');
  });

  test('a role that may not create temporary objects changes nothing about that', async () => {
    const role = `r_${db.url.split('_').at(-1)}`;
    await db.pool.query(`CREATE ROLE ${role} LOGIN PASSWORD 'x'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${role};
      REVOKE TEMPORARY ON DATABASE ${new URL(db.url).pathname.slice(1)} FROM PUBLIC`);
    const url = new URL(db.url);
    url.username = role;
    url.password = 'x';
    const place = testTarget(url.toString(), { classifications: target().classifications });
    for (const statement of [
      'SELECT k.to_json FROM keys k',
      'SELECT id FROM keys AS id(a)',
      'SELECT j FROM (keys k JOIN other o ON o.id = k.id) AS j',
      'SELECT id FROM keys AS x(token, id, name)',
    ]) {
      const { footprint } = await analyzer.measure(testCall(place, statement), { deadlineMs: 20_000 });
      expect(
        footprint.items.flatMap((i) => i.classes ?? []),
        statement,
      ).toContain('credential');
    }
    await db.pool.query(
      `GRANT TEMPORARY ON DATABASE ${new URL(db.url).pathname.slice(1)} TO PUBLIC; DROP OWNED BY ${role}; DROP ROLE ${role}`,
    );
  });
});

describe('an answer without end', () => {
  test.each([
    ["SELECT repeat('x', 600000000)"],
    ["SELECT repeat('x', 100000000)"],
    ["SELECT repeat('x', 1000000) FROM generate_series(1, 1000)"],
  ])('takes no process down and is measured as unknown: %s', async (statement) => {
    const m = await measure(statement, undefined, 50_000);
    expect(m.footprint.unknowns.map(({ message }) => message).join()).toContain('too large');
    expect(process.memoryUsage().rss).toBeLessThan(1_500_000_000);
    expect((await db.pool.query('SELECT FROM other')).rowCount).toBe(1);
  });

  test('executed, it ends as failed and nothing is changed', async () => {
    const call = testCall(target(), "UPDATE other SET t = 'y' RETURNING repeat('x', 100000000)");
    const outcome = await new SqlExecutor().run(call, acceptAll({ deadlineMs: 50_000 }));
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: '54000' } });
    expect((await db.pool.query('SELECT t FROM other')).rows).toEqual([{ t: 'x' }]);
  });
});

describe('what looks like a read', () => {
  test.each([
    "SELECT ts_rewrite('a'::tsquery, 'SELECT ''a''::tsquery, quote_literal(pg_sleep(1)::text)::tsquery')",
    "SELECT ts_stat('SELECT 1')",
    "SELECT set_config('transaction_read_only', 'off', false)",
    "SELECT pg_notify('holdpoint', 'x')",
    'SELECT U&"pg_re\\0061d_file"(\'/etc/passwd\')',
    "SELECT pg_catalog.pg_read_file('/etc/passwd')",
    "SELECT query_to_xml('DELETE FROM other', true, true, '')",
    "SELECT * FROM dblink('dbname=postgres', 'SELECT 1') AS t(a int)",
    "SELECT lo_import('/etc/passwd')",
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity',
    "COPY keys TO PROGRAM 'cat'",
    "COPY (SELECT 1) TO '/tmp/x'",
    "SET application_name = 'x'",
    'SHOW all',
    'LOCK TABLE keys',
    'DO $$ BEGIN DELETE FROM keys; END $$',
    'CALL p()',
    'BEGIN',
    'COMMIT',
    "PREPARE TRANSACTION 'x'",
    'PREPARE x AS SELECT 1',
    'DECLARE c CURSOR FOR SELECT 1',
    'SELECT 1; DELETE FROM keys',
    'EXPLAIN ANALYZE EXECUTE holdpoint_statement',
    'CREATE ROLE r SUPERUSER',
    'ALTER SYSTEM SET fsync = off',
    'CREATE EXTENSION dblink',
    'CREATE EVENT TRIGGER e ON ddl_command_start EXECUTE FUNCTION f()',
    'ALTER ROLE postgres SET search_path = x',
    'VACUUM',
    'SET CONSTRAINTS ALL DEFERRED',
  ])('is forbidden by its text: %s', async (statement) => {
    expect((await measure(statement)).footprint.forbidden).not.toBeNull();
  });

  test.each([
    'SELECT * FROM pg_stat_get_activity(NULL)',
    'SELECT pg_stat_get_backend_activity(1)',
    'SELECT pg_prepared_statement()',
    'SELECT pg_lock_status()',
    'SELECT pg_advisory_lock(1)',
    'SELECT lo_create(0)',
    "SELECT lo_from_bytea(0, '\\x00')",
    "SELECT setval('s', 1)",
    'SELECT pg_export_snapshot()',
    'SELECT current_query()',
  ])('is not run to be measured: %s', async (statement) => {
    const m = await measure(statement);
    expect(m.footprint.method).not.toBe('read_only');
    expect(m.footprint.unknowns.length).toBeGreaterThan(0);
  });
});

describe('odd statements are answered, not suffered:', () => {
  test.each([
    ['nested parentheses', `SELECT ${'('.repeat(5_000)}1${')'.repeat(5_000)}`],
    ['nested subselects', `SELECT * FROM ${'(SELECT * FROM '.repeat(400)}keys${') t'.repeat(400)}`],
    [
      'a list of ten thousand numbers',
      `SELECT id FROM keys WHERE id IN (${Array.from({ length: 10_000 }, (_, i) => i).join(',')})`,
    ],
    ['a statement at the limit', `SELECT 1 /*${'x'.repeat(99_900)}*/`],
    ['a comment at the end', 'SELECT 1 -- DELETE FROM keys'],
    ['unicode look-alikes', 'SELECT 1 AS "а", 2 AS "a", 3 AS "‮gnp"'],
    ['names like those of objects', 'SELECT 1 AS "__proto__", 2 AS "constructor", 3 AS "toString"'],
    ['not a number', "SELECT 'NaN'::numeric, 'Infinity'::float8, '-Infinity'::numeric"],
    ['huge numbers', `SELECT 1e1000::numeric, ${'9'.repeat(1_000)}`],
    [
      'dates beyond JavaScript',
      "SELECT 'infinity'::timestamptz, '294276-12-31'::timestamptz, '4713-01-01 BC'::date",
    ],
    ['no columns at all', 'SELECT FROM keys'],
    ['a thousand columns', `SELECT ${Array.from({ length: 1_000 }, (_, i) => `${i} AS c${i}`).join(',')}`],
  ])('%s', async (_, statement) => {
    const call = testCall(target(), statement);
    const problems = analyzer.check(call);
    const m = await measure(statement);
    expect(JSON.stringify(m.footprint).length).toBeGreaterThan(0);
    if (problems.length > 0) expect(problems[0]?.message).toMatch(/\.$/);
    else expect(m.footprint.unknowns.map(({ code }) => code)).not.toContain('analyzer_error');
  });

  test.each([
    [['a']],
    [[null]],
    [[{ a: 1 }]],
    [[['x', 'y']]],
    [[true]],
    [[Number.MAX_SAFE_INTEGER]],
    [[1.5e300]],
    [['\u0000']],
    [[]],
    [[1, 2, 3]],
    [Array.from({ length: 70_000 }, () => 1)],
  ])('params %#', async (params) => {
    const call = testCall(target(), 'SELECT id FROM keys WHERE id = $1', params);
    const problems = analyzer.check(call);
    const m = await analyzer.measure(call, { deadlineMs: 20_000 });
    expect(m.footprint.unknowns.map(({ code }) => code)).not.toContain(
      problems.length > 0 ? 'nothing' : 'target_unreachable',
    );
  });
});
