import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blastRadius } from '../../domain/blast-radius';
import { freshDatabase, type TestDatabase } from '../../testing/database';
import { SqlAnalyzer } from './sql-analyzer';
import { summary, testCall, testTarget } from './testing';

let db: TestDatabase;
const analyzer = new SqlAnalyzer();
const measure = async (statement: string, params?: unknown[], deadlineMs = 20_000) => {
  const m = await analyzer.measure(testCall(testTarget(db.url), statement, params), { deadlineMs });
  return {
    ...m,
    codes: m.footprint.unknowns.map(({ code }) => code).filter((code) => code !== 'unclassified_columns'),
  };
};
const sql = (text: string) => db.pool.query(text);

beforeAll(async () => {
  db = await freshDatabase({ template: 'empty' });
  await sql(`
    CREATE TABLE items (id int PRIMARY KEY, name text, price numeric, doubled numeric GENERATED ALWAYS AS (price * 2) STORED);
    INSERT INTO items SELECT g, 'i' || g, g FROM generate_series(1, 20) g;
    CREATE TABLE keyless (a int, b text);
    INSERT INTO keyless SELECT g, 'k' FROM generate_series(1, 5) g;
    CREATE TABLE serials (id bigserial PRIMARY KEY, note text);
    CREATE TABLE tree (id int PRIMARY KEY, parent int REFERENCES tree ON DELETE CASCADE);
    INSERT INTO tree VALUES (1, NULL), (2, 1), (3, 2), (4, 3), (5, NULL);
    CREATE TABLE big (id bigint PRIMARY KEY, body bytea, doc jsonb, tags text[]);
    INSERT INTO big VALUES (9223372036854775807, '\\x00ff', '{"a": 1}', '{x,y}');
    CREATE TABLE range_parted (id int, at int, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
    CREATE TABLE low PARTITION OF range_parted FOR VALUES FROM (0) TO (10);
    CREATE TABLE high PARTITION OF range_parted FOR VALUES FROM (10) TO (20);
    INSERT INTO range_parted SELECT g, g FROM generate_series(1, 9) g;
  `);
});
afterAll(() => db.drop());

