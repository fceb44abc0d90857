import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { createAgentRole } from '../../prisma/seed/company/create-agent-role';
import { createCompany } from '../../prisma/seed/company/create-company';
import { readDemoWorkspace } from '../../prisma/seed/demo-workspace';
import { SessionStock } from '../adapters/sql/session-stock';
import { SqlAnalyzer } from '../adapters/sql/sql-analyzer';
import type { ToolDefinition } from '../domain/catalog';
import { quantile, timeEach } from './figures';
import type { Row } from './report';
import type { Rig } from './rig';
import { untilFull } from './until-full';

const STATEMENTS = [
  ['a small read', 'SELECT company_name, city FROM customers WHERE id <= 20'],
  ['one row changed', `UPDATE tickets SET priority = 'urgent' WHERE id = 7`],
  ['hundreds changed, with triggers', 'UPDATE employees SET salary = salary * 1.02 WHERE id % 2 = 0'],
  ['a delete that cascades', 'DELETE FROM customers WHERE id % 10 = 3'],
  ['thousands changed', 'UPDATE order_items SET quantity = quantity + 1'],
] as const;

export async function companyTool(rig: Rig): Promise<ToolDefinition> {
  const password = randomBytes(16).toString('hex');
  await createCompany({ url: rig.companyUrl });
  await createAgentRole({ url: rig.companyUrl, password, role: 'bench_agent' });
  const connection = new URL(rig.companyUrl);
  connection.username = 'bench_agent';
  connection.password = password;
  const [target] = (await readDemoWorkspace(connection.toString())).targets;
  return {
    id: 'tol_bench',
    workspaceId: rig.workspaceId,
    name: 'company.sql',
    description: '',
    kind: 'sql',
    execution: 'broker',
    inputSchema: {},
    effects: [],
    target: {
      id: 'tgt_bench',
      workspaceId: rig.workspaceId,
      name: 'company',
      kind: 'postgres',
      connection: connection.toString(),
      searchPath: ['public'],
      classifications: target?.classifications ?? {},
      subjects: target?.subjects ?? {},
      definitionHash: 'bench',
    },
    definitionHash: 'bench',
  };
}

const OPTIONS = { deadlineMs: 30_000 };

async function measureEach(client: pg.Client, tool: ToolDefinition, times: number): Promise<Row[]> {
  const stock = new SessionStock();
  const stocked = new SqlAnalyzer({ stock });
  const unstocked = new SqlAnalyzer();
  const rows: Row[] = [];
  for (const [name, statement] of STATEMENTS) {
    const alone = await timeEach(times, async () => {
      await client.query('BEGIN');
      await client.query(statement);
      await client.query('ROLLBACK');
    });
    const call = { tool, args: { statement } };
    const { footprint } = await stocked.measure(call, OPTIONS);
    const plain = quantile(alone, 0.5);
    const row = (how: string, spent: number[]): Row => {
      const value = quantile(spent, 0.5);
      return {
        name: `${name} (${footprint.method}), ${how}`,
        value,
        unit: 'ms',
        baseline: { what: 'run, rolled back', value: plain },
        ratio: value / plain,
        target: { text: '≤ 1.5 × + 15 ms', met: value <= plain * 1.5 + 15 },
      };
    };
    const full = () => untilFull(stock, tool.target?.id ?? '');
    rows.push(row('sessions ready', await timeEach(times, () => stocked.measure(call, OPTIONS), 3, full)));
    rows.push(row('sessions opened for it', await timeEach(times, () => unstocked.measure(call, OPTIONS))));
  }
  stock.close();
  return rows;
}

/** Measuring a statement (analysed, rehearsed, its rows before and after kept) against only running it and rolling it back. */
export async function measureRehearsal(rig: Rig, quick: boolean): Promise<Row[]> {
  const tool = await companyTool(rig);
  const client = new pg.Client({
    connectionString: tool.target?.kind === 'postgres' ? tool.target.connection : '',
  });
  await client.connect();
  try {
    return await measureEach(client, tool, quick ? 8 : 20);
  } finally {
    await client.end();
  }
}
