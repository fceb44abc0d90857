import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commitAll, makeTree } from '@/server/adapters/files/testing';
import { CRM, startService, type TestService } from '@/server/adapters/http/testing';
import type { AgentScope, ReviewerScope } from '@/server/domain/scopes';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import { accepted, createWorld, digestsOf, refusedAs, statusOf, type World } from '@/server/testing/world';
import { applyDocument } from './apply-document';
import { decideAction } from './decide-action';
import { engageHalt } from './engage-halt';
import { executeAction } from './execute-action';
import { getAction } from './get-action';
import { liftHalt } from './lift-halt';
import { listAgentTools } from './list-agent-tools';
import { listRows } from './list-rows';
import { getTarget } from './list-targets';
import { measureAction } from './measure-action';
import { recoverExecution } from './recover-execution';
import { submitAction } from './submit-action';
import { getAgentAction } from './wait-for-action';

let fresh: TestDatabase;
let world: World;
let crm: TestService;
let root: string;
let agent: AgentScope;
let ana: ReviewerScope;
let lead: ReviewerScope;
/** What the service does next instead of answering. */
let breakNext = false;
let version = 1;

beforeAll(async () => {
  fresh = await freshDatabase();
  world = await createWorld(fresh.url);
  crm = await startService((request, response) => {
    if (breakNext) {
      breakNext = false;
      return request.socket.destroy();
    }
    response.writeHead(200, { 'content-type': 'application/json', etag: `"${version}"` });
    return response.end('{"id":7}');
  });
  root = makeTree({
    'notes/a.md': 'alpha\n',
    'notes/b.md': 'beta\n',
    'people/ana.md': 'salary\n',
    'keep.txt': 'k',
  });
  commitAll(root);
  agent = await world.agent('clerk', { clearances: ['internal', 'personal'] });
  [ana, lead] = await Promise.all([world.person('Ana'), world.person('Lee', { roles: ['security_lead'] })]);
  await applied();
});
afterAll(async () => {
  await world.close();
  await crm.close();
  await fresh.drop();
});

const document = (more: object = {}) => ({
  apiVersion: 'holdpoint/v1',
  targets: [
    {
      name: 'crm',
      kind: 'http',
      baseUrl: `${crm.url}/v1`,
      openapi: CRM,
      credentials: { bearer: 's3cret-t0ken' },
      allowPrivate: ['127.0.0.1'],
      probe: true,
      idempotencyKey: true,
    },
    { name: 'handbook', kind: 'files', root, classes: { '**': 'internal', 'people/**': 'personal' } },
  ],
  tools: [
    { name: 'crm.call', kind: 'http', target: 'crm' },
    { name: 'crm.change', kind: 'http', target: 'crm', operationId: 'changeCustomer' },
    { name: 'handbook.files', kind: 'files', target: 'handbook' },
  ],
  ...more,
});
const operator = () => ({ kind: 'operator' as const, workspaceId: world.workspaceId, name: 'test' });
async function applied() {
  const outcome = accepted(await applyDocument(world.deps, operator(), { document: document() }));
  world.deps.catalog.drop();
  return outcome;
}
const submit = async (tool: string, args: Record<string, unknown>) => {
  const view = accepted(await submitAction(world.deps, agent, { tool, args }));
  await measureAction(world.deps, view.actionId);
  return {
    ...(await digestsOf(world.deps, view.actionId)),
    status: await statusOf(world.deps, view.actionId),
  };
};
/** Held, approved by as many as it takes, and run. */
async function run(
  tool: string,
  args: Record<string, unknown>,
  between: () => void | Promise<void> = () => undefined,
) {
  const action = await submit(tool, args);
  expect(action.status).toBe('held');
  for (const who of [ana, lead]) {
    if ((await statusOf(world.deps, action.actionId)) !== 'held') break;
    const { hold } = accepted(await getAction(world.deps, who, action));
    const confirm = hold?.confirm ? { confirm: hold.confirm.answer } : {};
    accepted(
      await decideAction(world.deps, who, {
        ...(await digestsOf(world.deps, action.actionId)),
        decision: 'approve',
        ...confirm,
      }),
    );
  }
  await between();
  await executeAction(world.deps, action.actionId);
  return { ...action, status: await statusOf(world.deps, action.actionId) };
}
const change = { method: 'PATCH', path: '/customers/7', body: { email: 'a@b.example' } };

