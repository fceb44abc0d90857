import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Analyzer } from '@/server/domain/ports';
import type { AgentScope, ReviewerScope } from '@/server/domain/scopes';
import { isFinal, type Status } from '@/server/domain/status';
import { claimRelease as claimForAgent } from '@/server/operations/claim-release';
import { decideAction } from '@/server/operations/decide-action';
import type { Deps } from '@/server/operations/deps';
import { expireActions } from '@/server/operations/expire-actions';
import { measureAction } from '@/server/operations/measure-action';
import { recoverExecution } from '@/server/operations/recover-execution';
import { submitAction } from '@/server/operations/submit-action';
import { getAgentAction } from '@/server/operations/wait-for-action';
import { claimRelease } from '@/server/store/claims';
import { listAbandoned, writeCommitEvidence } from '@/server/store/leases';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import {
  accepted,
  createWorld,
  digestsOf,
  EFFECTS,
  openProcess,
  plan,
  statusOf,
  type TestProcess,
  type World,
} from '@/server/testing/world';
import { createBacklog, type RunningBacklog } from './backlog';

const ROLE = `sweeper_${randomBytes(4).toString('hex')}`;
let fresh: TestDatabase;
let shop: TestDatabase;
let world: World;
let second: TestProcess;
let agent: AgentScope;
let ana: ReviewerScope;
const started: RunningBacklog[] = [];
beforeAll(async () => {
  fresh = await freshDatabase();
  shop = await freshDatabase({ template: 'empty' });
  await shop.pool.query(`
    CREATE TABLE accounts (id int PRIMARY KEY, balance int NOT NULL);
    INSERT INTO accounts SELECT g, 100 FROM generate_series(1, 20) g;
    CREATE ROLE ${ROLE} LOGIN PASSWORD 'pw';
    GRANT SELECT, INSERT, UPDATE, DELETE ON accounts TO ${ROLE}`);
  world = await createWorld(fresh.url);
  second = await openProcess(fresh.url, world.secret);
  const connection = new URL(shop.url);
  connection.username = ROLE;
  connection.password = 'pw';
  const target = await world.target('shop', {
    connection: connection.toString(),
    classifications: { 'public.accounts.*': 'internal' },
    subjects: { 'public.accounts': 'id' },
  });
  await world.tool('shop.sql', { kind: 'sql', execution: 'broker', targetId: target.id });
  await world.tool('pages.write', { effects: EFFECTS.held });
  await world.tool('pages.read', { effects: EFFECTS.allowed });
  await world.tool('broker.read', { effects: EFFECTS.allowed, execution: 'broker' });
  agent = await world.agent('clerk', { clearances: ['internal'] });
  ana = await world.person('Ana');
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((backlog) => backlog.stop()));
});
afterAll(async () => {
  await second.close();
  await world.close();
  await fresh.drop();
  await shop.drop();
});

/** Lets the second process sweep, as every process does. */
function sweep(): void {
  const errors: unknown[] = [];
  const deps: Deps = { ...second.deps };
  const backlog = createBacklog(() => deps, { error: (fields) => void errors.push(fields) });
  deps.backlog = backlog;
  backlog.start();
  started.push(backlog);
}
/** Asks until the status is there; a final one that is another says what happened instead. */
async function untilStatus(actionId: string, wanted: string): Promise<void> {
  for (;;) {
    const status = (await statusOf(world.deps, actionId)) as Status;
    if (status === wanted) return;
    if (isFinal(status) || status === 'held') throw new Error(JSON.stringify(await eventsOf(actionId)));
    await new Promise((resolve) => setImmediate(resolve));
  }
}
const endLease = (actionId: string) =>
  fresh.pool.query("UPDATE planned_action SET lease_until = now() - interval '1 s' WHERE id = $1", [
    actionId,
  ]);
const balance = async (id: number): Promise<number> =>
  (await shop.pool.query('SELECT balance FROM accounts WHERE id = $1', [id])).rows[0].balance;

/** A broker action approved and ready to run, that nobody has begun. */
async function ready(id: number): Promise<string> {
  const args = { statement: 'UPDATE accounts SET balance = balance + 7 WHERE id = $1', params: [id] };
  const { actionId } = accepted(await submitAction(world.deps, agent, { tool: 'shop.sql', args }));
  await measureAction(world.deps, actionId);
  const named = await digestsOf(world.deps, actionId);
  accepted(await decideAction(world.deps, ana, { ...named, decision: 'approve' }));
  return actionId;
}
const claim = async (actionId: string, holder: string) =>
  claimRelease(world.deps.db, {
    policy: (await world.deps.policies.get(world.workspaceId)).policy,
    workspaceId: world.workspaceId,
    actionId,
    execution: 'broker',
    agentId: null,
    keyId: null,
    directory: null,
    holder,
    leaseSeconds: 60,
    actor: { kind: 'holdpoint', id: null, name: 'Holdpoint' },
  });
