import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createVault } from '@/server/adapters/vault/aes-gcm-vault';
import { SQL_INPUT_SCHEMA } from '@/server/domain/tool-schemas';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import { Catalog, connectionContext } from './catalog-cache';
import { type Database, openDatabase } from './database';

let fresh: TestDatabase;
let db: Database;
const vault = createVault(randomBytes(32));
const connection = 'postgres://hr_agent:s3cret@db:5432/hr';

beforeAll(async () => {
  fresh = await freshDatabase();
  db = openDatabase(fresh.url);
  for (const w of ['ws_a', 'ws_b']) {
    await db.prisma.workspace.create({ data: { id: w, name: w } });
    const id = `tgt_${w}`;
    await db.prisma.target.create({
      data: {
        id,
        workspaceId: w,
        name: 'hr',
        kind: 'postgres',
        sealedConnection: new Uint8Array(
          vault.seal(new TextEncoder().encode(connection), connectionContext(id)),
        ),
        address: 'hr_agent@db:5432/hr',
        definitionHash: 'h',
      },
    });
    await addTool(w, 'hr.sql', id);
  }
});
afterAll(async () => {
  await db.close();
  await fresh.drop();
});

const addTool = (workspaceId: string, name: string, targetId: string | null) =>
  db.prisma.tool.create({
    data: {
      id: `tol_${workspaceId}_${name}`,
      workspaceId,
      name,
      kind: targetId === null ? 'custom' : 'sql',
      execution: 'broker',
      targetId,
      inputSchema: SQL_INPUT_SCHEMA,
      definitionHash: 'h',
    },
  });

test('a tool comes with its target opened', async () => {
  const tool = await new Catalog(db, vault).getTool('ws_a', 'hr.sql');
  expect(tool?.target).toMatchObject({ id: 'tgt_ws_a', connection, searchPath: ['public'] });
});

test('a workspace sees its own tools only', async () => {
  const catalog = new Catalog(db, vault);
  await addTool('ws_b', 'only.b', null);
  expect((await catalog.listTools('ws_a')).map((t) => t.name)).toEqual(['hr.sql']);
  expect(await catalog.getTool('ws_a', 'only.b')).toBeNull();
});

test('a change is seen at once after a notice, and after the time is up without one', async () => {
  let now = 0;
  const catalog = new Catalog(db, vault, { ttlMs: 5_000, now: () => now });
  expect(await catalog.getTool('ws_a', 'later')).toBeNull();
  await addTool('ws_a', 'later', null);
  expect(await catalog.getTool('ws_a', 'later')).toBeNull();
  catalog.drop('ws_b');
  expect(await catalog.getTool('ws_a', 'later')).toBeNull();
  catalog.drop('ws_a');
  expect(await catalog.getTool('ws_a', 'later')).not.toBeNull();
  await db.prisma.tool.update({ where: { id: 'tol_ws_a_later' }, data: { removedAt: new Date() } });
  now = 4_999;
  expect(await catalog.getTool('ws_a', 'later')).not.toBeNull();
  now = 5_000;
  expect(await catalog.getTool('ws_a', 'later')).toBeNull();
});

test('callers at the same instant share one read', async () => {
  const catalog = new Catalog(db, vault);
  const [one, two] = await Promise.all([
    catalog.getTool('ws_a', 'hr.sql'),
    catalog.getTool('ws_a', 'hr.sql'),
  ]);
  expect(one).toBe(two);
});

test('a failed read is not remembered', async () => {
  const other = openDatabase(fresh.url.replace(/\/[^/]*$/, '/nowhere_at_all'));
  const broken = new Catalog(other, vault);
  await expect(broken.getTool('ws_a', 'hr.sql')).rejects.toThrow();
  await other.close();
  const blind = new Catalog(db, createVault(randomBytes(32)));
  await expect(blind.getTool('ws_a', 'hr.sql')).rejects.toThrow(/does not open/);
  await expect(blind.getTool('ws_a', 'hr.sql')).rejects.toThrow(/does not open/);
});

test('arguments are held against the schema of the tool they are for', async () => {
  const catalog = new Catalog(db, vault);
  const tool = await catalog.getTool('ws_a', 'hr.sql');
  if (tool === null) throw new Error('registered above');
  expect(catalog.validateArgs(tool, { statement: 'select 1' })).toEqual([]);
  expect(catalog.validateArgs(tool, {})).toEqual([{ pointer: '/statement', message: 'is required; add it' }]);
  expect(catalog.validateArgs({ inputSchema: { type: 'object' } }, {})).toEqual([]);
});