describe('statements with more than one effect', () => {
  it('tells inserts from updates in ON CONFLICT and MERGE', async () => {
    const upsert = await measure(`INSERT INTO items (id, name) SELECT g, 'new' FROM generate_series(18, 22) g
      ON CONFLICT (id) DO UPDATE SET name = excluded.name`);
    expect([summary(upsert), upsert.codes]).toEqual([['public.items insert 2', 'public.items update 3'], []]);
    expect(upsert.images.filter((i) => i.operation === 'insert').map((i) => i.key)).toEqual([
      'id=21',
      'id=22',
    ]);
    const merge = await measure(`MERGE INTO items i USING (VALUES (1), (2), (50)) s(id) ON i.id = s.id
      WHEN MATCHED AND i.id = 1 THEN DELETE WHEN MATCHED THEN UPDATE SET price = 0 WHEN NOT MATCHED THEN INSERT (id) VALUES (s.id)`);
    expect([summary(merge), merge.codes]).toEqual([
      ['public.items delete 1', 'public.items insert 1', 'public.items update 1'],
      [],
    ]);
    const nothing = await measure('INSERT INTO items (id) VALUES (1) ON CONFLICT DO NOTHING');
    expect(summary(nothing)).toEqual(['public.items insert 0']);
  });

  it('counts writes of several CTEs each for its own table, and what RETURNING gives back as read', async () => {
    const m = await measure(`WITH gone AS (DELETE FROM keyless WHERE a <= 2 RETURNING a)
      UPDATE items SET price = 1 FROM gone WHERE gone.a = items.id RETURNING items.name`);
    expect(m.codes).toEqual([]);
    expect(summary(m)).toEqual([
      'public.items read null',
      'public.items update 2',
      'public.keyless delete 2',
      'public.keyless read null',
    ]);
  });

  it('reads the tables a write looks into, with their columns', async () => {
    const m = await measure('DELETE FROM items USING keyless k WHERE k.a = items.id AND k.b = $1', ['k']);
    expect(m.footprint.items).toContainEqual(
      expect.objectContaining({
        resource: 'public.keyless',
        operation: 'read',
        columns: ['a', 'b'],
        provenance: 'estimated',
      }),
    );
    expect(m.footprint.items.filter(({ resource }) => resource === 'public.items')).toHaveLength(1);
  });

  it('follows cascades inside one table', async () => {
    const m = await measure('DELETE FROM tree WHERE id = 1');
    expect([summary(m), m.images.length, m.codes]).toEqual([['public.tree delete 4'], 4, []]);
  });

  it('follows a row that moves to another partition', async () => {
    const m = await measure('UPDATE range_parted SET at = at + 5');
    expect([summary(m), m.codes]).toEqual([
      [
        'public.high insert 5 via partition of public.range_parted',
        'public.low delete 5 via partition of public.range_parted',
        'public.low update 4 via partition of public.range_parted',
        'public.range_parted read 0 via its definition only',
        'public.range_parted update 9',
      ],
      [],
    ]);
    expect(blastRadius(m.footprint)).toMatchObject({
      rowsChanged: 9,
      rowsDeleted: 0,
      rowsReachedIndirectly: 0,
    });
  });

  it('runs what EXPLAIN ANALYZE would run', async () => {
    const m = await measure('EXPLAIN (ANALYZE, TIMING OFF) DELETE FROM items WHERE id < 4');
    expect(summary(m)).toEqual(['public.items delete 3']);
    expect((await sql('SELECT 1 FROM items')).rowCount).toBe(20);
  });

  it('shows the work of rules and of INSTEAD OF triggers', async () => {
    await sql(`
      CREATE TABLE graveyard (id int, at timestamptz);
      CREATE TABLE ruled (id int PRIMARY KEY); INSERT INTO ruled SELECT generate_series(1, 3);
      CREATE RULE bury AS ON DELETE TO ruled DO ALSO INSERT INTO graveyard VALUES (old.id, now());
      CREATE VIEW window_on_items AS SELECT id, name FROM items;
      CREATE FUNCTION through() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE items SET name = NEW.name WHERE id = OLD.id; RETURN NEW; END $$;
      CREATE TRIGGER through INSTEAD OF UPDATE ON window_on_items FOR EACH ROW EXECUTE FUNCTION through()`);
    expect(summary(await measure('DELETE FROM ruled'))).toEqual([
      'public.graveyard insert 3 via rule bury on public.ruled',
      'public.ruled delete 3',
      'public.ruled read 6 via rule bury',
    ]);
    const m = await measure("UPDATE window_on_items SET name = 'x' WHERE id <= 2");
    expect(summary(m)).toEqual(
      expect.arrayContaining([
        'public.items update 2 via view public.window_on_items',
        'public.window_on_items update 2',
      ]),
    );
  });
});

