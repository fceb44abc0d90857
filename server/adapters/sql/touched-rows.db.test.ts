import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import { SqlAnalyzer } from './sql-analyzer';
import { testCall, testTarget } from './testing';

const ROLE = `touched_${randomBytes(4).toString('hex')}`;
let db: TestDatabase;
beforeAll(async () => {
  db = await freshDatabase({ template: 'empty' });
  await db.pool.query(`
    CREATE TABLE parents (id int PRIMARY KEY);
    CREATE TABLE shut (id int PRIMARY KEY, parent int REFERENCES parents ON DELETE CASCADE);
    CREATE TABLE shown (id int PRIMARY KEY, parent int REFERENCES parents ON DELETE CASCADE);
    INSERT INTO parents SELECT generate_series(1, 3);
    INSERT INTO shut SELECT i, i FROM generate_series(1, 3) i;
    INSERT INTO shown SELECT i, i FROM generate_series(1, 3) i;
    CREATE FUNCTION refuses() RETURNS boolean STABLE LANGUAGE plpgsql AS $$ BEGIN RAISE 'not for you'; END $$;
    ALTER TABLE shut ENABLE ROW LEVEL SECURITY;
    CREATE POLICY refuses ON shut USING (refuses());
    CREATE TABLE later (id int PRIMARY KEY, parent int REFERENCES parents ON DELETE CASCADE);
    INSERT INTO later SELECT i, i FROM generate_series(1, 3) i;
    CREATE ROLE ${ROLE} LOGIN PASSWORD 'pw';
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${ROLE}`);
});
afterAll(() => db.drop());

it('a table the database refuses to show takes no other with it', async () => {
  const url = new URL(db.url);
  url.username = ROLE;
  url.password = 'pw';
  const call = testCall(testTarget(url.toString()), 'DELETE FROM parents WHERE id = 1');
  const { images, footprint } = await new SqlAnalyzer().measure(call, { deadlineMs: 20_000 });
  expect(images.map(({ resource }) => resource).sort()).toEqual([
    'public.later',
    'public.parents',
    'public.shown',
  ]);
  const partial = footprint.unknowns.filter(({ code }) => code === 'images_partial');
  expect(partial.map(({ resource }) => resource)).toEqual(['public.shut']);
});
