import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import { SqlAnalyzer } from './sql-analyzer';
import { summary, testCall, testTarget } from './testing';

const ROLE = `reach_${randomBytes(4).toString('hex')}`;
let db: TestDatabase;
beforeAll(async () => {
  db = await freshDatabase({ template: 'empty' });
  await db.pool.query(`
    CREATE TABLE log (id int, note text);
    CREATE TABLE parents (id int PRIMARY KEY, name text);
    CREATE TABLE children (id int PRIMARY KEY, parent int REFERENCES parents ON DELETE CASCADE);
    CREATE TABLE grandchildren (id int PRIMARY KEY, child int REFERENCES children ON DELETE SET NULL);
    CREATE TABLE renamed (id int PRIMARY KEY, parent int REFERENCES parents ON UPDATE CASCADE);
    CREATE TABLE ruled (id int PRIMARY KEY);
    CREATE RULE ruled AS ON UPDATE TO ruled DO ALSO DELETE FROM parents WHERE id = NEW.id;
    INSERT INTO parents SELECT i, 'x' FROM generate_series(1, 5) i;
    INSERT INTO children SELECT i, i FROM generate_series(1, 5) i;
    INSERT INTO grandchildren SELECT i, i FROM generate_series(1, 5) i;
    INSERT INTO renamed SELECT i, NULL FROM generate_series(1, 5) i;
    INSERT INTO ruled VALUES (1);
    CREATE FUNCTION unseen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'SELECT 1'; RETURN NULL; END $$;
    CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      INSERT INTO log VALUES (OLD.id, TG_OP);
      IF OLD.id < 0 THEN UPDATE nowhere SET id = 1; END IF;
      RETURN NULL; END $$;
    CREATE TRIGGER unseen AFTER UPDATE ON grandchildren FOR EACH ROW EXECUTE FUNCTION unseen();
    CREATE TRIGGER noted AFTER DELETE ON children FOR EACH ROW EXECUTE FUNCTION noted();
    CREATE ROLE ${ROLE} LOGIN PASSWORD 'pw';
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${ROLE}`);
});
afterAll(() => db.drop());

async function measure(statement: string) {
  const url = new URL(db.url);
  url.username = ROLE;
  url.password = 'pw';
  const call = testCall(testTarget(url.toString()), statement);
  const measurement = await new SqlAnalyzer().measure(call, { deadlineMs: 20_000 });
  const isOpaque = measurement.footprint.unknowns.some(({ code }) => code === 'opaque_function');
  return { touched: summary(measurement).filter((line) => !line.includes(' read ')), isOpaque };
}

it('an update does not reach what only goes with deleted rows, nor what is attached to it', async () => {
  expect(await measure("UPDATE parents SET name = 'y' WHERE id = 1")).toEqual({
    touched: ['public.parents update 1'],
    isOpaque: false,
  });
});

it('a delete reaches what goes with its rows, and what that sets free in turn', async () => {
  const { touched, isOpaque } = await measure('DELETE FROM parents WHERE id = 1');
  expect(touched).toEqual([
    expect.stringMatching(/^public\.children delete 1 via foreign key/),
    expect.stringMatching(/^public\.grandchildren update 1 via foreign key/),
    expect.stringMatching(/^public\.log insert 1 via trigger noted/),
    'public.parents delete 1',
  ]);
  expect(isOpaque).toBe(true);
});

it('a rule that deletes reaches as far as a delete', async () => {
  expect((await measure('UPDATE ruled SET id = 1 WHERE id = 1')).isOpaque).toBe(true);
});