describe('targets that are no databases', () => {
  test('applying twice changes nothing, and no secret comes back', async () => {
    const again = await applied();
    expect(again.changes.map((c) => c.change)).toEqual([
      'unchanged',
      'unchanged',
      'unchanged',
      'unchanged',
      'unchanged',
    ]);
    const target = accepted(await getTarget(world.deps, lead, { targetId: 'crm' }));
    expect(target).toMatchObject({
      kind: 'http',
      credential: 'bearer',
      address: `${crm.url}/v1`,
      reachable: true,
    });
    expect(JSON.stringify(target)).not.toContain('s3cret');
    const { rows } = await fresh.pool.query('SELECT * FROM target; ');
    expect(JSON.stringify(rows)).not.toContain('s3cret');
    expect(accepted(await getTarget(world.deps, lead, { targetId: 'handbook' })).check?.tree).toMatchObject({
      files: 4,
      unclassified: 0,
    });
  });

  test('a tool bound to one operation shows that operation’s arguments', async () => {
    const tools = accepted(await listAgentTools(world.deps, agent));
    expect(tools.find((t) => t.name === 'crm.change')?.inputSchema).toMatchObject({
      required: ['params', 'body'],
      properties: { params: { properties: { id: { type: 'integer' } } } },
    });
  });

  test.each([
    [
      {
        targets: [
          {
            name: 'x',
            kind: 'http',
            baseUrl: 'https://a.example',
            openapi: { ...CRM, components: { schemas: { A: { $ref: 'https://evil.example/a.json' } } } },
          },
        ],
      },
      '/targets/0/openapi/components/schemas/A/$ref',
    ],
    [
      { targets: [{ name: 'x', kind: 'http', baseUrl: 'https://a.example', openapi: { openapi: '2.0' } }] },
      '/targets/0/openapi/openapi',
    ],
    [
      { targets: [{ name: 'x', kind: 'http', baseUrl: 'https://u:p@a.example', openapi: CRM }] },
      '/targets/0/baseUrl',
    ],
    [{ targets: [{ name: 'x', kind: 'http', openapi: CRM }] }, '/targets/0/baseUrl'],
    [{ targets: [{ name: 'crm', kind: 'files', root: '/srv/x' }] }, '/targets/0/kind'],
    [{ targets: [{ name: 'x', kind: 'files', root: '/srv/../etc' }] }, '/targets/0/root'],
    [{ targets: [{ name: 'x', kind: 'files', root: '/' }] }, '/targets/0/root'],
    [
      { targets: [{ name: 'crm', kind: 'http', operations: { 'GET /nothing': { effect: 'read' } } }] },
      '/targets/0/operations/GET ~1nothing',
    ],
    [{ tools: [{ name: 'x', kind: 'http', target: 'handbook' }] }, '/tools/0/target'],
    [{ tools: [{ name: 'x', kind: 'files', target: 'handbook', execution: 'agent' }] }, '/tools/0/execution'],
    [{ tools: [{ name: 'x', kind: 'http', target: 'crm', operationId: 'nothing' }] }, '/tools/0/operationId'],
    [{ targets: [{ name: 'x', kind: 'ftp' }] }, '/targets/0/kind'],
  ])('an entry is refused where it is wrong (%#)', async (part, pointer) => {
    const outcome = await applyDocument(world.deps, operator(), {
      document: { apiVersion: 'holdpoint/v1', ...part },
    });
    expect(outcome.ok).toBe(false);
    if (!outcome.ok) expect(outcome.problems?.map((p) => p.pointer)).toContain(pointer);
  });
});

