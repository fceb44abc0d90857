import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshDatabase, type TestDatabase } from '../../testing/database';
import { SqlAnalyzer } from './sql-analyzer';
import { SqlExecutor } from './sql-executor';
import { acceptSame, testCall, testTarget } from './testing';

let db: TestDatabase;
const analyzer = new SqlAnalyzer();

const SCHEMA = `
  CREATE TABLE people (id int PRIMARY KEY, name text NOT NULL, boss int REFERENCES people ON DELETE SET NULL, score int DEFAULT 0);
  INSERT INTO people SELECT g, 'p' || g, nullif(g / 3, 0), g FROM generate_series(1, 30) g;
  CREATE TABLE orders (id int PRIMARY KEY, person int REFERENCES people ON DELETE CASCADE ON UPDATE CASCADE, total numeric, note text);
  INSERT INTO people VALUES (31, 'moves', 2);
  INSERT INTO orders SELECT g, 1 + g % 30, g, 'n' FROM generate_series(1, 120) g; INSERT INTO orders VALUES (500, 31), (501, 31);
  CREATE TABLE lines (id int PRIMARY KEY, ord int REFERENCES orders ON DELETE CASCADE, qty int);
  INSERT INTO lines SELECT g, 1 + g % 120, g FROM generate_series(1, 400) g;
  CREATE TABLE reviews (id int PRIMARY KEY, line int REFERENCES lines ON DELETE SET NULL, person int DEFAULT 1 REFERENCES people ON DELETE SET DEFAULT);
  INSERT INTO reviews SELECT g, 1 + g % 400, 1 + g % 30 FROM generate_series(1, 50) g;
  CREATE TABLE tree (id int PRIMARY KEY, parent int REFERENCES tree ON DELETE CASCADE);
  INSERT INTO tree SELECT g, nullif(g / 2, 0) FROM generate_series(1, 63) g;
  CREATE TABLE log (id bigserial PRIMARY KEY, what text, at timestamptz DEFAULT now());
  CREATE TABLE stats (name text PRIMARY KEY, n int); INSERT INTO stats VALUES ('orders', 0), ('people', 0);
  CREATE FUNCTION order_log() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO log (what) VALUES (TG_OP); RETURN coalesce(NEW, OLD); END $$;
  CREATE TRIGGER order_log AFTER INSERT OR UPDATE OR DELETE ON orders FOR EACH ROW EXECUTE FUNCTION order_log();
  CREATE FUNCTION order_stats() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE stats SET n = n + 1 WHERE name = 'orders'; RETURN NULL; END $$;
  CREATE TRIGGER order_stats AFTER UPDATE ON orders FOR EACH STATEMENT EXECUTE FUNCTION order_stats();
  CREATE FUNCTION same_table() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF pg_trigger_depth() = 1 THEN UPDATE people SET score = score + 1 WHERE boss = NEW.id; END IF; RETURN NULL; END $$;
  CREATE TRIGGER same_table AFTER UPDATE OF name ON people FOR EACH ROW EXECUTE FUNCTION same_table();
  CREATE FUNCTION skip_odd() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF OLD.qty % 2 = 1 THEN RETURN NULL; END IF; RETURN OLD; END $$;
  CREATE TABLE picky (id int PRIMARY KEY, qty int); INSERT INTO picky SELECT g, g FROM generate_series(1, 10) g;
  CREATE TRIGGER skip_odd BEFORE DELETE ON picky FOR EACH ROW EXECUTE FUNCTION skip_odd();
  CREATE TABLE late (id int PRIMARY KEY, n int); INSERT INTO late SELECT g, g FROM generate_series(1, 5) g;
  CREATE CONSTRAINT TRIGGER late_log AFTER UPDATE ON late DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION order_log();
  CREATE TABLE ruled (id int PRIMARY KEY, n int); INSERT INTO ruled SELECT g, g FROM generate_series(1, 6) g;
  CREATE TABLE grave (id int);
  CREATE RULE bury AS ON DELETE TO ruled DO ALSO INSERT INTO grave VALUES (old.id);
  CREATE TABLE soft (id int PRIMARY KEY, gone bool DEFAULT false); INSERT INTO soft SELECT g FROM generate_series(1, 6) g;
  CREATE RULE soften AS ON DELETE TO soft DO INSTEAD UPDATE soft SET gone = true WHERE id = old.id;
  CREATE VIEW rich AS SELECT id, total, note FROM orders WHERE total > 60;
  CREATE TABLE parted (id int, at int, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
  CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (10);
  CREATE TABLE parted_2 PARTITION OF parted FOR VALUES FROM (10) TO (99);
  INSERT INTO parted SELECT g, g FROM generate_series(0, 19) g;
  CREATE TABLE base (id int PRIMARY KEY, v int); CREATE TABLE derived (w int) INHERITS (base);
  INSERT INTO base SELECT g, g FROM generate_series(1, 4) g; INSERT INTO derived SELECT g, g, g FROM generate_series(5, 9) g;
  CREATE FUNCTION touch(int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN UPDATE late SET n = n + 1 WHERE id <= $1; RETURN $1; END $$;
`;

