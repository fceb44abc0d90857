import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase, type TestDatabase } from '../../testing/database';
import { outsideData, restoreDump } from '../../testing/outside-data';
import { SqlAnalyzer } from './sql-analyzer';
import { testCall, testTarget } from './testing';

const file = outsideData('databases/pagila.dump.sql.gz');
const analyzer = new SqlAnalyzer();

/** Writes of every kind Pagila has something special for: partitions, triggers, a view, defaults, restricting and cascading keys. */
const WRITES = [
  "UPDATE film SET rental_rate = rental_rate + 0.5 WHERE rating = 'PG-13'",
  'UPDATE customer SET active = 0 WHERE store_id = 1 AND customer_id % 3 = 0',
  "UPDATE payment SET amount = amount * 1.1 WHERE payment_date >= '2022-02-20' AND payment_date < '2022-03-10'",
  'DELETE FROM payment WHERE customer_id IN (SELECT customer_id FROM customer WHERE active = 0)',
  'DELETE FROM payment_p2022_05 WHERE amount > 5',
  "INSERT INTO payment (customer_id, staff_id, rental_id, amount, payment_date) SELECT customer_id, 1, rental_id, 0.99, '2022-04-15' FROM rental WHERE rental_id <= 50",
  'DELETE FROM film_actor WHERE actor_id = 5',
  'WITH gone AS (DELETE FROM film_category WHERE category_id = 6 RETURNING film_id) UPDATE film SET length = length + 1 FROM gone WHERE gone.film_id = film.film_id',
  "INSERT INTO category (category_id, name) VALUES (1, 'Acts'), (99, 'New') ON CONFLICT (category_id) DO UPDATE SET name = excluded.name",
  'MERGE INTO inventory i USING (SELECT film_id FROM film WHERE film_id <= 5) f ON i.film_id = f.film_id AND i.store_id = 1 WHEN MATCHED THEN UPDATE SET last_update = now() WHEN NOT MATCHED THEN INSERT (film_id, store_id) VALUES (f.film_id, 1)',
  'UPDATE address SET district = upper(district) WHERE city_id IN (SELECT city_id FROM city JOIN country USING (country_id) WHERE country = $$India$$)',
  "UPDATE rental SET return_date = '2022-09-01' WHERE return_date IS NULL",
  'DELETE FROM rental WHERE rental_id BETWEEN 100 AND 400 AND NOT EXISTS (SELECT 1 FROM payment p WHERE p.rental_id = rental.rental_id)',
  "UPDATE payment SET payment_date = payment_date + interval '1 month' WHERE payment_date >= '2022-01-25' AND payment_date < '2022-02-01'",
];

/** Reads, and for each relation the query that counts its rows in the result. */
const READS: [string, Record<string, string>][] = [
  [
    'SELECT first_name, email FROM customer WHERE store_id = 2',
    { 'public.customer': 'SELECT count(*) FROM customer WHERE store_id = 2' },
  ],
  [
    'SELECT f.title FROM film f JOIN film_actor fa USING (film_id) WHERE fa.actor_id = 1',
    {
      'public.film': 'SELECT count(DISTINCT film_id) FROM film_actor WHERE actor_id = 1',
      'public.film_actor': 'SELECT count(*) FROM film_actor WHERE actor_id = 1',
    },
  ],
  [
    'SELECT count(*), avg(amount) FROM payment WHERE customer_id = 1',
    { 'public.payment': 'SELECT count(*) FROM payment WHERE customer_id = 1' },
  ],
  [
    'SELECT DISTINCT c.email FROM customer c JOIN rental r ON r.customer_id = c.customer_id WHERE r.staff_id = 1 AND c.customer_id <= 10',
    {
      'public.customer':
        'SELECT count(DISTINCT customer_id) FROM rental WHERE staff_id = 1 AND customer_id <= 10',
      'public.rental': 'SELECT count(*) FROM rental WHERE staff_id = 1 AND customer_id <= 10',
    },
  ],
  ['SELECT * FROM actor ORDER BY 3 LIMIT 7', { 'public.actor': 'SELECT 7' }],
];

