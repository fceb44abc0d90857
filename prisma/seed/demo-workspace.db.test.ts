import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import { type DemoDocument, readDemoWorkspace } from './demo-workspace';

let company: TestDatabase;
let demo: DemoDocument;
beforeAll(async () => {
  company = await freshDatabase({ template: 'demo_company' });
  demo = await readDemoWorkspace(company.url);
});
afterAll(() => company.drop());

async function columnsOfCompany(): Promise<Set<string>> {
  const found = await company.pool.query<{ column: string }>(
    `SELECT table_schema || '.' || table_name || '.' || column_name AS column
     FROM information_schema.columns WHERE table_schema = 'public'`,
  );
  return new Set(found.rows.map((row) => row.column));
}

test('every column of the demo company has a class, and no class names a column that is not there', async () => {
  const columns = await columnsOfCompany();
  const classes = demo.targets[0]?.classifications ?? {};
  const tables = new Set([...columns].map((column) => column.replace(/[^.]+$/, '*')));
  const unclassified = [...columns].filter(
    (column) => !classes[column] && !classes[column.replace(/[^.]+$/, '*')],
  );
  expect(unclassified).toEqual([]);
  expect(Object.keys(classes).filter((key) => !columns.has(key) && !tables.has(key))).toEqual([]);
});

test('every path to a data subject follows real columns and ends at a table with a subject of its own', async () => {
  const columns = await columnsOfCompany();
  const subjects = demo.targets[0]?.subjects ?? {};
  for (const [table, path] of Object.entries(subjects)) {
    const [column, next] = path.split(' -> ');
    expect(columns).toContain(`${table}.${column}`);
    if (next) expect(Object.keys(subjects)).toContain(next);
  }
});

test('no agent of the demo is owned by one of its widely cleared reviewers', () => {
  const wide = demo.people.filter(
    (person) => person.roles.includes('reviewer') && person.clearances.length === 7,
  );
  expect(wide.length).toBeGreaterThanOrEqual(4);
  const owners = demo.agents.map((agent) => agent.owner);
  expect(wide.filter((person) => owners.includes(person.email))).toEqual([]);
});
