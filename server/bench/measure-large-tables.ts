import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { SessionStock } from '../adapters/sql/session-stock';
import { SqlAnalyzer } from '../adapters/sql/sql-analyzer';
import type { PostgresTarget } from '../domain/catalog';
import type { PlannedCall } from '../domain/ports';
import { median, timeEach } from './figures';
import type { Row } from './report';
import type { Rig } from './rig';
import { untilFull } from './until-full';

type Case = { name: string; statement: string };

const CASES: readonly Case[] = [
  { name: 'SELECT by key', statement: 'SELECT * FROM payslips WHERE id = 777777' },
  { name: 'UPDATE by key', statement: "UPDATE payslips SET note = 'checked' WHERE id = 777777" },
  {
    name: 'INSERT one row',
    statement: "INSERT INTO payslips (employee_id, month, amount) VALUES (7, '2026-01-01', 1)",
  },
  { name: 'DELETE one person, cascading', statement: 'DELETE FROM employees WHERE id = 4711' },
  {
    name: 'UPDATE 50,000 rows',
    statement: 'UPDATE payslips SET amount = amount + 1 WHERE employee_id BETWEEN 1000 AND 2249',
  },
  {
    name: 'UPDATE 50,000 scattered rows',
    statement: "UPDATE payslips SET amount = amount + 1 WHERE month = '2023-01-01'",
  },
  {
    name: 'SELECT 200,000 rows',
    statement: 'SELECT * FROM payslips WHERE employee_id BETWEEN 1000 AND 5999',
  },
  { name: 'count over 2,000,000 rows', statement: 'SELECT count(*) FROM payslips' },
  {
    name: 'average per job title',
    statement: 'SELECT job_title, avg(salary) FROM employees GROUP BY job_title',
  },
];

const CLASSES = {
  'public.employees.*': 'personal',
  'public.payslips.*': 'financial',
  'public.changes.*': 'internal',
};

/** What an agent's target would have been registered as. */
function callOn(connection: string, statement: string): PlannedCall {
  const target: PostgresTarget = {
    id: 'target',
    workspaceId: 'workspace',
    name: 'company',
    kind: 'postgres',
    connection,
    searchPath: ['public'],
    classifications: CLASSES,
    subjects: { 'public.employees': 'id', 'public.payslips': 'employee_id -> public.employees' },
    definitionHash: '',
  };
  return {
    tool: {
      id: 'tool',
      workspaceId: 'workspace',
      name: 'company.sql',
      description: '',
      kind: 'sql',
      execution: 'broker',
      inputSchema: {},
      effects: [],
      target,
      definitionHash: '',
    },
    args: { statement },
  };
}

/** A database of its own beside the others of the server; answers with the address an agent's role reaches it at. */
async function fill(serverUrl: string): Promise<string> {
  const url = new URL(serverUrl);
  url.pathname = '/large_tables_bench';
  await withClient(serverUrl, (client) => client.query('CREATE DATABASE large_tables_bench'));
  await withClient(url.toString(), async (client) => {
    await client.query(await readFile(join(import.meta.dirname, 'large-tables.sql'), 'utf8'));
    await client.query('VACUUM ANALYZE');
  });
  url.username = 'large_tables_agent';
  url.password = 'large_tables_agent';
  return url.toString();
}

async function withClient<T>(connectionString: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The statement's own time: the same bytes in a transaction that is rolled back, on an open connection, and nothing asked about them. */
const timeAlone = (connection: string, statement: string, times: number): Promise<number> =>
  withClient(connection, async (client) => {
    const spent: number[] = [];
    for (let i = -1; i < times; i++) {
      await client.query('BEGIN');
      const from = performance.now();
      await client.query(statement);
      if (i >= 0) spent.push(performance.now() - from);
      await client.query('ROLLBACK');
    }
    return median(spent);
  });

/** What measuring a statement costs beside the statement's own time, on tables large enough that a scan would show. */
export async function measureLargeTables(rig: Rig, quick: boolean): Promise<Row[]> {
  return timeCases(await fill(rig.url), quick ? 3 : 9);
}

/** Times every case on a database that is already filled. */
async function timeCases(connection: string, times: number): Promise<Row[]> {
  const stock = new SessionStock();
  const analyzer = new SqlAnalyzer({ stock });
  const rows: Row[] = [];
  for (const { name, statement } of CASES) {
    const alone = await timeAlone(connection, statement, times);
    const call = callOn(connection, statement);
    const unknowns = new Set<string>();
    // The first one of a target finds none ready.
    await analyzer.measure(call, { deadlineMs: 60_000 });
    const spent = await timeEach(
      times,
      async () => {
        const { footprint } = await analyzer.measure(call, { deadlineMs: 60_000 });
        for (const fact of footprint.unknowns) unknowns.add(fact.message);
      },
      1,
      () => untilFull(stock, call.tool.target?.id ?? ''),
    );
    const value = median(spent);
    const allowed = 1.5 * alone + 15;
    rows.push({
      name: unknowns.size === 0 ? name : `${name} (${[...unknowns].join(' ')})`,
      value,
      unit: 'ms',
      baseline: { what: 'alone', value: alone },
      ratio: value / alone,
      target: { text: `≤ 1.5 × alone + 15 ms (${allowed.toFixed(0)} ms)`, met: value <= allowed },
    });
  }
  stock.close();
  return rows;
}
