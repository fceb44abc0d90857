import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readStatement } from './gate';
import { SqlAnalyzer } from './sql-analyzer';
import { testCall, testTarget } from './testing';

const gateOf = (statement: string) => {
  const read = readStatement(statement);
  if (!read.ok) throw new Error(read.problems[0]?.message);
  return read.gate;
};
const ruleOf = (statement: string) => gateOf(statement).forbidden?.rule;
const shapeOf = (statement: string) => gateOf(statement).shape;

describe('the gate refuses', () => {
  it.each([
    ['INSERT INTO t VALUES (1); COMMIT; SELECT 1', 'multiple_statements'],
    ['COMMIT', 'transaction_control'],
    ["PREPARE TRANSACTION 'x'", 'transaction_control'],
    ['SAVEPOINT a', 'transaction_control'],
    ['SET ROLE postgres', 'session_state'],
    ['RESET ALL', 'session_state'],
    ['SET TRANSACTION READ WRITE', 'session_state'],
    ['SHOW search_path', 'session_state'],
    ['DISCARD ALL', 'session_state'],
    ['DO $$ BEGIN DELETE FROM t; END $$', 'anonymous_code'],
    ['CALL p()', 'procedure_call'],
    ['LISTEN x', 'notification'],
    ["NOTIFY x, 'y'", 'notification'],
    ['LOCK TABLE t', 'explicit_lock'],
    ['PREPARE p AS DELETE FROM t', 'prepared_statement'],
    ['EXECUTE p', 'prepared_statement'],
    ['EXPLAIN ANALYZE EXECUTE p', 'prepared_statement'],
    ["COPY t TO PROGRAM 'id'", 'copy'],
    ["COPY t FROM '/etc/passwd'", 'copy'],
    ['COPY (SELECT * FROM t) TO STDOUT', 'copy'],
    ['VACUUM t', 'maintenance'],
    ['REINDEX TABLE t', 'maintenance'],
    ["LOAD 'x'", 'server_control'],
    ['ALTER SYSTEM SET a = 1', 'server_control'],
    ['CREATE ROLE r SUPERUSER', 'server_administration'],
    ['GRANT pg_read_all_data TO r', 'server_administration'],
    ['CREATE EXTENSION dblink', 'server_administration'],
    ['CREATE SERVER s FOREIGN DATA WRAPPER w', 'server_administration'],
    ["CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p", 'server_administration'],
    ['CREATE INDEX CONCURRENTLY i ON t (a)', 'outside_transaction'],
    ['DECLARE c CURSOR FOR SELECT 1', 'cursor'],
    ['ANALYZE t', 'maintenance'],
    ["SELECT pg_read_file('/etc/passwd')", 'server_file'],
    ["SELECT * FROM pg_ls_dir('/')", 'server_file'],
    ["SELECT pg_catalog.pg_read_binary_file('x')", 'server_file'],
    ["SELECT lo_export(1, '/tmp/x')", 'server_file'],
    ['SELECT U&"pg_terminate\\005fbackend"(1)', 'server_control'],
    ["SELECT dblink('host=x', 'y')", 'remote_access'],
    ["SELECT set_config('role', 'x', false)", 'session_state'],
    ["SELECT query_to_xml('DELETE FROM t', true, true, '')", 'dynamic_sql'],
    ["SELECT * FROM ts_stat('SELECT x FROM t')", 'dynamic_sql'],
    ["SELECT pg_notify('a', 'b')", 'notification'],
    ['SELECT 1 FROM t WHERE id = (SELECT 1 WHERE pg_cancel_backend(3))', 'server_control'],
    ["UPDATE t SET a = pg_read_file('x') RETURNING a", 'server_file'],
    ['SELECT pg_stat_reset()', 'server_control'],
    ['SELECT count(*) FILTER (WHERE pg_reload_conf()) OVER (ORDER BY 1) FROM t', 'server_control'],
  ])('%s', (statement, rule) => {
    expect(ruleOf(statement)).toBe(rule);
  });
});