describe('images of rows', () => {
  it('keep big integers, bytes, JSON and generated columns as they are', async () => {
    const m = await measure(`UPDATE big SET tags = '{z}' WHERE id = $1`, ['9223372036854775807']);
    expect(m.images).toEqual([
      {
        resource: 'public.big',
        operation: 'update',
        key: 'id=9223372036854775807',
        before: { id: '9223372036854775807', body: '\\x00ff', doc: { a: 1 }, tags: '{x,y}' },
        after: { id: '9223372036854775807', body: '\\x00ff', doc: { a: 1 }, tags: '{z}' },
      },
    ]);
    const generated = await measure('UPDATE items SET price = 5 WHERE id = 1');
    expect(generated.images[0]).toMatchObject({ before: { doubled: '2' }, after: { doubled: '10' } });
  });

  it('pair rows whose key changes, and show rows without a key', async () => {
    const moved = await measure('UPDATE items SET id = id + 100 WHERE id <= 3');
    expect(moved.codes).toEqual([]);
    expect(moved.images.map((i) => [i.operation, i.before?.id, i.after?.id])).toEqual([
      ['update', 1, 101],
      ['update', 2, 102],
      ['update', 3, 103],
    ]);
    const keyless = await measure("UPDATE keyless SET b = 'x' WHERE a = 1");
    expect([keyless.codes, keyless.images.map((i) => i.operation)]).toEqual([[], ['update', 'update']]);
  });

  it('say that they are partial when a function undid work the counters still hold', async () => {
    await sql(`CREATE TABLE trail (n int); CREATE TABLE watched (id int PRIMARY KEY); INSERT INTO watched VALUES (1);
      CREATE FUNCTION half() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        BEGIN INSERT INTO trail VALUES (1); RAISE EXCEPTION 'x'; EXCEPTION WHEN OTHERS THEN INSERT INTO trail VALUES (2); END; RETURN NULL; END $$;
      CREATE TRIGGER half AFTER DELETE ON watched FOR EACH ROW EXECUTE FUNCTION half()`);
    const m = await measure('DELETE FROM watched');
    expect(m.codes).toEqual(['images_partial']);
    expect(m.images.filter((i) => i.resource === 'public.trail').map((i) => i.after)).toEqual([{ n: 2 }]);
  });

  it('find the rows of subtransactions too', async () => {
    await sql(`CREATE TABLE done (n int); CREATE TABLE job (id int PRIMARY KEY); INSERT INTO job VALUES (1), (2);
      CREATE FUNCTION safely() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        BEGIN INSERT INTO done VALUES (OLD.id); EXCEPTION WHEN OTHERS THEN NULL; END; RETURN NULL; END $$;
      CREATE TRIGGER safely AFTER DELETE ON job FOR EACH ROW EXECUTE FUNCTION safely()`);
    const m = await measure('DELETE FROM job');
    expect([m.codes, summary(m)]).toEqual([
      [],
      ['public.done insert 2 via trigger safely on public.job', 'public.job delete 2'],
    ]);
    expect(m.images).toHaveLength(4);
  });

  it('are complete although another transaction holds a share lock on a row', async () => {
    const other = await db.pool.connect();
    await other.query('BEGIN');
    await other.query('SELECT 1 FROM items WHERE id = 7 FOR KEY SHARE');
    const m = await measure('UPDATE items SET price = 0 WHERE id IN (7, 8)');
    await other.query('ROLLBACK');
    other.release();
    expect([m.codes, m.images.map((i) => i.key).sort()]).toEqual([[], ['id=7', 'id=8']]);
  });
});

