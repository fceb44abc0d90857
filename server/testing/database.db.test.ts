import { afterAll, expect, test } from 'vitest';
import { freshDatabase } from './database';
import { outsideData, restoreDump } from './outside-data';

const opened: { drop(): Promise<void> }[] = [];
const open = async (options?: Parameters<typeof freshDatabase>[0]) => {
  const database = await freshDatabase(options);
  opened.push(database);
  return database;
};
afterAll(() => Promise.all(opened.map((database) => database.drop())));

test('every call gives a database of its own with the product schema', async () => {
  const [one, two] = await Promise.all([open(), open()]);
  await one.pool.query(`CREATE TABLE only_here (id int)`);
  const seen = await two.pool.query(
    `SELECT to_regclass('only_here') AS only_here, to_regclass('audit_event') AS audit`,
  );
  expect(seen.rows[0].only_here).toBeNull();
  expect(seen.rows[0].audit).toBe('audit_event');
});

test('an empty database holds no table of the product', async () => {
  const { pool } = await open({ template: 'empty' });
  const tables = await pool.query(
    `SELECT count(*)::int AS tables FROM pg_tables WHERE schemaname = 'public'`,
  );
  expect(tables.rows[0].tables).toBe(0);
});

const pagila = outsideData('databases/pagila.dump.sql.gz');
test.skipIf(pagila === null)('a pg_dump from outside is restored with its rows (needs pagila)', async () => {
  const { pool } = await open({ template: 'empty' });
  await restoreDump(pool, pagila ?? '');
  const rows = await pool.query(
    `SELECT (SELECT count(*)::int FROM rental) AS rentals, (SELECT count(*)::int FROM payment) AS payments`,
  );
  expect(rows.rows[0]).toEqual({ rentals: 16044, payments: 16049 });
});
