import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Caller, type Installation, startInstallation } from '@/server/testing/installation';

let at: Installation;
let payroll: Caller;
let janitor: Caller;
let ana: Caller;

beforeAll(async () => {
  at = await startInstallation();
  payroll = at.agent('payroll-assistant');
  janitor = at.agent('data-janitor');
  ana = await at.person('ana@larkfield.example');
}, 120_000);
afterAll(() => at?.close());

describe('every bad form of an input', () => {
  const bad: [string, string, unknown][] = [
    ['POST', 'agent.submit', {}],
    ['POST', 'agent.submit', undefined],
    ['POST', 'agent.submit', null],
    ['POST', 'agent.submit', []],
    ['POST', 'agent.submit', 'x'],
    ['POST', 'agent.submit', { tool: 1, args: {} }],
    ['POST', 'agent.submit', { tool: 'company.sql', args: [] }],
    ['POST', 'agent.submit', { tool: 'company.sql', args: null }],
    ['POST', 'agent.submit', { tool: 'company.sql', args: { statement: 'SELECT 1' }, workspaceId: 'w' }],
    ['POST', 'agent.submit', { tool: 'company.sql', args: { statement: 'SELECT 1' }, agentId: 'a' }],
    ['POST', 'agent.submit', { tool: 'company.sql', args: { statement: 'SELECT 1' }, status: 'released' }],
    ['POST', 'agent.submit', { tool: 'x'.repeat(201), args: {} }],
    [
      'POST',
      'agent.submit',
      { tool: 'company.sql', args: { statement: 'SELECT 1' }, reason: 'x'.repeat(10_001) },
    ],
    ['POST', 'agent.submit', { tool: 'company.sql', args: { statement: 'SELECT 1' }, idempotencyKey: '' }],
    ['POST', 'agent.startRun', {}],
    ['POST', 'agent.startRun', { goal: '   ' }],
    ['POST', 'agent.startRun', { goal: 'x', mandate: 'all' }],
    ['POST', 'agent.startRun', { goal: 'a\u0000b' }],
    ['POST', 'agent.finishRun', { runId: 5 }],
    ['POST', 'agent.finishRun', { runId: 'a\u0000b' }],
    ['POST', 'agent.cancel', {}],
    ['POST', 'agent.cancel', { actionId: ['a'] }],
    ['POST', 'agent.claim', { actionId: '' }],
    ['POST', 'agent.claim', { actionId: 'x'.repeat(101) }],
    ['POST', 'agent.report', { actionId: 'a', releaseId: 'b' }],
    ['POST', 'agent.observe', { tool: 'x', result: 1 }],
    ['GET', 'agent.get', undefined],
    ['GET', 'agent.get', { actionId: 'a', extra: 1 }],
    ['GET', 'agent.get', { actionId: 'a\u0000' }],
    ['GET', 'agent.wait', { actionId: 'a', waitSeconds: 1, workspaceId: 'w' }],
  ];
  test.each(bad)('%s %s %j is input_invalid and names the place', async (method, path, input) => {
    const answer = await (method === 'GET' ? payroll.query(path, input) : payroll.mutate(path, input));
    expect([answer.status, answer.error?.code]).toEqual([400, 'input_invalid']);
    expect(answer.error?.message).toMatch(/\.$/);
  });

  const refused: [string, number, string, unknown][] = [
    ['agent.submit', 404, 'tool_unknown', { tool: 'nothing', args: {} }],
    ['agent.submit', 404, 'tool_unknown', { tool: '__proto__', args: {} }],
    ['agent.submit', 404, 'tool_unknown', { tool: 'COMPANY.SQL', args: { statement: 'SELECT 1' } }],
    ['agent.submit', 400, 'args_invalid', { tool: 'company.sql', args: {} }],
    ['agent.submit', 400, 'args_invalid', { tool: 'company.sql', args: { statement: 5 } }],
    ['agent.submit', 400, 'args_invalid', { tool: 'company.sql', args: { statement: '' } }],
    ['agent.submit', 400, 'args_invalid', { tool: 'company.sql', args: { statement: 'SELEC 1' } }],
    ['agent.submit', 400, 'args_invalid', { tool: 'company.sql', args: { statement: 'SELECT 1', more: 1 } }],
    [
      'agent.submit',
      400,
      'args_invalid',
      { tool: 'company.sql', args: { statement: 'SELECT $1', params: 'x' } },
    ],
    ['agent.submit', 400, 'args_invalid', { tool: 'company.sql', args: { statement: 'SELECT \u0000' } }],
    [
      'agent.submit',
      400,
      'args_invalid',
      { tool: 'send_email', args: { recipients: [], subject: '', body: '' } },
    ],
    [
      'agent.submit',
      400,
      'args_invalid',
      { tool: 'send_email', args: { recipients: ['no address'], subject: 's', body: 'b' } },
    ],
    [
      'agent.submit',
      404,
      'run_unknown',
      { tool: 'company.sql', args: { statement: 'SELECT 1' }, runId: 'run_none' },
    ],
    ['agent.cancel', 404, 'action_unknown', { actionId: 'act_none' }],
    ['agent.claim', 404, 'action_unknown', { actionId: 'act_none' }],
    ['agent.finishRun', 404, 'run_unknown', { runId: 'run_none' }],
  ];
  test.each(refused)('%s is %i %s: %s', async (path, status, code, input) => {
    const answer = await payroll.mutate(path, input);
    expect([answer.status, answer.error?.code]).toEqual([status, code]);
    expect(answer.error?.message.length).toBeGreaterThan(15);
  });

  test('what does not fit a tool is told with JSON pointers', async () => {
    const body = JSON.stringify({ tool: 'send_email', args: { recipients: ['a@b.example', 5], body: 'b' } });
    const keys = { authorization: await bearer(), 'content-type': 'application/json' };
    const response = await fetch(`${at.url}/api/trpc/agent.submit`, { method: 'POST', headers: keys, body });
    const { error } = (await response.json()) as { error: { data: { problems: { pointer: string }[] } } };
    const pointers = error.data.problems.map((p) => p.pointer);
    expect(pointers).toEqual(expect.arrayContaining(['/recipients/1']));
    expect(pointers.some((p) => p === '/subject' || p === '')).toBe(true);
  });

  test('a GET starts nothing, a POST reads nothing, and both say how to call', async () => {
    for (const path of ['agent.submit', 'agent.cancel', 'agent.claim', 'agent.report', 'agent.startRun']) {
      const answer = await payroll.query(path, { actionId: 'x' });
      expect([answer.status, answer.error?.code], path).toEqual([405, 'input_invalid']);
      expect(answer.error?.message).toContain('GET');
    }
    for (const path of ['agent.whoami', 'agent.get', 'agent.wait', 'agent.tools']) {
      expect((await payroll.mutate(path, { actionId: 'x' })).status, path).toBe(405);
    }
  });
});

