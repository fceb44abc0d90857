import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hashOf } from '@/server/domain/canonical';
import type { AgentScope } from '@/server/domain/scopes';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import {
  accepted,
  createWorld,
  EFFECTS,
  plan,
  refusedAs,
  statusOf,
  type World,
} from '@/server/testing/world';
import { engageHalt } from './engage-halt';
import { finishRun } from './finish-run';
import { liftHalt } from './lift-halt';
import { startRun } from './start-run';
import { type SubmitInput, submitAction } from './submit-action';
import { getAgentAction } from './wait-for-action';

let fresh: TestDatabase;
let world: World;
let agent: AgentScope;
beforeAll(async () => {
  fresh = await freshDatabase();
  world = await createWorld(fresh.url);
  await world.tool('pages.read', { effects: EFFECTS.allowed });
  await world.tool('pages.write', {
    effects: EFFECTS.held,
    inputSchema: { type: 'object', properties: { path: { type: 'string' } } },
  });
  agent = await world.agent('submitter');
});
afterAll(async () => {
  await world.close();
  await fresh.drop();
});

const submit = (input: Partial<SubmitInput> = {}, who = agent) =>
  submitAction(world.deps, who, { tool: 'pages.read', args: {}, ...input });
const actionsOf = async (agentId: string) => {
  const { rows } = await fresh.pool.query<{ id: string }>(
    'SELECT id FROM planned_action WHERE agent_id = $1',
    [agentId],
  );
  return rows.map((r) => r.id);
};

describe('P9: nothing acknowledged is lost', () => {
  test('every submission a process acknowledged is in the database after it was killed, whole', async () => {
    const loops = await world.agent('loops');
    for (const enough of [130, 301]) {
      const acknowledged = await submitAndKill(loops, enough);
      expect(acknowledged.length).toBeGreaterThanOrEqual(enough - 1);
      const { rows } = await fresh.pool.query(
        `SELECT a.id || ' ' || a.status AS line,
           (SELECT count(*) FROM audit_event e WHERE e.action_id = a.id)::int AS events,
           (SELECT count(*) FROM release r WHERE r.action_id = a.id)::int AS releases
         FROM planned_action a WHERE a.agent_id = $1`,
        [loops.agentId],
      );
      const stored = new Map(rows.map((r) => [r.line as string, r]));
      expect(acknowledged.filter((line) => !stored.has(line))).toEqual([]);
      // Also what was never acknowledged is there whole or not at all.
      for (const row of rows) {
        expect(row).toMatchObject({ events: 2, releases: row.line.endsWith(' released') ? 1 : 0 });
      }
    }
  });

  test('20 equal submissions at once make one action, and all of them learn its id', async () => {
    const same = { args: { n: 1 }, idempotencyKey: 'same' };
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => submit(same)));
    expect(new Set(outcomes.map((o) => accepted(o).actionId)).size).toBe(1);
    const { rows } = await fresh.pool.query(
      "SELECT count(*)::int AS n FROM planned_action WHERE agent_id = $1 AND idempotency_key = 'same'",
      [agent.agentId],
    );
    expect(rows[0].n).toBe(1);
    expect(accepted(await submit(same)).actionId).toBe(accepted(await submit(same)).actionId);
  });

  test('the same key for another call is a conflict, also when both arrive at once', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, n) => submit({ args: { n }, idempotencyKey: 'raced' })),
    );
    expect(outcomes.filter((o) => o.ok)).toHaveLength(1);
    expect(new Set(outcomes.flatMap((o) => (o.ok ? [] : [o.code])))).toEqual(
      new Set(['idempotency_conflict']),
    );
    expect(refusedAs(await submit({ reason: 'other words', idempotencyKey: 'same', args: { n: 1 } }))).toBe(
      'idempotency_conflict',
    );
  });

  test('keys of one agent mean nothing to another', async () => {
    const other = await world.agent('other submitter');
    const [mine, theirs] = [
      accepted(await submit({ idempotencyKey: 'shared' })),
      accepted(await submit({ idempotencyKey: 'shared' }, other)),
    ];
    expect(mine.actionId).not.toBe(theirs.actionId);
    expect(refusedAs(await getAgentAction(world.deps, other, mine))).toBe('action_unknown');
  });

  test('repeating a submission answers the action it made, also after a halt, a finished run or a changed tool', async () => {
    const lead = await world.person('Lead');
    const tool = await world.tool('pages.moving', { effects: EFFECTS.held });
    const run = accepted(await startRun(world.deps, agent, { goal: 'repeat' }));
    const input = { tool: tool.name, runId: run.runId, idempotencyKey: 'repeat' };
    const first = accepted(await submit(input));
    accepted(await finishRun(world.deps, agent, { runId: run.runId }));
    expect(accepted(await submit(input)).actionId).toBe(first.actionId);
    const halt = accepted(
      await engageHalt(world.deps, lead, { scope: 'agent', id: agent.agentId, reason: 'stop' }),
    );
    expect(accepted(await submit(input)).actionId).toBe(first.actionId);
    expect(refusedAs(await submit({ ...input, idempotencyKey: 'new' }))).toBe('run_finished');
    expect(refusedAs(await submit({ idempotencyKey: 'new' }))).toBe('halted');
    accepted(await liftHalt(world.deps, lead, { haltId: halt.haltId, reason: 'go' }));
    await fresh.pool.query("UPDATE tool SET definition_hash = 'moved' WHERE id = $1", [tool.id]);
    expect(accepted(await submit(input)).actionId).toBe(first.actionId);
  });
});

