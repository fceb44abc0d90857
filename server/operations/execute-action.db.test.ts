import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SETTLE_MS } from '@/server/domain/agent-view';
import type { AgentScope, ReviewerScope } from '@/server/domain/scopes';
import type { Deps } from '@/server/operations/deps';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import {
  accepted,
  createWorld,
  digestsOf,
  openProcess,
  refusedAs,
  statusOf,
  type TestProcess,
  type World,
} from '@/server/testing/world';
import { decideAction } from './decide-action';
import { engageHalt } from './engage-halt';
import { executeAction } from './execute-action';
import { getAction } from './get-action';
import { liftHalt } from './lift-halt';
import { measureAction } from './measure-action';
import { submitAction } from './submit-action';
import { getAgentAction } from './wait-for-action';

const ROLE = `broker_${randomBytes(4).toString('hex')}`;
let fresh: TestDatabase;
let shop: TestDatabase;
let world: World;
let second: TestProcess;
let agent: AgentScope;
let ana: ReviewerScope;
beforeAll(async () => {
  fresh = await freshDatabase();
  shop = await freshDatabase({ template: 'empty' });
  await shop.pool.query(`
    CREATE SCHEMA app;
    CREATE TABLE accounts (id int PRIMARY KEY, owner text NOT NULL, balance int NOT NULL CHECK (balance >= 0));
    CREATE TABLE entries (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, account_id int REFERENCES accounts ON DELETE CASCADE, change int);
    INSERT INTO accounts SELECT g, 'owner ' || g, 100 FROM generate_series(1, 60) g;
    INSERT INTO entries (account_id, change) SELECT g, 1 FROM generate_series(1, 60) g;
    CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN INSERT INTO entries (account_id, change) VALUES (NEW.id, NEW.balance - OLD.balance); RETURN NULL; END $$;
    CREATE TRIGGER accounts_noted AFTER UPDATE ON accounts FOR EACH ROW EXECUTE FUNCTION note_change();
    CREATE ROLE ${ROLE} LOGIN PASSWORD 'pw';
    GRANT USAGE ON SCHEMA app, public TO ${ROLE};
    GRANT SELECT, INSERT, UPDATE, DELETE ON accounts, entries TO ${ROLE};
    ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${ROLE}`);
  world = await createWorld(fresh.url);
  second = await openProcess(fresh.url, world.secret);
  const connection = new URL(shop.url);
  connection.username = ROLE;
  connection.password = 'pw';
  const target = await world.target('shop', {
    connection: connection.toString(),
    searchPath: ['app', 'public'],
    classifications: {
      'public.accounts.*': 'internal',
      'public.accounts.owner': 'personal',
      'public.entries.*': 'internal',
      'app.accounts.*': 'internal',
    },
    subjects: {
      'public.accounts': 'id',
      'public.entries': 'account_id -> public.accounts',
      'app.accounts': 'id',
    },
  });
  await world.tool('shop.sql', { kind: 'sql', execution: 'broker', targetId: target.id });
  agent = await world.agent('clerk', { clearances: ['internal', 'personal'] });
  ana = await world.person('Ana');
});
afterAll(async () => {
  await second.close();
  await world.close();
  await fresh.drop();
  await shop.drop();
  // The role belongs to the server, not to a database that was dropped.
});

const submit = async (statement: string, params: unknown[] = []) => {
  const view = accepted(
    await submitAction(world.deps, agent, { tool: 'shop.sql', args: { statement, params } }),
  );
  if (view.status === 'measuring') await measureAction(world.deps, view.actionId);
  return {
    ...(await digestsOf(world.deps, view.actionId)),
    status: await statusOf(world.deps, view.actionId),
  };
};
const approve = async (actionId: string, who = ana) =>
  decideAction(world.deps, who, { ...(await digestsOf(world.deps, actionId)), decision: 'approve' });
