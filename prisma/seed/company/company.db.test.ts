import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import { createAgentRole } from './create-agent-role';
import { createPeople } from './people';
import { createRandomness } from './randomness';

let company: TestDatabase;
let agent: pg.Pool;
const role = 'company_test_agent';
const count = async (sql: string): Promise<number> => (await company.pool.query(sql)).rows[0].count;

beforeAll(async () => {
  company = await freshDatabase({ template: 'demo_company' });
  await createAgentRole({ url: company.url, role, password: 'only-for-this-test' });
  const url = new URL(company.url);
  url.username = role;
  url.password = 'only-for-this-test';
  agent = new pg.Pool({ connectionString: url.toString() });
});
afterAll(async () => {
  await agent.end();
  await company.drop();
});

test('the company is large enough to be believable', async () => {
  const sizes = await company.pool.query(`SELECT
    (SELECT count(*)::int FROM employees) AS employees, (SELECT count(*)::int FROM payslips) AS payslips,
    (SELECT count(*)::int FROM customers) AS customers, (SELECT count(*)::int FROM orders) AS orders,
    (SELECT count(*)::int FROM order_items) AS items, (SELECT count(*)::int FROM tickets) AS tickets`);
  expect(sizes.rows[0]).toMatchObject({ employees: 600, customers: 3000, orders: 12_000, tickets: 5000 });
  expect(sizes.rows[0].payslips).toBeGreaterThan(6000);
  expect(sizes.rows[0].items).toBeGreaterThan(29_000);
});

test('the same seed gives the same people', () => {
  expect(createPeople(createRandomness(7))).toEqual(createPeople(createRandomness(7)));
});

test('a salary change writes its record by trigger, and no other update does', async () => {
  const before = await count('SELECT count(*)::int FROM salary_changes');
  await agent.query('UPDATE employees SET phone = NULL WHERE id = 10');
  expect(await count('SELECT count(*)::int FROM salary_changes')).toBe(before);
  await agent.query('UPDATE employees SET salary = salary + 100 WHERE id = 10');
  expect(await count('SELECT count(*)::int FROM salary_changes')).toBe(before + 1);
});

test('deleting a customer takes orders and tickets along and leaves the payments on the books', async () => {
  const { customer_id: id } = (
    await company.pool.query(`SELECT customer_id FROM orders WHERE status = 'paid' LIMIT 1`)
  ).rows[0];
  const payments = await count('SELECT count(*)::int FROM payments');
  await agent.query('DELETE FROM customers WHERE id = $1', [id]);
  expect(await count(`SELECT count(*)::int FROM orders WHERE customer_id = ${id}`)).toBe(0);
  expect(await count(`SELECT count(*)::int FROM tickets WHERE customer_id = ${id}`)).toBe(0);
  expect(await count('SELECT count(*)::int FROM payments')).toBe(payments);
  expect(await count('SELECT count(*)::int FROM payments WHERE order_id IS NULL')).toBeGreaterThan(0);
});

test.each([
  ['create a table', 'CREATE TABLE public.mine (id int)'],
  ['drop a table', 'DROP TABLE public.tickets'],
  ['empty a table', 'TRUNCATE public.payments'],
  ['rewrite the record of salary changes', 'DELETE FROM public.salary_changes'],
  ['disable a trigger', 'ALTER TABLE public.employees DISABLE TRIGGER record_salary_change'],
  ['read a file', `SELECT pg_read_file('/etc/hostname')`],
  ['run a program', `COPY public.tickets TO PROGRAM 'cat'`],
])('the role Holdpoint is given cannot %s', async (_, statement) => {
  await expect(agent.query(statement)).rejects.toMatchObject({ code: '42501' });
});

test('the role Holdpoint is given can make the temporary functions a footprint needs', async () => {
  await agent.query(
    `CREATE FUNCTION pg_temp.probe() RETURNS SETOF public.departments BEGIN ATOMIC SELECT * FROM public.departments; END`,
  );
});