/** A key of its own, as a person makes one. */
async function bearer(): Promise<string> {
  const ingrid = await at.person('ingrid@larkfield.example');
  const { data: agents } = await ingrid.query('catalog.agents', {});
  const agentId = agents.items.find((a: { name: string }) => a.name === 'payroll-assistant').agentId;
  const { data, error } = await ingrid.mutate('admin.createKey', { agentId });
  expect(error).toBeNull();
  return `Bearer ${data.key}`;
}

describe('identity', () => {
  test('reviewers have no agent procedures and agents no reviewer procedures', async () => {
    for (const path of ['agent.whoami', 'agent.tools']) {
      const answer = await ana.query(path);
      expect([answer.status, answer.error?.code]).toEqual([401, 'unauthenticated']);
    }
    for (const path of [
      'review.list',
      'audit.list',
      'halt.list',
      'catalog.people',
      'me.get',
      'review.counts',
    ]) {
      const answer = await payroll.query(path);
      expect(answer.error?.code, path).toMatch(/unauthenticated|forbidden/);
    }
    const decided = { actionId: 'a', digest: 'd', footprintDigest: 'f', decision: 'approve' };
    expect((await payroll.mutate('review.decide', decided)).error?.code).toMatch(/unauthenticated|forbidden/);
    expect((await payroll.mutate('admin.apply', { document: {} })).error?.code).toMatch(
      /unauthenticated|forbidden/,
    );
  });

  test('another agent of the workspace sees, waits for, cancels and claims nothing of this one', async () => {
    const args = { recipients: ['ana@larkfield.example'], subject: 'Mine', body: 'Done.' };
    const { actionId } = (await payroll.mutate('agent.submit', { tool: 'send_email', args })).data;
    for (const [kind, path, input] of [
      ['query', 'agent.get', { actionId }],
      ['query', 'agent.wait', { actionId, waitSeconds: 1 }],
      ['mutate', 'agent.cancel', { actionId }],
      ['mutate', 'agent.claim', { actionId }],
    ] as const) {
      const answer = await janitor[kind](path, input);
      expect([answer.status, answer.error?.code], path).toEqual([404, 'action_unknown']);
      expect(answer.error).toEqual((await janitor[kind](path, { ...input, actionId: 'act_none' })).error);
    }
  });
});