const approved = async (statement: string, params: unknown[] = []) => {
  const action = await submit(statement, params);
  expect(action.status).toBe('held');
  expect(accepted(await approve(action.actionId)).status).toBe('released');
  return action;
};
const raise = (id: number) => approved('UPDATE accounts SET balance = balance + 7 WHERE id = $1', [id]);
const balance = async (id: number): Promise<number> => {
  const { rows } = await shop.pool.query('SELECT balance FROM public.accounts WHERE id = $1', [id]);
  return rows[0]?.balance;
};
const kinds = async (actionId: string) => {
  const { rows } = await fresh.pool.query('SELECT kind FROM audit_event WHERE action_id = $1 ORDER BY id', [
    actionId,
  ]);
  return rows.map((r) => r.kind as string);
};

/** What an action has to look like after its transaction was rolled back because the world had changed. */
async function expectHeldAgain(action: { actionId: string; footprintDigest: string }, words: RegExp) {
  expect(await statusOf(world.deps, action.actionId)).toBe('held');
  const page = accepted(await getAction(world.deps, ana, action));
  expect(page.footprintDigest).not.toBe(action.footprintDigest);
  expect(page).toMatchObject({ drifted: true, votes: 0, eligibility: { canDecide: true } });
  expect(page.drift?.previousDigest).toBe(action.footprintDigest);
  expect(JSON.stringify(page.drift?.changes)).toMatch(words);
  const { actionId, footprintDigest } = action;
  const input = { actionId, digest: page.digest, footprintDigest, decision: 'approve' as const };
  const old = decideAction(world.deps, ana, input);
  expect(refusedAs(await old)).toBe('digest_conflict');
  expect(await kinds(action.actionId)).toContain('execution.drifted');
}