beforeAll(async () => {
  db = await freshDatabase({ template: 'empty' });
  await db.pool.query(SCHEMA);
});
afterAll(() => db.drop());

type Rows = Map<string, Map<string, string>>;

/** Every row of every table by where it lies and what it holds: what really happened is the difference between two of these. */
async function contents(client: pg.Pool): Promise<Rows> {
  const { rows } = await client.query(
    "SELECT oid::regclass::text AS t FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1",
  );
  const all: Rows = new Map();
  for (const { t } of rows) {
    const found = await client.query(
      `SELECT ctid::text AS place, xmin::text AS xid, x::text AS doc FROM ONLY ${t} x`,
    );
    all.set(t, new Map(found.rows.map((r) => [`${r.place} ${r.xid}`, r.doc])));
  }
  return all;
}

/** Row versions made and row versions ended per table: an insert makes one, a delete ends one, an update does both. */
function versions(before: Rows, after: Rows): string[] {
  return [...after].flatMap(([table, now]) => {
    const then = before.get(table) ?? new Map();
    const made = [...now.keys()].filter((key) => !then.has(key)).length;
    const ended = [...then.keys()].filter((key) => !now.has(key)).length;
    return made + ended === 0 ? [] : [`${table} +${made} -${ended}`];
  });
}

/** What the footprint claims, in the same terms. Tables that only stand for others (partitioned, views) have no rows of their own. */
function claimed(items: readonly { resource: string; operation: string; count: number | null }[]): string[] {
  const tables = new Map<string, { made: number; ended: number }>();
  for (const { resource, operation, count } of items) {
    if (!['insert', 'update', 'delete'].includes(operation) || count === null) continue;
    const name = resource.replace('public.', '');
    if (['parted', 'rich'].includes(name)) continue;
    const sum = tables.get(name) ?? { made: 0, ended: 0 };
    if (operation !== 'delete') sum.made += count;
    if (operation !== 'insert') sum.ended += count;
    tables.set(name, sum);
  }
  return [...tables]
    .filter(([, { made, ended }]) => made + ended > 0)
    .map(([name, { made, ended }]) => `${name} +${made} -${ended}`)
    .sort();
}

