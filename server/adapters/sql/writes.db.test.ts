import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase, type TestDatabase } from '../../testing/database';
import { SqlAnalyzer } from './sql-analyzer';
import { summary, testCall, testTarget } from './testing';

let db: TestDatabase;
const analyzer = new SqlAnalyzer();
const measure = (statement: string, params?: unknown[]) =>
  analyzer.measure(
    testCall(
      testTarget(db.url, {
        classifications: {
          'public.customers.*': 'internal',
          'public.customers.email': 'personal',
          'public.orders.*': 'internal',
          'public.order_lines.*': 'internal',
          'public.notes.*': 'internal',
          'public.audit.*': 'internal',
          'public.events.*': 'public',
        },
        subjects: {
          'public.customers': 'id',
          'public.orders': 'customer_id -> public.customers',
          'public.order_lines': 'order_id -> public.orders',
        },
      }),
      statement,
      params,
    ),
    { deadlineMs: 20_000 },
  );

beforeAll(async () => {
  db = await freshDatabase({ template: 'empty' });
  await db.pool.query(`
    CREATE TABLE customers (id int PRIMARY KEY, email text NOT NULL, credit numeric DEFAULT 0);
    CREATE TABLE orders (id int PRIMARY KEY, customer_id int NOT NULL REFERENCES customers ON DELETE CASCADE ON UPDATE CASCADE, total numeric);
    CREATE TABLE order_lines (order_id int REFERENCES orders ON DELETE CASCADE, line int, sku text, PRIMARY KEY (order_id, line));
    CREATE TABLE notes (id serial PRIMARY KEY, customer_id int REFERENCES customers ON DELETE SET NULL, body text);
    CREATE TABLE audit (at timestamptz DEFAULT now(), what text);
    INSERT INTO customers SELECT g, 'c' || g || '@example.com', g FROM generate_series(1, 50) g;
    INSERT INTO orders SELECT g, 1 + g % 50, g * 10 FROM generate_series(1, 200) g;
    INSERT INTO order_lines SELECT 1 + g % 200, g, 'sku' || g FROM generate_series(1, 600) g;
    INSERT INTO notes (customer_id, body) SELECT 1 + g % 50, 'note' FROM generate_series(1, 100) g;
    CREATE FUNCTION audited() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN INSERT INTO audit (what) VALUES (TG_OP || ' ' || TG_TABLE_NAME); RETURN NULL; END $$;
    CREATE TRIGGER customers_audit AFTER UPDATE OR DELETE ON customers FOR EACH ROW EXECUTE FUNCTION audited();
    CREATE TABLE events (id int, at date NOT NULL, body text) PARTITION BY RANGE (at);
    CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
    CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
    INSERT INTO events SELECT g, date '2025-12-01' + g, 'e' FROM generate_series(1, 60) g;
    CREATE VIEW rich AS SELECT id, email FROM customers WHERE credit > 40;
  `);
});
afterAll(() => db.drop());

describe('a write is measured by really running it', () => {
  it('counts cascades, SET NULL and trigger writes, each with the way it was reached', async () => {
    const m = await measure('DELETE FROM customers WHERE id <= 2');
    expect(m.footprint.unknowns).toEqual([]);
    expect(summary(m)).toEqual([
      'public.audit insert 2 via trigger customers_audit on public.customers',
      'public.customers delete 2',
      'public.notes update 4 via foreign key notes_customer_id_fkey (ON DELETE SET NULL, no index on the referencing columns) from public.customers',
      'public.order_lines delete 24 via foreign key order_lines_order_id_fkey (ON DELETE CASCADE) from public.orders',
      'public.orders delete 8 via foreign key orders_customer_id_fkey (ON DELETE CASCADE, no index on the referencing columns) from public.customers',
    ]);
    expect(m.footprint).toMatchObject({ method: 'rehearsed', readOnly: false, subjects: 2 });
    expect(m.imagesTotal).toBe(40);
    expect(
      m.images.filter((i) => i.operation === 'delete' && i.resource === 'public.customers'),
    ).toHaveLength(2);
    const { rows } = await db.pool.query('SELECT count(*) FROM customers');
    expect(rows[0].count).toBe('50');
  });

  it('shows rows before and after an update, paired by primary key', async () => {
    const m = await measure('UPDATE customers SET credit = credit + 1 WHERE id = $1', [7]);
    expect(m.footprint.unknowns).toEqual([]);
    expect(m.images.find((i) => i.resource === 'public.customers')).toEqual({
      resource: 'public.customers',
      operation: 'update',
      key: 'id=7',
      before: { id: 7, email: 'c7@example.com', credit: '7' },
      after: { id: 7, email: 'c7@example.com', credit: '8' },
    });
    expect(m.footprint.items[0]).toMatchObject({ columns: ['credit'], classes: ['internal'], subjects: 1 });
  });

  it('names the partitions PostgreSQL writes and sums them for the table the statement names', async () => {
    const m = await measure("UPDATE events SET body = 'x'");
    expect(summary(m)).toEqual([
      'public.events read 0 via its definition only',
      'public.events update 60',
      'public.events_2025 update 30 via partition of public.events',
      'public.events_2026 update 30 via partition of public.events',
    ]);
  });

  it('writes through a view reach the table behind it', async () => {
    const m = await measure("UPDATE rich SET email = 'x' WHERE id = 50");
    expect(summary(m)).toEqual([
      'public.audit insert 1 via trigger customers_audit on public.customers',
      'public.customers update 1 via view public.rich',
      'public.rich update 1',
    ]);
  });
});