describe('P3: it runs exactly what was approved, or nothing', () => {
  test('what was approved runs once and its result reaches the agent', async () => {
    const action = await raise(1);
    await executeAction(world.deps, action.actionId);
    expect(await balance(1)).toBe(107);
    expect(accepted(await getAgentAction(world.deps, agent, action))).toMatchObject({
      status: 'succeeded',
      result: { rowCount: 1 },
    });
    await executeAction(world.deps, action.actionId);
    expect(await balance(1)).toBe(107);
  });

  test('a row changed between approval and execution: rolled back, held again with the difference', async () => {
    const action = await raise(2);
    await shop.pool.query('UPDATE accounts SET balance = 50 WHERE id = 2');
    await executeAction(world.deps, action.actionId);
    expect(await balance(2)).toBe(50);
    await expectHeldAgain(action, /not the same rows or values/);
    expect(accepted(await getAgentAction(world.deps, agent, action))).not.toHaveProperty('result');
    // Looked at again and approved again, it runs.
    expect(accepted(await approve(action.actionId)).status).toBe('released');
    await executeAction(world.deps, action.actionId);
    expect(await balance(2)).toBe(57);
    expect(await statusOf(world.deps, action.actionId)).toBe('succeeded');
  });

  test('a trigger added in between', async () => {
    const action = await raise(3);
    await shop.pool.query(`
      CREATE FUNCTION greedy() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.balance := 9999; RETURN NEW; END $$;
      CREATE TRIGGER a_greedy BEFORE UPDATE ON accounts FOR EACH ROW EXECUTE FUNCTION greedy()`);
    await executeAction(world.deps, action.actionId);
    await shop.pool.query('DROP FUNCTION greedy CASCADE');
    expect(await balance(3)).toBe(100);
    await expectHeldAgain(action, /trigger/);
  });

  test('the body of a function a trigger calls, replaced in between', async () => {
    const action = await raise(4);
    const original = await shop.pool.query("SELECT pg_get_functiondef('note_change'::regproc) AS body");
    await shop.pool.query(`CREATE OR REPLACE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN INSERT INTO entries (account_id, change) VALUES (NEW.id, 0); RETURN NULL; END $$`);
    await executeAction(world.deps, action.actionId);
    await shop.pool.query(original.rows[0].body);
    expect(await balance(4)).toBe(100);
    await expectHeldAgain(action, /trigger, function/);
  });

  test('a table of the same name earlier in the search path', async () => {
    const action = await raise(5);
    await shop.pool.query(`
      CREATE TABLE app.accounts (id int PRIMARY KEY, owner text, balance int);
      INSERT INTO app.accounts VALUES (5, 'shadow', 1)`);
    await executeAction(world.deps, action.actionId);
    const { rows } = await shop.pool.query('SELECT balance FROM app.accounts');
    await shop.pool.query('DROP TABLE app.accounts');
    expect([await balance(5), rows[0].balance]).toEqual([100, 1]);
    await expectHeldAgain(action, /app\.accounts/);
  });

  test('one row more in the way of a cascade', async () => {
    const action = await approved('DELETE FROM accounts WHERE id = $1', [6]);
    await shop.pool.query('INSERT INTO entries (account_id, change) VALUES (6, 5)');
    await executeAction(world.deps, action.actionId);
    expect(await balance(6)).toBe(100);
    await expectHeldAgain(action, /public\.entries/);
  });

  test('drift never asks for fewer people than before, and one vote of the old round counts for nothing', async () => {
    const action = await submit('DELETE FROM accounts WHERE id = $1', [7]);
    await fresh.pool.query('UPDATE planned_action SET needed = 2 WHERE id = $1', [action.actionId]);
    const ben = await world.person('Ben');
    accepted(await approve(action.actionId));
    expect(accepted(await approve(action.actionId, ben)).status).toBe('released');
    await shop.pool.query('UPDATE accounts SET balance = 1 WHERE id = 7');
    await executeAction(world.deps, action.actionId);
    const page = accepted(await getAction(world.deps, ana, action));
    expect(page.hold).toMatchObject({ needed: 2, approvals: 0 });
    expect(accepted(await approve(action.actionId)).status).toBe('held');
    expect(await balance(7)).toBe(1);
  });

  test('a read that policy allowed is judged by what is there when it runs, not by what was there before', async () => {
    const small = await submit('SELECT id, balance FROM accounts WHERE id <= $1', [9]);
    const grown = await submit('SELECT id, balance FROM accounts WHERE balance < $1', [0]);
    expect([small.status, grown.status]).toEqual(['released', 'released']);
    await shop.pool.query('UPDATE accounts SET balance = 101 WHERE id = 8');
    await executeAction(world.deps, small.actionId);
    expect(await statusOf(world.deps, small.actionId)).toBe('succeeded');
    await shop.pool.query(`INSERT INTO accounts SELECT g, 'many', 0 FROM generate_series(1000, 3000) g;
      ALTER TABLE accounts DROP CONSTRAINT accounts_balance_check; UPDATE accounts SET balance = -1 WHERE id >= 1000`);
    await executeAction(world.deps, grown.actionId);
    await shop.pool.query('DELETE FROM accounts WHERE id >= 1000');
    expect(await statusOf(world.deps, grown.actionId)).toBe('held');
    expect(accepted(await getAgentAction(world.deps, agent, grown))).not.toHaveProperty('result');
  });
});

describe('P2: two processes that execute the same release run it once', () => {
  test('many times, at the same instant', async () => {
    for (let id = 11; id <= 16; id++) {
      const action = await raise(id);
      const run = (deps: Deps) => executeAction(deps, action.actionId);
      await Promise.all([run(world.deps), run(second.deps), run(second.deps), run(world.deps)]);
      expect(await balance(id)).toBe(107);
      const log = await kinds(action.actionId);
      expect(log.filter((k) => k === 'release.claimed' || k === 'execution.succeeded')).toEqual([
        'release.claimed',
        'execution.succeeded',
      ]);
    }
  });
});