describe('what the caches let through, the database checks again', () => {
  const cases: [name: string, sql: string, code: string][] = [
    ['a revoked key', 'UPDATE agent_key SET revoked_at = now() WHERE id = $1', 'key_invalid'],
    ['a key that expired', 'UPDATE agent_key SET expires_at = now() WHERE id = $1', 'key_expired'],
    [
      'a suspended agent',
      'UPDATE agent SET suspended_at = now() WHERE id = (SELECT agent_id FROM agent_key WHERE id = $1)',
      'agent_suspended',
    ],
  ];
  test.each(cases)('%s', async (_, sql, code) => {
    const who = await world.agent(code);
    accepted(await submit({}, who));
    await fresh.pool.query(sql, [who.keyId]);
    expect(refusedAs(await submit({ args: { again: true } }, who))).toBe(code);
    expect(await actionsOf(who.agentId)).toHaveLength(1);
  });

  test('a borrowed key, a foreign run, a redefined and a removed tool', async () => {
    const [who, other] = [await world.agent('cached'), await world.agent('lender')];
    expect(refusedAs(await submit({}, { ...who, keyId: other.keyId }))).toBe('key_invalid');
    const run = accepted(await startRun(world.deps, other, { goal: 'theirs' }));
    expect(refusedAs(await submit({ runId: run.runId }, who))).toBe('run_unknown');
    const tool = await world.tool('pages.cached', { effects: EFFECTS.allowed });
    accepted(await submit({ tool: tool.name }, who));
    await fresh.pool.query("UPDATE tool SET definition_hash = 'x' WHERE id = $1", [tool.id]);
    accepted(await submit({ tool: tool.name }, who));
    expect(await actionsOf(who.agentId)).toHaveLength(2);
    await fresh.pool.query('UPDATE tool SET removed_at = now() WHERE id = $1', [tool.id]);
    expect(refusedAs(await submit({ tool: tool.name }, who))).toBe('tool_unknown');
  });

  test('a workspace that is not the one of the key gets nothing written', async () => {
    const elsewhere = await createWorld(fresh.url);
    await elsewhere.tool('pages.read', { effects: EFFECTS.allowed });
    const crossed = { ...agent, workspaceId: elsewhere.workspaceId };
    expect(refusedAs(await submitAction(elsewhere.deps, crossed, { tool: 'pages.read', args: {} }))).toBe(
      'agent_suspended',
    );
    await elsewhere.close();
  });
});

describe('one bad item never fails its neighbours', () => {
  test('items the database cannot take fail alone, in the middle of a full batch', async () => {
    const who = await world.agent('neighbours');
    const sound = accepted(await submit({}, who)).actionId;
    const row = await world.deps.db.prisma.plannedAction.findUniqueOrThrow({ where: { id: sound } });
    const bad = { ...submissionLike(who, row), status: 'no such status' as 'held' };
    const outcomes = await Promise.allSettled([
      ...Array.from({ length: 30 }, (_, i) => submit({ args: { i } }, who)),
      world.deps.submissions.write(bad),
      ...Array.from({ length: 30 }, (_, i) => submit({ args: { i: i + 30 } }, who)),
    ]);
    expect(outcomes.filter((o) => o.status === 'rejected')).toHaveLength(1);
    expect(outcomes[30]?.status).toBe('rejected');
    expect(await actionsOf(who.agentId)).toHaveLength(61);
  });

  test('an item written before the connection broke is acknowledged, not written twice', async () => {
    const who = await world.agent('retried');
    const sound = accepted(await submit({}, who)).actionId;
    const row = await world.deps.db.prisma.plannedAction.findUniqueOrThrow({ where: { id: sound } });
    const again = { ...submissionLike(who, row), id: sound };
    const poison = { ...again, id: 'act_poison', status: 'no such status' as 'held' };
    const [first, second] = await Promise.allSettled([
      world.deps.submissions.write(again),
      world.deps.submissions.write(poison),
    ]);
    expect(first).toEqual({ status: 'fulfilled', value: null });
    expect(second.status).toBe('rejected');
    expect(await actionsOf(who.agentId)).toEqual([sound]);
  });
});