describe('an HTTP call', () => {
  test('is held with what it would do, and sent once after its approval', async () => {
    const before = crm.heard.filter((h) => h.method === 'PATCH').length;
    const action = await run('crm.call', change);
    expect(action.status).toBe('succeeded');
    const sent = crm.heard.filter((h) => h.method === 'PATCH').slice(before);
    expect(sent).toMatchObject([
      {
        url: '/v1/customers/7',
        body: '{"email":"a@b.example"}',
        headers: {
          authorization: 'Bearer s3cret-t0ken',
          'if-match': '"1"',
          'idempotency-key': action.actionId,
        },
      },
    ]);
    const detail = accepted(await getAction(world.deps, ana, action));
    expect(detail.sentence).toContain('through PATCH /customers/{id} on crm');
    expect(detail.outcome).toMatchObject({ httpStatus: 200 });
    expect(detail.footprint?.request).toMatchObject({ operation: 'PATCH /customers/{id}', etag: '"1"' });
    expect(JSON.stringify(detail)).not.toContain('s3cret');
    expect(accepted(await getAgentAction(world.deps, agent, action)).result).toMatchObject({
      status: 200,
      body: { id: 7 },
    });
    await executeAction(world.deps, action.actionId);
    expect(crm.heard.filter((h) => h.method === 'PATCH')).toHaveLength(before + 1);
  });

  test('that the document does not have never becomes an action', async () => {
    for (const args of [
      { method: 'GET', path: '/admin' },
      { method: 'GET', path: '/customers/../admin' },
      { method: 'PUT', path: '/customers/7' },
    ]) {
      expect(refusedAs(await submitAction(world.deps, agent, { tool: 'crm.call', args }))).toBe(
        'args_invalid',
      );
    }
  });

  test('is held again when what it changes is another version by then', async () => {
    const before = crm.heard.filter((h) => h.method === 'PATCH').length;
    const action = await run('crm.call', change, () => {
      version++;
    });
    expect(action.status).toBe('held');
    expect(crm.heard.filter((h) => h.method === 'PATCH')).toHaveLength(before);
    expect(accepted(await getAction(world.deps, ana, action)).drift).not.toBeNull();
  });

  test('whose answer is lost has an unknown outcome, and is not sent again by anybody', async () => {
    const { operations: _, ...rest } = { operations: {} };
    const action = await submit('crm.call', {
      method: 'POST',
      path: '/customers',
      body: { name: 'n' },
      ...rest,
    });
    expect(action.status).toBe('held');
    for (const who of [ana, lead]) {
      const { hold } = accepted(await getAction(world.deps, who, action));
      await decideAction(world.deps, who, {
        ...(await digestsOf(world.deps, action.actionId)),
        decision: 'approve',
        ...(hold?.confirm ? { confirm: hold.confirm.answer } : {}),
      });
    }
    breakNext = true;
    await executeAction(world.deps, action.actionId);
    expect(await statusOf(world.deps, action.actionId)).toBe('unknown_outcome');
    const sent = crm.heard.filter((h) => h.method === 'POST').length;
    await executeAction(world.deps, action.actionId);
    await recoverExecution(world.deps, action.actionId);
    expect(crm.heard.filter((h) => h.method === 'POST')).toHaveLength(sent);
  });

  test('is not sent while its target is halted', async () => {
    const before = crm.heard.filter((h) => h.method === 'PATCH').length;
    const target = await world.deps.db.prisma.target.findFirstOrThrow({
      where: { name: 'crm', workspaceId: world.workspaceId },
    });
    let haltId = '';
    const action = await run('crm.call', change, async () => {
      haltId = accepted(
        await engageHalt(world.deps, lead, { scope: 'target', id: target.id, reason: 'stop it' }),
      ).haltId;
    });
    expect(['revoked', 'released']).toContain(action.status);
    expect(crm.heard.filter((h) => h.method === 'PATCH')).toHaveLength(before);
    accepted(await liftHalt(world.deps, lead, { haltId, reason: 'over' }));
  });
});

describe('files', () => {
  test('deleted by a glob are shown one by one, masked by class, and gone only after the approval', async () => {
    const action = await submit('handbook.files', { operation: 'delete', glob: '**/*.md' });
    expect(action.status).toBe('held');
    expect(existsSync(join(root, 'notes/a.md'))).toBe(true);
    const page = accepted(await listRows(world.deps, ana, { ...action, limit: 100 }));
    const shown = JSON.stringify(page.rows);
    expect(page.rows.map((r) => r.resource)).toEqual(['notes/a.md', 'notes/b.md', 'people/ana.md']);
    expect(shown).toContain('alpha');
    // Ana has no clearance for personal data.
    expect(shown).not.toContain('salary');
    const done = await run('handbook.files', { operation: 'delete', glob: 'notes/*.md' });
    expect(done.status).toBe('succeeded');
    expect(existsSync(join(root, 'notes/a.md'))).toBe(false);
    expect(existsSync(join(root, 'people/ana.md'))).toBe(true);
    expect(accepted(await getAction(world.deps, ana, done)).outcome).toMatchObject({ fileCount: 2 });
  });

  test('changed after the approval are left alone and held again', async () => {
    const action = await run(
      'handbook.files',
      { operation: 'write', path: 'keep.txt', content: 'new' },
      () => {
        writeFileSync(join(root, 'keep.txt'), 'other');
      },
    );
    expect(action.status).toBe('held');
    expect(readFileSync(join(root, 'keep.txt'), 'utf8')).toBe('other');
  });

  test('within clearance are read at once, and what leaves the root never becomes an action', async () => {
    const view = accepted(
      await submitAction(world.deps, agent, {
        tool: 'handbook.files',
        args: { operation: 'read', path: 'keep.txt' },
      }),
    );
    await measureAction(world.deps, view.actionId);
    await executeAction(world.deps, view.actionId);
    expect(await statusOf(world.deps, view.actionId)).toBe('succeeded');
    expect(
      refusedAs(
        await submitAction(world.deps, agent, {
          tool: 'handbook.files',
          args: { operation: 'read', path: '../x' },
        }),
      ),
    ).toBe('args_invalid');
  });
});