describe('the gate sees writes wherever they hide', () => {
  it.each([
    ['SELECT 1', 'read'],
    ['(SELECT 1)', 'read'],
    ['TABLE t', 'read'],
    ['VALUES (1)', 'read'],
    ["SELECT 'DELETE FROM t'", 'read'],
    ['EXPLAIN SELECT 1', 'explain'],
    ['EXPLAIN DELETE FROM t', 'explain'],
    ['EXPLAIN (ANALYZE off) DELETE FROM t', 'explain'],
    ['EXPLAIN ANALYZE DELETE FROM t', 'write'],
    ['EXPLAIN (COSTS OFF, ANALYZE TRUE) DELETE FROM t', 'write'],
    ['EXPLAIN (ANALYZE 0, ANALYZE) DELETE FROM t', 'write'],
    ['EXPLAIN ANALYZE SELECT 1', 'read'],
    ['EXPLAIN CREATE TABLE x AS SELECT 1', 'define'],
    ['WITH d AS (DELETE FROM t RETURNING *) SELECT * FROM d', 'write'],
    ['SELECT * FROM (WITH d AS (UPDATE t SET a = 1 RETURNING *) SELECT * FROM d) x', 'write'],
    ['SELECT * INTO x FROM t', 'define'],
    ['CREATE TABLE x AS SELECT 1', 'define'],
    ['DROP TABLE t', 'define'],
    ['GRANT SELECT ON t TO x', 'define'],
    ['TRUNCATE t', 'truncate'],
    ['SELECT * FROM t FOR SHARE', 'lock'],
    ["SELECT nextval('s')", 'write'],
    ['MERGE INTO t USING s ON true WHEN MATCHED THEN DELETE', 'write'],
  ])('%s is a %s', (statement, shape) => {
    expect([ruleOf(statement), shapeOf(statement)]).toEqual([undefined, shape]);
  });
});

describe('checking arguments', () => {
  const analyzer = new SqlAnalyzer();
  const check = (statement: unknown, params?: unknown) => analyzer.check(testCall(null, statement, params));

  it('points at the place of a syntax error', () => {
    expect(check('SELECT a\nFRM t WHERE')).toEqual([
      {
        pointer: '/statement',
        message: 'syntax error at or near "t" (line 2, column 5). Correct the statement at this place.',
      },
    ]);
  });

  it('refuses what is no statement, with a pointer each', () => {
    expect(check('  ')[0]?.pointer).toBe('/statement');
    expect(check('-- nothing')[0]?.message).toContain('only comments');
    expect(check(42)[0]).toEqual({ pointer: '/statement', message: 'Required: one SQL statement, as text.' });
    expect(check('SELECT 1', 'x')[0]?.pointer).toBe('/params');
    expect(check('SELECT $1, $2', [1])).toEqual([
      { pointer: '/params', message: 'The statement takes 2 parameters ($1–$2), 1 given.' },
    ]);
    expect(check('SELECT $1', [2 ** 60])[0]?.pointer).toBe('/params/0');
    expect(
      analyzer.check({ ...testCall(null, 'SELECT 1'), args: { statement: 'SELECT 1', limit: 3 } })[0]
        ?.pointer,
    ).toBe('/limit');
  });

  it('leaves forbidden statements to policy', () => {
    expect(check('DROP ROLE x; COMMIT')).toEqual([]);
    expect(analyzer.reach(testCall(null, 'COMMIT'))).toBe('arguments');
    expect(analyzer.reach(testCall(testTarget('postgres://u@h/d'), 'COMMIT'))).toBe('arguments');
  });

  it('tells what looks at data from what does not, since only the former could tell of it', () => {
    const target = testTarget('postgres://u@h/d');
    const reach = (statement: string) => analyzer.reach(testCall(target, statement));
    expect(reach('SELECT a FROM t')).toBe('read');
    expect(reach('EXPLAIN DELETE FROM t')).toBe('read');
    for (const change of [
      'DELETE FROM t',
      'WITH d AS (DELETE FROM t RETURNING a) SELECT a FROM d',
      'SELECT a FROM t FOR UPDATE',
      'DROP TABLE t',
      'TRUNCATE t',
    ]) {
      expect(reach(change)).toBe('change');
    }
  });

  it('survives nesting made to break it', () => {
    for (const hostile of [
      `SELECT ${'('.repeat(20_000)}1${')'.repeat(20_000)}`,
      `SELECT 1${'+1'.repeat(40_000)}`,
    ]) {
      expect(check(hostile)[0]?.pointer).toBe('/statement');
      expect(check('SELECT 1')).toEqual([]);
    }
  });

  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((s) => `SELECT ${s}`),
          fc.string().map((s) => `EXPLAIN ${s} DELETE FROM t`),
        ),
        (text) => {
          expect(Array.isArray(check(text))).toBe(true);
        },
      ),
    );
  });

  it('takes no comment, quote or case for what it is not', () => {
    expect(shapeOf('/* DELETE */ SeLeCt "delete" FROM "t;--"')).toBe('read');
    expect(shapeOf('/*/**/*/DELETE FROM t')).toBe('write');
    expect(ruleOf('SELECT 1 /* ; */ ; -- x\n')).toBeUndefined();
    expect(ruleOf('SELECT 1;;')).toBeUndefined();
  });
});
