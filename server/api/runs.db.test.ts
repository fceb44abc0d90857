import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Caller, type Installation, startInstallation } from '@/server/testing/installation';

let at: Installation;
let payroll: Caller;
let janitor: Caller;
let ana: Caller;

beforeAll(async () => {
  at = await startInstallation();
  [payroll, janitor] = [at.agent('payroll-assistant'), at.agent('data-janitor')];
  ana = await at.person('ana@larkfield.example');
}, 120_000);
afterAll(() => at?.close());

const submit = async (agent: Caller, runId: string, statement: string): Promise<string> => {
  const { data } = await agent.mutate('agent.submit', { runId, tool: 'company.sql', args: { statement } });
  return data.actionId;
};
async function becomes(agent: Caller, actionId: string, status: string): Promise<void> {
  await expect
    .poll(async () => (await agent.query('agent.get', { actionId })).data.status, { timeout: 30_000 })
    .toBe(status);
}
async function approve(actionId: string): Promise<void> {
  const { data } = await ana.query('review.get', { actionId });
  const { digest, footprintDigest } = data;
  const decided = await ana.mutate('review.decide', {
    actionId,
    digest,
    footprintDigest,
    decision: 'approve',
  });
  expect(decided.error).toBeNull();
}
const start = async (agent: Caller, goal: string, more: object = {}): Promise<string> =>
  (await agent.mutate('agent.startRun', { goal, ...more })).data.runId;

test('a run adds up what its executed steps really read and changed, and nothing of those that were not executed', async () => {
  const runId = await start(payroll, 'Raise two', {
    onBehalfOf: 'lee@larkfield.example',
    mandate: { budget: 2 },
    externalId: 'raise-1',
  });
  for (let n = 0; n < 2; n++) {
    await becomes(
      payroll,
      await submit(payroll, runId, 'SELECT id, job_title FROM employees WHERE id <= 3'),
      'succeeded',
    );
  }
  const update = await submit(payroll, runId, 'UPDATE employees SET salary = salary + 1 WHERE id IN (1, 2)');
  await becomes(payroll, update, 'held');
  const other = await submit(
    payroll,
    runId,
    'UPDATE employees SET salary = salary + 1 WHERE id IN (3, 4, 5)',
  );
  await becomes(payroll, other, 'held');
  await approve(update);
  await becomes(payroll, update, 'succeeded');
  await payroll.mutate('agent.observe', {
    runId,
    tool: 'web.fetch',
    result: 'the secret of Ana',
    trusted: true,
  });

  const { data, error } = await ana.query('run.get', { runId });
  expect(error).toBeNull();
  expect(data).toMatchObject({
    runId,
    goal: 'Raise two',
    externalId: 'raise-1',
    mandate: { budget: 2 },
    onBehalfOf: { text: 'lee@larkfield.example', person: 'Lee Park' },
    agent: { name: 'payroll-assistant' },
    finishedAt: null,
    outcome: null,
    steps: 4,
    observed: 1,
    halt: null,
  });
  expect(data.statuses).toEqual([
    { status: 'succeeded', steps: 3 },
    { status: 'held', steps: 1 },
  ]);
  const of = (resource: string, operation: string) =>
    data.touched.find(
      (t: { resource: string; operation: string }) => t.resource === resource && t.operation === operation,
    );
  expect(of('public.employees', 'update')).toMatchObject({
    steps: 1,
    count: 2,
    uncounted: 0,
    measured: true,
  });
  expect(of('public.salary_changes', 'insert')).toMatchObject({ steps: 1, count: 2 });
  expect(of('public.employees', 'read')).toMatchObject({
    count: expect.any(Number),
    classes: expect.any(Array),
  });
  expect(data.observations[0]).toMatchObject({ tool: 'web.fetch', trusted: true, characters: 19 });
  expect(JSON.stringify(data)).not.toContain('the secret of Ana');

  await payroll.mutate('agent.finishRun', { runId, outcome: 'Two raised, three wait.' });
  const after = await ana.query('run.get', { runId });
  expect(after.data).toMatchObject({ outcome: 'Two raised, three wait.', finishedAt: expect.any(String) });
  const steps = await ana.query('review.list', { runId });
  expect(steps.data.items.map((i: { actionId: string }) => i.actionId).slice(0, 2)).toEqual([other, update]);
});

test('runs are listed newest first, of one agent or of all, finished or not, page by page', async () => {
  const ids: string[] = [];
  for (let n = 0; n < 3; n++) ids.unshift(await start(janitor, `Tidy ${n}`));
  await janitor.mutate('agent.finishRun', { runId: ids[0] });
  const { data: found } = await ana.query('review.list', {});
  expect(found.items.length).toBeGreaterThan(0);
  const agentId = (await janitor.query('agent.whoami')).data.agentId;
  const list = async (input: object) => (await ana.query('run.list', input)).data;
  const idsOf = (page: { items: { runId: string }[] }) => page.items.map((i) => i.runId);
  expect(idsOf(await list({})).slice(0, 3)).toEqual(ids);
  expect(idsOf(await list({ agentId }))).toEqual(ids);
  expect(idsOf(await list({ agentId, finished: false }))).toEqual(ids.slice(1));
  expect(idsOf(await list({ agentId, finished: true }))).toEqual(ids.slice(0, 1));
  const first = await list({ agentId, limit: 2 });
  expect(idsOf(first)).toEqual(ids.slice(0, 2));
  expect(idsOf(await list({ agentId, limit: 2, cursor: first.nextCursor }))).toEqual(ids.slice(2));
  const step = await submit(janitor, ids[1] ?? '', 'DELETE FROM customers WHERE id = 7');
  await becomes(janitor, step, 'held');
  expect((await list({ agentId })).items[1]).toMatchObject({
    steps: 1,
    held: 1,
    lastStepAt: expect.any(String),
  });
});

test('a halt of the run alone stands on it, and a run of nowhere is refused in words', async () => {
  const runId = await start(payroll, 'Something');
  await ana.mutate('halt.engage', { scope: 'run', id: runId, reason: 'It loops.' });
  expect((await ana.query('run.get', { runId })).data.halt).toMatchObject({
    by: 'Ana Ruiz',
    reason: 'It loops.',
  });
  for (const bad of ['run_00000000000000000000000000', 'x', 'act_00000000000000000000000000']) {
    expect(await ana.query('run.get', { runId: bad })).toMatchObject({
      status: 404,
      error: { code: 'run_unknown' },
    });
  }
  expect((await ana.query('run.get', { runId: '' })).error?.code).toBe('input_invalid');
  expect((await ana.query('run.list', { cursor: 'run_x' })).error?.code).toBe('cursor_invalid');
  expect((await ana.query('run.list', { limit: 0 })).error?.code).toBe('input_invalid');
});

test('no agent and nobody signed out reads runs', async () => {
  const runId = await start(payroll, 'Mine');
  for (const [path, input] of [
    ['run.get', { runId }],
    ['run.list', {}],
  ] as const) {
    expect((await payroll.query(path, input)).status).toBe(401);
    expect((await at.anybody().query(path, input)).status).toBe(401);
  }
});

test('open tabs hear of a run that begins, reports and ends', async () => {
  const heard: unknown[] = [];
  const stop = at.world.changes.onWorkspace(at.workspaceId, (change) => heard.push(change));
  const runId = await start(payroll, 'Heard');
  await payroll.mutate('agent.observe', { runId, tool: 'web', result: 1 });
  await payroll.mutate('agent.finishRun', { runId });
  await expect
    .poll(() => heard.filter((change) => (change as { runId?: string } | null)?.runId === runId).length)
    .toBe(3);
  stop();
});