describe('P5: a halt stops what is running', () => {
  const halt = (id: string) =>
    engageHalt(world.deps, ana, { scope: 'agent', id, reason: 'stop' }).then(accepted);
  const lift = (haltId: string) => liftHalt(world.deps, ana, { haltId, reason: 'go' }).then(accepted);
  /** Executes while somebody holds the row; resolves once the statement waits for it. */
  async function blocked(id: number) {
    const action = await raise(id);
    const holder = await shop.pool.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT FROM accounts WHERE id = $1 FOR UPDATE', [id]);
    const running = executeAction(world.deps, action.actionId);
    for (;;) {
      const { rowCount } = await shop.pool.query(
        "SELECT FROM pg_stat_activity WHERE usename = $1 AND wait_event_type = 'Lock'",
        [ROLE],
      );
      if (rowCount) break;
    }
    const letGo = async () => {
      await holder.query('ROLLBACK');
      holder.release();
    };
    return { action, running, letGo };
  }

  test('a statement that is running when its agent is halted commits nothing and ends as revoked', async () => {
    const { action, running, letGo } = await blocked(20);
    const { haltId } = await halt(agent.agentId);
    await running;
    await letGo();
    expect(await balance(20)).toBe(100);
    expect(await statusOf(world.deps, action.actionId)).toBe('revoked');
    await lift(haltId);
    await executeAction(world.deps, action.actionId);
    expect(await balance(20)).toBe(100);
  });

  test('a halt of another agent leaves it alone', async () => {
    const other = await world.agent('bystander');
    const { action, running, letGo } = await blocked(21);
    const { haltId } = await halt(other.agentId);
    await letGo();
    await running;
    expect(await statusOf(world.deps, action.actionId)).toBe('succeeded');
    expect(await balance(21)).toBe(107);
    await lift(haltId);
  });

  test('what was released but not yet claimed is revoked, and executing it does nothing', async () => {
    const action = await raise(22);
    const { haltId } = await halt(agent.agentId);
    await executeAction(world.deps, action.actionId);
    await lift(haltId);
    await executeAction(world.deps, action.actionId);
    expect(await balance(22)).toBe(100);
    expect(await statusOf(world.deps, action.actionId)).toBe('revoked');
  });
});

describe('P7: the agent learns nothing before release', () => {
  test('the same statement over rows that are there, are not, or make it fail: the agent sees the same', async () => {
    const statement = 'UPDATE accounts SET balance = balance - $2::int, owner = owner || $3 WHERE id = $1';
    const later = { ...world.deps, clock: { now: () => new Date(Date.now() + SETTLE_MS) } };
    const views = [];
    for (const params of [
      [30, 1, ''],
      [424_242, 1, ''],
      [31, 5_000, ''],
      [32, 0, 'x'.repeat(3_000)],
    ]) {
      const { actionId } = await submit(statement, params);
      const view = accepted(await getAgentAction(later, agent, { actionId }));
      views.push({ ...view, actionId: '', digest: '', url: '', expiresAt: typeof view.expiresAt });
    }
    const [first, ...rest] = views;
    expect(first?.status).toBe('held');
    for (const view of rest) expect(view).toEqual(first);
  });

  test('an error of the database reaches the agent only after release, and says what to do with it', async () => {
    const { actionId, status } = await submit('UPDATE accounts SET balance = 10 / (id - 33) WHERE id = 33');
    expect(status).toBe('held');
    expect(JSON.stringify(accepted(await getAgentAction(world.deps, agent, { actionId })))).not.toMatch(
      /zero/,
    );
    while ((await statusOf(world.deps, actionId)) === 'held') {
      accepted(await approve(actionId, await world.person('One more')));
    }
    await executeAction(world.deps, actionId);
    expect(await balance(33)).toBe(100);
    const view = accepted(await getAgentAction(world.deps, agent, { actionId }));
    expect(view.status).toBe('failed');
    expect(JSON.stringify(view.result)).toMatch(/22012.*Nothing was changed/);
  });
});
