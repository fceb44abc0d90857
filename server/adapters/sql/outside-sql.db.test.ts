import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase, type TestDatabase } from '../../testing/database';
import { outsideData, readLines, restoreDump } from '../../testing/outside-data';
import { SqlAnalyzer } from './sql-analyzer';
import { testCall, testTarget } from './testing';

const analyzer = new SqlAnalyzer();

async function linesOf<T>(file: string | null): Promise<T[]> {
  const lines: T[] = [];
  if (file === null) return lines;
  for await (const line of readLines(file)) if (line.trim() !== '') lines.push(JSON.parse(line) as T);
  return lines;
}

type Bypass = { id: string; sql: string; label: 'plain_read' | 'not_a_plain_read'; disguise: string };
const bypassFile = outsideData('sql/bypass_cases.jsonl');
const bypassCases = await linesOf<Bypass>(bypassFile);

describe.skipIf(bypassFile === null)(
  'statements that pretend to be plain reads (sql/bypass_cases.jsonl)',
  () => {
    let db: TestDatabase;
    beforeAll(async () => {
      db = await freshDatabase({ template: 'empty' });
      await db.pool.query(`
      CREATE EXTENSION dblink;
      CREATE TABLE users (id int PRIMARY KEY, name text, email text, action text, active boolean);
      CREATE TABLE orders (id int PRIMARY KEY); CREATE TABLE t (a int, x int); CREATE TABLE some_table (x int);
      CREATE TABLE videos (id int, _clean_title text); CREATE TABLE integration_tokens (id int, token text);
      CREATE TABLE runs (duration numeric); CREATE TABLE keywords ("delete" text); CREATE SEQUENCE s;
      INSERT INTO users SELECT g, 'n' || g FROM generate_series(1, 3) g;
      CREATE FUNCTION purge_users() RETURNS int LANGUAGE sql AS 'DELETE FROM users; SELECT 1'`);
    });
    afterAll(() => db.drop());

    const measure = (sql: string) =>
      analyzer.measure(
        testCall(
          testTarget(db.url, {
            classifications: {
              'public.users.*': 'internal',
              'public.runs.*': 'internal',
              'public.keywords.*': 'internal',
            },
          }),
          sql,
        ),
        { deadlineMs: 20_000 },
      );

    it.each(bypassCases.filter((c) => c.label === 'not_a_plain_read'))(
      '$id is never a plain read: $sql',
      async ({ sql }) => {
        const { footprint } = await measure(sql);
        const sensitive = footprint.items.some((item) => item.classes?.includes('unclassified'));
        expect(footprint.forbidden !== undefined || !footprint.readOnly || sensitive).toBe(true);
        const { rows } = await db.pool.query('SELECT count(*) FROM users');
        expect(rows[0].count).toBe('3');
      },
    );

    it.each(bypassCases.filter((c) => c.label === 'plain_read'))(
      '$id is a plain read: $sql',
      async ({ sql }) => {
        const { footprint } = await measure(sql);
        expect(footprint.forbidden).toBeUndefined();
        expect(footprint).toMatchObject({ readOnly: true, method: 'read_only', unknowns: [] });
      },
    );
  },
);

type Gold = { db: string; sql: string; columns: string[]; tables: string[] };
const goldFile = outsideData('sql/text2sql_gold.jsonl');
const gold = await linesOf<Gold>(goldFile);

describe.skipIf(goldFile === null)('columns a query reads (sql/text2sql_gold.jsonl)', () => {
  for (const name of new Set(gold.map((g) => g.db))) {
    describe(name, () => {
      let db: TestDatabase;
      beforeAll(async () => {
        db = await freshDatabase({ template: 'empty' });
        await restoreDump(db.pool, outsideData(`databases/${name}.dump.sql.gz`) ?? '');
      });
      afterAll(() => db.drop());

      it('are exactly those of the gold standard, for every query', async () => {
        const wrong: unknown[] = [];
        for (const { sql, columns } of gold.filter((g) => g.db === name)) {
          const target = testTarget(db.url, { searchPath: ['public', 'consumer_div'] });
          const { footprint } = await analyzer.measure(testCall(target, sql), { deadlineMs: 20_000 });
          const found = footprint.items
            .flatMap((item) => (item.columns ?? []).map((c) => `${item.resource}.${c}`))
            .sort();
          const failed = footprint.unknowns.filter(
            ({ code }) => !['unclassified_columns', 'subjects_unknown'].includes(code),
          );
          if (JSON.stringify(found) !== JSON.stringify([...columns].sort()) || failed.length > 0) {
            wrong.push({ sql, found, columns, failed });
          }
        }
        expect(wrong).toEqual([]);
      });
    });
  }
});