describe.skipIf(file === null)('Pagila (databases/pagila.dump.sql.gz)', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await freshDatabase({ template: 'empty' });
    await restoreDump(db.pool, file ?? '');
    await db.pool.query('ANALYZE');
  });
  afterAll(() => db.drop());

  const measure = (statement: string) =>
    analyzer.measure(
      testCall(
        testTarget(db.url, {
          subjects: {
            'public.customer': 'customer_id',
            'public.payment': 'customer_id -> public.customer',
            'public.rental': 'customer_id -> public.customer',
          },
        }),
        statement,
      ),
      { deadlineMs: 50_000 },
    );

  it.each(WRITES)('measures what PostgreSQL then really does: %s', async (statement) => {
    const { footprint, imagesTotal } = await measure(statement);
    expect(
      footprint.unknowns.filter(
        ({ code }) => !['unclassified_columns', 'subjects_unknown', 'opaque_function'].includes(code),
      ),
    ).toEqual([]);
    expect(footprint.method).toBe('rehearsed');
    const claimed = footprint.items
      .filter((item) => item.count !== 0 && ['insert', 'update', 'delete'].includes(item.operation))
      // The partitioned table itself holds no row: PostgreSQL counts its partitions only.
      .filter(({ resource }) => resource !== 'public.payment')
      .map(({ resource, operation, count }) => `${resource} ${operation} ${count}`)
      .sort();
    const happened = await reallyDo(db, statement);
    expect(claimed).toEqual(happened.map(({ what }) => what).sort());
    expect(imagesTotal).toBe(happened.reduce((sum, { rows }) => sum + rows, 0));
  });

  it.each(READS)('counts the rows of each relation that a read reaches: %s', async (statement, counts) => {
    const { footprint } = await measure(statement);
    const direct = footprint.items.filter((item) => item.via === undefined);
    const expected: Record<string, number> = {};
    for (const [relation, sql] of Object.entries(counts)) {
      expected[relation] = Number(Object.values((await db.pool.query(sql)).rows[0])[0]);
    }
    expect(Object.fromEntries(direct.map((item) => [item.resource, item.count]))).toEqual(expected);
    expect(direct.every(({ provenance }) => provenance === 'measured')).toBe(true);
  });

  it('does not run a function that builds SQL at run time with the powers of a superuser', async () => {
    const { footprint } = await measure('SELECT * FROM rewards_report(1, 1)');
    expect(footprint).toMatchObject({ method: 'none', readOnly: false });
    expect(footprint.unknowns).toContainEqual(expect.objectContaining({ code: 'opaque_function' }));
  });
});

/** What changed in every table once the statement really ran, in a transaction that is undone for the next case. */
async function reallyDo(db: TestDatabase, statement: string): Promise<{ what: string; rows: number }[]> {
  const client = await db.pool.connect();
  try {
    await client.query('BEGIN');
    const before = await rowsByTable(client);
    await client.query(statement);
    const after = await rowsByTable(client);
    return [...after].flatMap(([table, now]) => changesIn(table, before.get(table) ?? new Map(), now));
  } finally {
    await client.query('ROLLBACK');
    client.release(true);
  }
}

function changesIn(table: string, was: Map<string, string>, now: Map<string, string>) {
  const counts = {
    insert: [...now.keys()].filter((key) => !was.has(key)).length,
    update: [...now].filter(([key, row]) => was.has(key) && was.get(key) !== row).length,
    delete: [...was.keys()].filter((key) => !now.has(key)).length,
  };
  const happened = Object.entries(counts).filter(([, rows]) => rows > 0);
  return happened.map(([operation, rows]) => ({ what: `${table} ${operation} ${rows}`, rows }));
}

/** Every row of every table by primary key, with the version PostgreSQL gave it: an update that changes no value is still an update. */
async function rowsByTable(client: { query(sql: string): Promise<{ rows: Record<string, unknown>[] }> }) {
  const { rows: tables } = await client.query(`
    SELECT n.nspname || '.' || c.relname AS name, (SELECT string_agg(format('%I', a.attname), ' || $$,$$ || ' ORDER BY a.attnum)
      FROM pg_index x JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (x.indkey) WHERE x.indrelid = c.oid AND x.indisprimary) AS key
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind = 'r'`);
  const found = new Map<string, Map<string, string>>();
  for (const { name, key } of tables) {
    const { rows } = await client.query(
      `SELECT (${key})::text AS key, xmin::text || ctid::text AS version FROM ONLY ${name}`,
    );
    found.set(String(name), new Map(rows.map((row) => [String(row.key), String(row.version)])));
  }
  return found;
}