const eventsOf = async (actionId: string) => {
  const { rows } = await fresh.pool.query(
    'SELECT kind, data FROM audit_event WHERE action_id = $1 ORDER BY id',
    [actionId],
  );
  return rows as { kind: string; data: Record<string, unknown> }[];
};

describe('an agent that plans much', () => {
  test('delays no other: theirs is measured while all of its own still are', async () => {
    const [greedy, modest] = [await world.agent('greedy'), await world.agent('modest')];
    let isOver = false;
    const custom: Analyzer = {
      check: () => [],
      reach: () => 'change',
      measure: async (call, options) => {
        while (options.agentId === greedy.agentId && !isOver) await new Promise((r) => setTimeout(r, 5));
        return world.deps.analyzers.custom.measure(call, options);
      },
    };
    const deps: Deps = { ...world.deps, analyzers: { ...world.deps.analyzers, custom } };
    const faults: object[] = [];
    const fair = createBacklog(() => deps, { error: (fields) => void faults.push(fields) });
    const noted = { ...deps, backlog: { ...deps.backlog, measure: fair.measure } };
    const submit = (agent: AgentScope, n: number) =>
      submitAction(noted, agent, { tool: 'pages.write', args: { n } }).then(accepted);
    const many = await Promise.all(Array.from({ length: 20 }, (_, n) => submit(greedy, n)));
    const { actionId } = await submit(modest, 1);
    await untilStatus(actionId, 'held');
    for (const each of many) expect(await statusOf(world.deps, each.actionId)).toBe('measuring');
    isOver = true;
    for (const each of many) await untilStatus(each.actionId, 'held');
    await fair.stop();
    expect(faults).toEqual([]);
  });
});

describe('P9: what a dead process left behind is finished by another', () => {
  test('a measurement nobody works on any more is made and judged', async () => {
    const slow: Analyzer = {
      ...world.deps.analyzers.custom,
      check: () => [],
      reach: () => 'change',
      measure: never,
    };
    const deps = { ...world.deps, analyzers: { ...world.deps.analyzers, custom: slow } };
    const submitted = accepted(await submitAction(deps, agent, { tool: 'pages.write', args: { n: 1 } }));
    expect(submitted.status).toBe('measuring');
    await endLease(submitted.actionId);
    sweep();
    await untilStatus(submitted.actionId, 'held');
  });

  test('a measurement somebody still works on is left to them', async () => {
    const slow: Analyzer = {
      ...world.deps.analyzers.custom,
      check: () => [],
      reach: () => 'change',
      measure: never,
    };
    const deps = { ...world.deps, analyzers: { ...world.deps.analyzers, custom: slow } };
    const { actionId } = accepted(await submitAction(deps, agent, { tool: 'pages.write', args: { n: 2 } }));
    expect((await listAbandoned(second.deps.db, 100)).map((found) => found.id)).not.toContain(actionId);
    await measureAction(second.deps, actionId);
    expect(await statusOf(world.deps, actionId)).toBe('measuring');
  });

  test('a release approved just before its process died is executed, once', async () => {
    const actionId = await ready(1);
    sweep();
    sweep();
    await untilStatus(actionId, 'succeeded');
    expect(await balance(1)).toBe(107);
  });

  test('a process killed while its statement runs changed nothing: it failed, and is never run again', async () => {
    const actionId = await ready(2);
    const holder = await shop.pool.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT FROM accounts WHERE id = 2 FOR UPDATE');
    const child = execute(actionId);
    const waiting = () =>
      shop.pool.query("SELECT FROM pg_stat_activity WHERE usename = $1 AND wait_event_type = 'Lock'", [ROLE]);
    while ((await waiting()).rowCount === 0) expect(child.exitCode).toBeNull();
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await statusOf(world.deps, actionId)).toBe('executing');
    await holder.query('ROLLBACK');
    holder.release();
    await endLease(actionId);
    sweep();
    await untilStatus(actionId, 'failed');
    expect(await balance(2)).toBe(100);
    expect(accepted(await getAgentAction(world.deps, agent, { actionId })).result).toMatchObject({
      error: { code: 'interrupted', message: expect.stringContaining('Nothing was changed') },
    });
    expect((await eventsOf(actionId)).filter((e) => e.kind === 'release.claimed')).toHaveLength(1);
  });

  test('a process killed while committing leaves an unknown outcome with what the target says, and it is never run again', async () => {
    for (const [id, ending] of [
      [3, 'COMMIT'],
      [4, 'ROLLBACK'],
    ] as const) {
      const actionId = await ready(id);
      expect((await claim(actionId, 'dead process')).code).toBeNull();
      const dead = await shop.pool.connect();
      await dead.query('BEGIN');
      await dead.query('UPDATE accounts SET balance = balance + 7 WHERE id = $1', [id]);
      const { rows } = await dead.query('SELECT pg_current_xact_id()::text AS xid');
      expect(await writeCommitEvidence(world.deps.db, actionId, 'dead process', `xid ${rows[0].xid}`)).toBe(
        true,
      );
      await dead.query(ending);
      dead.release();
      await endLease(actionId);
      sweep();
      await untilStatus(actionId, 'unknown_outcome');
      expect(await balance(id)).toBe(ending === 'COMMIT' ? 107 : 100);
      const last = (await eventsOf(actionId)).at(-1);
      expect(last).toMatchObject({
        kind: 'execution.unknown_outcome',
        data: { target: ending === 'COMMIT' ? 'committed' : 'aborted', evidence: `xid ${rows[0].xid}` },
      });
    }
  });

  test('an agent that claimed and never reported leaves an unknown outcome', async () => {
    const { actionId } = await plan(world, agent, 'pages.read', { n: 3 });
    accepted(await claimForAgent(world.deps, agent, { actionId }));
    await recoverExecution(second.deps, actionId);
    expect(await statusOf(world.deps, actionId)).toBe('executing');
    await endLease(actionId);
    await recoverExecution(second.deps, actionId);
    expect(await statusOf(world.deps, actionId)).toBe('unknown_outcome');
  });

  test('whoever lost the lease cannot commit any more, also in the very process that recovers', async () => {
    const { deps } = world;
    const actionId = await ready(5);
    expect((await claim(actionId, deps.processId)).code).toBeNull();
    await endLease(actionId);
    // The execution of this same process wants to commit right after recovery has read that it did not.
    const attempts: boolean[] = [];
    const pool = new Proxy(deps.db.pool, {
      get: (of, name) =>
        name !== 'query'
          ? Reflect.get(of, name)
          : async (query: { name?: string }, values?: unknown[]) => {
              const answer = await of.query(query as never, values as never);
              if (query.name === 'find_action') {
                attempts.push(await writeCommitEvidence(deps.db, actionId, deps.processId, 'xid 1'));
              }
              return answer;
            },
    });
    await recoverExecution({ ...deps, db: { ...deps.db, pool } }, actionId);
    expect(attempts).toEqual([false]);
    expect(await statusOf(deps, actionId)).toBe('failed');
  });

  test('two processes that recover the same execution end it once', async () => {
    const actionId = await ready(6);
    expect((await claim(actionId, 'dead process')).code).toBeNull();
    await endLease(actionId);
    await Promise.all(
      [1, 2, 3].flatMap(() => [world.deps, second.deps].map((d) => recoverExecution(d, actionId))),
    );
    expect((await eventsOf(actionId)).filter((e) => e.kind.startsWith('execution.'))).toHaveLength(1);
  });
});