describe('what cannot or must not be rehearsed', () => {
  it('gives up on a busy lock at once', async () => {
    const other = await db.pool.connect();
    await other.query('BEGIN');
    await other.query('SELECT 1 FROM items WHERE id = 3 FOR UPDATE');
    const m = await measure('UPDATE items SET price = 0 WHERE id = 3');
    await other.query('ROLLBACK');
    other.release();
    expect(m.codes).toEqual(['lock_busy']);
    expect(m.footprint.items).toMatchObject([
      { resource: 'public.items', operation: 'update', count: null, provenance: 'unknown' },
    ]);
  });

  it('stops at its deadline and leaves nothing running', async () => {
    const m = await measure('UPDATE items SET price = 0 WHERE pg_sleep(60) IS NULL', undefined, 500);
    expect(m.codes).toEqual(['timeout']);
    const running = await sql(
      `SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND state = 'active' AND pid <> pg_backend_pid()`,
    );
    expect(running.rowCount).toBe(0);
  });

  it('quotes the database apart from what everybody reads when a constraint or a missing table stops it', async () => {
    const m = await measure('UPDATE items SET id = 1');
    expect(m.footprint.unknowns).toContainEqual(
      expect.objectContaining({
        code: 'rehearsal_failed',
        message: expect.stringContaining('(SQLSTATE 23505): a value that must be unique would not be.'),
        quoted: expect.stringContaining('items_pkey'),
        quotedFrom: 'items',
      }),
    );
    expect((await measure('SELECT * FROM nowhere')).footprint).toMatchObject({
      readOnly: false,
      unknowns: [{ code: 'rehearsal_failed' }],
    });
  });

  it('estimates what the planner expects to be too large', async () => {
    const small = new SqlAnalyzer({ largestRehearsalRows: 10 });
    await sql('ANALYZE items');
    const m = await small.measure(testCall(testTarget(db.url), 'DELETE FROM items'), { deadlineMs: 20_000 });
    expect(m.footprint).toMatchObject({
      method: 'planned',
      items: [{ operation: 'delete', count: 20, provenance: 'estimated' }],
    });
    expect(m.footprint.unknowns[0]?.code).toBe('rehearsal_refused');
    expect(m.footprint.rows).toBeUndefined();
  });

  it('counts what TRUNCATE would remove without locking anybody out', async () => {
    await sql('CREATE TABLE leaf (item int REFERENCES items); INSERT INTO leaf VALUES (1), (2)');
    const m = await measure('TRUNCATE items CASCADE');
    expect(m.footprint).toMatchObject({ method: 'none', readOnly: false });
    expect(summary(m)).toEqual([
      'public.items truncate 20',
      'public.leaf truncate 2 via foreign key leaf_item_fkey (TRUNCATE CASCADE) from public.items',
    ]);
    expect(
      m.footprint.items.every(
        ({ provenance, reversible }) => provenance === 'estimated' && reversible === false,
      ),
    ).toBe(true);
    await sql('DROP TABLE leaf');
  });

  it('shows a used sequence, since its numbers do not come back', async () => {
    const m = await measure("INSERT INTO serials (note) VALUES ('a'), ('b')");
    expect(m.footprint.items).toContainEqual(
      expect.objectContaining({
        kind: 'sequence',
        resource: 'public.serials_id_seq',
        count: 2,
        provenance: 'estimated',
        via: 'default of public.serials.id',
      }),
    );
  });

  it('says when a function builds SQL at run time or changes the catalog', async () => {
    await sql(`CREATE FUNCTION build() RETURNS int LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'DELETE FROM keyless'; RETURN 1; END $$;
      CREATE FUNCTION creates() RETURNS int LANGUAGE plpgsql AS $$ BEGIN CREATE TABLE made (id int); RETURN 1; END $$`);
    const build = await measure('SELECT build()');
    expect([build.codes, summary(build)]).toEqual([
      ['opaque_function'],
      ['public.keyless delete 5 via function public.build()'],
    ]);
    const creates = await measure('SELECT creates()');
    expect(creates.codes).toContain('opaque_function');
    expect(creates.footprint.items).toContainEqual(
      expect.objectContaining({ resource: 'pg_catalog', operation: 'define' }),
    );
    expect((await sql("SELECT to_regclass('made') AS made")).rows[0].made).toBeNull();
  });

  it('never rehearses a foreign table', async () => {
    await sql(`CREATE EXTENSION postgres_fdw; CREATE SERVER away FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '1');
      CREATE USER MAPPING FOR CURRENT_USER SERVER away; CREATE FOREIGN TABLE far (id int) SERVER away`);
    const m = await measure('DELETE FROM far');
    expect(m.codes).toEqual(['remote_table']);
    expect(m.footprint.method).toBe('none');
  });

  it('waits its turn, and no longer than its deadline', async () => {
    const narrow = new SqlAnalyzer({ rehearsalsAtOnce: 1 });
    const slow = narrow.measure(testCall(testTarget(db.url), 'SELECT pg_sleep(2)'), { deadlineMs: 20_000 });
    const late = await narrow.measure(testCall(testTarget(db.url), 'SELECT 1'), { deadlineMs: 50 });
    expect(late.footprint.unknowns).toMatchObject([{ code: 'timeout' }]);
    expect((await slow).footprint.unknowns).toEqual([]);
    const next = await narrow.measure(testCall(testTarget(db.url), 'SELECT 1'), { deadlineMs: 20_000 });
    expect(next.footprint).toMatchObject({ readOnly: true, unknowns: [] });
  });
});
