import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import { createAgent, createPerson, createWorkspace, type TestAgent } from '@/server/testing/identity';
import { type Database, openDatabase } from './database';
import { newId } from './new-id';
import { type ListFilter, listActionRows } from './review-queries';

let fresh: TestDatabase;
let db: Database;
let workspaceId: string;
let personId: string;
let agent: TestAgent;

async function insert(
  sentence: string,
  of: { status?: string; tool?: string; agent?: TestAgent } = {},
): Promise<string> {
  const id = newId('action');
  const by = of.agent ?? agent;
  const { ownerId } = await db.prisma.agent.findUniqueOrThrow({ where: { id: by.id } });
  await db.prisma.plannedAction.create({
    data: {
      id,
      ownerId,
      workspaceId: by.workspaceId,
      agentId: by.id,
      keyId: by.keyId,
      toolId: 'tol_test',
      toolName: of.tool ?? 'company.sql',
      toolHash: 'x',
      execution: 'broker',
      args: {},
      digest: 'x',
      status: of.status ?? 'held',
      sentence,
    },
  });
  return id;
}
const find = async (q: string, more: Partial<ListFilter> = {}): Promise<string[]> =>
  (await listActionRows(db, { workspaceId, personId, mayDecide: true, limit: 50, q, ...more })).map(
    (r) => r.actionId,
  );

beforeAll(async () => {
  fresh = await freshDatabase();
  db = openDatabase(fresh.url);
  workspaceId = await createWorkspace(db);
  personId = (await createPerson(db, workspaceId)).id;
  const owner = await createPerson(db, workspaceId);
  agent = await createAgent(db, owner, { name: 'payroll-assistant' });
});
afterAll(async () => {
  await db.close();
  await fresh.drop();
});

test('an action is found by the beginnings of words of its sentence, tool and agent, in any case and order', async () => {
  const id = await insert('Update 1,250 rows in employees: financial data of 14 people.');
  for (const q of [
    'employees',
    'EMPLOY',
    'people financial',
    '1,250',
    'company.sql',
    'sql',
    'payroll-assis',
    'assistant upd',
  ]) {
    expect([q, await find(q)]).toEqual([q, [id]]);
  }
  for (const q of ['employees customers', 'mployees', 'zeppelin', '%', "' | '", '…', 'a'.repeat(200)]) {
    expect([q, await find(q)]).toEqual([q, []]);
  }
});

test('an action whose sentence changed is found by the new one and no longer by the old', async () => {
  const id = await insert('', { status: 'measuring' });
  await db.prisma.plannedAction.update({ where: { id }, data: { sentence: 'Delete 3 invoices' } });
  expect(await find('invoices')).toEqual([id]);
  await db.prisma.plannedAction.update({ where: { id }, data: { sentence: 'Delete 3 receipts' } });
  expect([await find('invoices'), await find('receipts')]).toEqual([[], [id]]);
});

test('the beginning of an id finds it, and filters hold for words as for everything', async () => {
  const held = await insert('Export tulips');
  const done = await insert('Export tulips', { status: 'denied' });
  expect(await find('tulips')).toEqual([done, held]);
  expect(await find('tulips', { status: ['held'] })).toEqual([held]);
  expect(await find('tulips', { status: ['denied', 'failed'] })).toEqual([done]);
  expect(await find('tulips', { needsMe: true })).toEqual([held]);
  expect(await find('tulips', { cursor: done })).toEqual([held]);
  expect(await find('tulips', { levels: ['critical'] })).toEqual([]);
  expect(await find('tulips', { limit: 1 })).toEqual([done]);
  expect(await find(held.slice(0, -1))).toContain(held);
  expect(await find(held.toUpperCase())).toEqual([held]);
  expect(await find(held, { status: ['denied'] })).toEqual([]);
});

test('another workspace’s actions are found by nobody here', async () => {
  const elsewhere = await createWorkspace(db, 'Other');
  const other = await createAgent(db, await createPerson(db, elsewhere));
  const id = await insert('Export orchids', { agent: other });
  expect(await find('orchids')).toEqual([]);
  expect(await find(id)).toEqual([]);
});

test('what lies beyond the newest, which are looked through first, is found as well, in order', async () => {
  const old = [await insert('Move the marigold archive'), await insert('Move the marigold archive again')];
  await fresh.pool.query(
    `INSERT INTO planned_action (id, owner_id, workspace_id, agent_id, key_id, tool_id, tool_name, tool_hash, execution, args, digest, status, sentence)
     SELECT 'act_7' || lpad(n::text, 25, '0'), owner_id, workspace_id, agent_id, key_id, tool_id, 'other', 'x', execution, '{}', 'x', 'held', 'Something else'
     FROM planned_action, generate_series(1, 2500) AS n WHERE id = $1`,
    [old[0]],
  );
  expect(await find('marigold')).toEqual([...old].reverse());
  expect(await find('marigold', { status: ['held'] })).toEqual([...old].reverse());
  expect(await find('something', { status: ['held'] })).toHaveLength(50);
});