describe('what is claimed as measured is what happens after approval:', () => {
  test.each<[string, unknown[]?]>([
    ['UPDATE people SET score = 1 WHERE id < 6'],
    ['UPDATE people SET score = score'],
    ['UPDATE orders SET total = total + 1 WHERE person = 3'],
    ['UPDATE orders SET total = 0 WHERE false'],
    ['UPDATE orders o SET note = p.name FROM people p WHERE p.id = o.person AND p.score > 20'],
    ['UPDATE people SET id = 1000 WHERE id = 31'],
    ['DELETE FROM lines WHERE id <= 12'],
    ['DELETE FROM orders WHERE id IN (1, 2, 3) RETURNING id, note'],
    ['DELETE FROM orders USING people p WHERE p.id = orders.person AND p.name = $1', ['p7']],
    ['DELETE FROM people WHERE id = 4'],
    ['DELETE FROM people WHERE id IN (SELECT person FROM orders WHERE total > 117 AND total < 120)'],
    ['DELETE FROM tree WHERE id = 5'],
    ['DELETE FROM tree WHERE parent = 2 OR id = 3'],
    ['DELETE FROM picky'],
    ['UPDATE late SET n = n + 1'],
    ['DELETE FROM ruled WHERE id < 4'],
    ['DELETE FROM soft WHERE id < 3'],
    ["UPDATE rich SET note = 'r' WHERE total > 100"],
    ['DELETE FROM rich WHERE total > 110'],
    ["INSERT INTO orders SELECT 1000 + g, 1, g, 'i' FROM generate_series(1, 7) g RETURNING id"],
    [
      "INSERT INTO orders (id, person, note) VALUES (10, 1, 'u'), (2000, 2, 'u') ON CONFLICT (id) DO UPDATE SET note = excluded.note",
    ],
    ['INSERT INTO orders (id, person) VALUES (11, 1), (2001, 2) ON CONFLICT DO NOTHING'],
    ["INSERT INTO log (what) VALUES ('direct') RETURNING id"],
    [
      `MERGE INTO orders o USING (VALUES (20, 1), (21, 2), (3000, 3)) s(id, v) ON o.id = s.id
      WHEN MATCHED AND s.v = 1 THEN DELETE WHEN MATCHED THEN UPDATE SET total = s.v WHEN NOT MATCHED THEN INSERT (id, person) VALUES (s.id, 1)`,
    ],
    [
      `MERGE INTO late l USING (SELECT 1 AS id) s ON l.id = s.id WHEN MATCHED THEN DO NOTHING WHEN NOT MATCHED BY SOURCE THEN UPDATE SET n = 0`,
    ],
    [
      `WITH gone AS (DELETE FROM lines WHERE id BETWEEN 50 AND 60 RETURNING ord), up AS (UPDATE people SET score = 9 WHERE id = 2 RETURNING id)
      INSERT INTO log (what) SELECT 'cte' FROM gone, up`,
    ],
    [
      `WITH moved AS (DELETE FROM lines WHERE id = 70 RETURNING *) UPDATE late SET n = moved.qty FROM moved WHERE late.id = 1`,
    ],
    ['UPDATE parted SET at = at + 5 WHERE at IN (3, 7)'],
    ['DELETE FROM parted WHERE at > 12'],
    ['INSERT INTO parted SELECT 100 + g, g FROM generate_series(5, 14) g'],
    ['UPDATE base SET v = 0'],
    ['DELETE FROM ONLY base WHERE id < 3'],
    ["UPDATE people SET name = name || '!' WHERE id = 1"],
    ["UPDATE people SET name = name || '?'"],
    ['UPDATE late SET n = (SELECT count(*) FROM orders) WHERE id = 2'],
    ['SELECT touch(3)'],
    ['SELECT id, touch(1) FROM late WHERE id = 2'],
    ['INSERT INTO grave SELECT touch(2)'],
    ['DELETE FROM grave WHERE id = touch(1)'],
    ['SELECT * FROM orders WHERE id < 40 FOR UPDATE'],
  ])('%s', async (statement, params) => {
    const target = testTarget(db.url);
    const call = testCall(target, statement, params);
    const before = await contents(db.pool);
    const measurement = await analyzer.measure(call, { deadlineMs: 20_000 });
    expect(versions(before, await contents(db.pool)), 'a rehearsal leaves nothing behind').toEqual([]);
    expect(measurement.footprint.method).toBe('rehearsed');
    const outcome = await new SqlExecutor().run(call, acceptSame(measurement));
    expect(outcome.kind).toBe('succeeded');
    const happened = versions(before, await contents(db.pool));
    const isPartial = measurement.footprint.unknowns.some(({ code }) => code === 'images_partial');
    // Row versions changed twice within one statement leave one trace each; only then may the claim be larger, and it says so.
    if (!isPartial) expect(claimed(measurement.footprint.items)).toEqual(happened.sort());
    else
      expect(claimed(measurement.footprint.items).map((c) => c.split(' ')[0])).toEqual(
        happened.map((h) => h.split(' ')[0]),
      );
  });
});