describe('bad input is refused with what to do, before anything is written', () => {
  const nested = (depth: number): unknown => (depth === 0 ? 'x' : [nested(depth - 1)]);
  const cases: [name: string, input: Partial<SubmitInput>, code: string, pointer: string][] = [
    ['a NUL in an argument', { args: { 'a/b': ['ok', 'x\u0000'] } }, 'args_invalid', '/a~1b/1'],
    ['half a surrogate pair', { args: { s: '\ud800' } }, 'args_invalid', '/s'],
    ['an integer JSON cannot hold', { args: { n: 2 ** 53 } }, 'args_invalid', '/n'],
    ['nesting beyond 60', { args: { deep: nested(61) } }, 'args_invalid', `/deep${'/0'.repeat(60)}`],
    [
      'nesting that would overflow the stack',
      { args: { deep: nestedDeep(100_000) } },
      'args_invalid',
      `/deep${'/0'.repeat(60)}`,
    ],
    ['a NUL in the reason', { reason: 'a\u0000' }, 'args_invalid', '/reason'],
    ['a NUL in the key', { idempotencyKey: 'a\u0000' }, 'args_invalid', '/idempotencyKey'],
    ['a NUL in the run', { runId: 'run_\u0000' }, 'args_invalid', '/runId'],
    ['the wrong type', { tool: 'pages.write', args: { path: 7 } }, 'args_invalid', '/path'],
  ];
  test.each(cases)('%s', async (_, input, code, pointer) => {
    const outcome = await submit(input);
    expect(refusedAs(outcome)).toBe(code);
    expect(outcome.ok ? [] : outcome.problems?.map((p) => p.pointer)).toContain(pointer);
  });

  test('too large arguments and unknown tools', async () => {
    expect(refusedAs(await submit({ args: { s: 'é'.repeat(300_000) } }))).toBe('args_too_large');
    expect(refusedAs(await submit({ tool: 'pages.red' }))).toBe('tool_unknown');
    expect(refusedAs(await submit({ tool: 'x\u0000' }))).toBe('tool_unknown');
  });

  test('what is stored of the arguments hashes to the digest the agent got', async () => {
    const args = {
      z: 1e-7,
      a: { é: '\u{1F600}', n: -0, f: 0.1 },
      list: [null, true, 1 / 3, 1e-300],
      'ke\u0301y': '',
    };
    const submitted = accepted(await submit({ args, reason: 'why\nnot' }));
    const row = await world.deps.db.prisma.plannedAction.findUniqueOrThrow({
      where: { id: submitted.actionId },
    });
    const stored = {
      v: 1,
      workspaceId: row.workspaceId,
      agentId: row.agentId,
      tool: row.toolName,
      args: row.args,
      reason: row.reason,
    };
    expect(`sha256:${hashOf(stored)}`).toBe(submitted.digest);
  });
});

describe('what people have to see is announced', () => {
  test('a submission that is held wakes whoever listens to the workspace; an allowed one does not', async () => {
    const listener = new pg.Client({ connectionString: fresh.url });
    await listener.connect();
    await listener.query('LISTEN holdpoint');
    const heard: string[] = [];
    listener.on('notification', (n) => heard.push(n.payload ?? ''));
    await plan(world, agent, 'pages.read');
    await plan(world, agent, 'pages.write', { path: 'announced' });
    await fresh.pool.query("SELECT pg_notify('holdpoint', 'end')");
    while (heard.at(-1) !== 'end') await once(listener, 'notification');
    await listener.end();
    expect(heard.slice(0, -1).map((p) => JSON.parse(p))).toEqual([{ w: world.workspaceId, s: 'held' }]);
    expect(await statusOf(world.deps, accepted(await submit()).actionId)).toBe('released');
  });
});

function nestedDeep(depth: number): unknown {
  let value: unknown = 'x';
  for (let i = 0; i < depth; i++) value = [value];
  return value;
}

function submissionLike(who: AgentScope, row: { toolId: string; toolHash: string; digest: string }) {
  return {
    id: `act_${Math.random().toString(36).slice(2)}`,
    workspaceId: who.workspaceId,
    agentId: who.agentId,
    agentName: who.agentName,
    keyId: who.keyId,
    runId: null,
    toolId: row.toolId,
    toolName: 'pages.read',
    toolHash: row.toolHash,
    targetId: null,
    execution: 'agent' as const,
    args: {},
    reason: null,
    digest: row.digest,
    idempotencyKey: null,
    status: 'held' as const,
    events: [],
    notices: [],
  };
}

/** Runs a submitting process until it has acknowledged `enough`, kills it with no chance to clean up, and gives what it had acknowledged. */
async function submitAndKill(who: AgentScope, enough: number): Promise<string[]> {
  const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', 'server/testing/submit-loop.ts'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const { stdin, stdout } = child;
  if (!stdin || !stdout) throw new Error('no pipes');
  const order = {
    url: fresh.url,
    secret: Buffer.from(world.secret).toString('base64'),
    keyId: who.keyId,
    tools: ['pages.read', 'pages.write'],
  };
  stdin.write(`${JSON.stringify(order)}\n`);
  const lines: string[] = [];
  const reader = createInterface({ input: stdout });
  reader.on('line', (line) => {
    lines.push(line);
    if (lines.length === enough) child.kill('SIGKILL');
  });
  await Promise.all([once(child, 'exit'), once(reader, 'close')]);
  // The last line may have been cut by the kill.
  return lines.filter((line) => /^act_[0-9a-z]{26} (released|held)$/.test(line));
}
