import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { createCommerce } from './commerce';
import { copyRows } from './copy-rows';
import { createPeople } from './people';
import { createRandomness } from './randomness';
import { createCredentials, createSupport } from './support';

const SEED = 20_261_031;

/**
 * Fills an empty database with the demo company, in one transaction: the same rows every time, or nothing. `url` must be allowed to
 * create tables.
 */
export async function createCompany({ url }: { url: string }): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query(await readFile(join(import.meta.dirname, 'schema.sql'), 'utf8'));
    await loadRows(client);
    await client.query('COMMIT');
    // Without statistics the planner guesses, and every estimate shown to reviewers would be a default.
    await client.query('ANALYZE');
  } finally {
    await client.end();
  }
}

async function loadRows(client: pg.Client): Promise<void> {
  const random = createRandomness(SEED);
  const people = createPeople(random);
  const inDepartment = (name: string) => {
    const department = people.departments.find((row) => row.name === name);
    return people.employees.filter((employee) => employee.department_id === department?.id);
  };
  const commerce = createCommerce(random, inDepartment('Sales'));
  const support = createSupport(random, commerce.customers, inDepartment('Customer Support'));
  await copyRows(client, 'departments', people.departments);
  await copyRows(client, 'employees', people.employees);
  await copyRows(client, 'payslips', people.payslips);
  await copyRows(client, 'absences', people.absences);
  await copyRows(client, 'customers', commerce.customers);
  await copyRows(client, 'orders', commerce.orders);
  await copyRows(client, 'order_items', commerce.orderItems);
  await copyRows(client, 'payments', commerce.payments);
  await copyRows(client, 'tickets', support.tickets);
  await copyRows(client, 'ticket_comments', support.comments);
  await copyRows(client, 'api_credentials', createCredentials(random, people.departments.length));
}