describe('the sweep', () => {
  test('releases that cannot run now do not hide other work, however many there are', async () => {
    const stopped = await world.agent('stopped');
    await Promise.all(
      Array.from({ length: 70 }, (_, n) =>
        submitAction(world.deps, stopped, { tool: 'broker.read', args: { n } }),
      ),
    );
    await fresh.pool.query('UPDATE agent SET suspended_at = now() WHERE id = $1', [stopped.agentId]);
    const actionId = await ready(7);
    expect((await listAbandoned(world.deps.db, 50)).map((found) => found.id)).toEqual([actionId]);
    sweep();
    await untilStatus(actionId, 'succeeded');
  });

  test('holds and releases that ran out are written down once each, also by many processes at once', async () => {
    const actions = await Promise.all([
      ...Array.from({ length: 8 }, (_, n) => plan(world, agent, 'pages.write', { late: n })),
      ...Array.from({ length: 8 }, (_, n) => plan(world, agent, 'pages.read', { late: n })),
    ]);
    const ids = actions.map((a) => a.actionId);
    await fresh.pool.query('UPDATE planned_action SET expires_at = clock_timestamp() WHERE id = ANY ($1)', [
      ids,
    ]);
    await Promise.all([world.deps, second.deps, world.deps].map((deps) => expireActions(deps)));
    for (const id of ids) {
      expect(await statusOf(world.deps, id)).toBe('expired');
      expect((await eventsOf(id)).filter((e) => e.kind === 'action.expired')).toHaveLength(1);
    }
    const { rows } = await fresh.pool.query(
      'SELECT count(*)::int AS n FROM release WHERE action_id = ANY ($1) AND revoked_at IS NULL',
      [ids],
    );
    expect(rows[0].n).toBe(0);
  });
});

function never(): ReturnType<Analyzer['measure']> {
  return new Promise(() => undefined);
}

/** Executes an action in a process of its own. */
function execute(actionId: string): ChildProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', 'server/testing/execute-once.ts'], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const order = { url: fresh.url, secret: Buffer.from(world.secret).toString('base64'), actionId };
  child.stdin?.write(`${JSON.stringify(order)}\n`);
  return child;
}
