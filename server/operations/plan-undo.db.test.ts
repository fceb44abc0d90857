import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AgentScope, ReviewerScope } from '@/server/domain/scopes';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import { accepted, createWorld, digestsOf, refusedAs, statusOf, type World } from '@/server/testing/world';
import { decideAction } from './decide-action';
import { executeAction } from './execute-action';
import { getAction } from './get-action';
import { measureAction } from './measure-action';
import { planUndo } from './plan-undo';
import { submitAction } from './submit-action';

const ROLE = `undoer_${randomBytes(4).toString('hex')}`;
let fresh: TestDatabase;
let shop: TestDatabase;
let world: World;
let agent: AgentScope;
let ana: ReviewerScope;
let ben: ReviewerScope;

beforeAll(async () => {
  fresh = await freshDatabase();
  shop = await freshDatabase({ template: 'empty' });
  await shop.pool.query(`
    CREATE TABLE accounts (id int PRIMARY KEY, owner text NOT NULL, balance numeric NOT NULL);
    CREATE TABLE entries (id int PRIMARY KEY, account_id int REFERENCES accounts ON DELETE CASCADE, change int);
    CREATE TABLE loose (what text);
    CREATE ROLE ${ROLE} LOGIN PASSWORD 'pw';
    GRANT SELECT, INSERT, UPDATE, DELETE ON accounts, entries, loose TO ${ROLE}`);
  world = await createWorld(fresh.url);
  const connection = new URL(shop.url);
  connection.username = ROLE;
  connection.password = 'pw';
  const target = await world.target('shop', {
    connection: connection.toString(),
    classifications: {
      'public.accounts.*': 'internal',
      'public.accounts.owner': 'personal',
      'public.entries.*': 'internal',
    },
    subjects: { 'public.accounts': 'id', 'public.entries': 'account_id -> public.accounts' },
  });
  await world.tool('shop.sql', { kind: 'sql', execution: 'broker', targetId: target.id });
  agent = await world.agent('clerk', { clearances: ['internal', 'personal'] });
  [ana, ben] = [await world.person('Ana'), await world.person('Ben')];
});
afterAll(async () => {
  await world.close();
  await fresh.drop();
  await shop.drop();
});
beforeEach(async () => {
  await shop.pool.query(`TRUNCATE accounts, entries, loose;
    INSERT INTO accounts SELECT g, 'secret owner ' || g, 100.50 FROM generate_series(1, 5) g;
    INSERT INTO entries SELECT g, 1 + g % 5, g FROM generate_series(1, 20) g; INSERT INTO loose VALUES ('a')`);
});

const contents = async () =>
  (
    await shop.pool.query(
      `SELECT (SELECT json_agg(a ORDER BY id) FROM accounts a) AS a, (SELECT json_agg(e ORDER BY id) FROM entries e) AS e`,
    )
  ).rows[0];
const approve = async (actionId: string, who: ReviewerScope) =>
  decideAction(world.deps, who, { ...(await digestsOf(world.deps, actionId)), decision: 'approve' });
const ran = async (statement: string, params: unknown[] = []) => {
  const { actionId } = accepted(
    await submitAction(world.deps, agent, { tool: 'shop.sql', args: { statement, params } }),
  );
  await measureAction(world.deps, actionId);
  accepted(await approve(actionId, ben));
  await executeAction(world.deps, actionId);
  expect(await statusOf(world.deps, actionId)).toBe('succeeded');
  return actionId;
};
const pageOf = async (actionId: string, who = ana) =>
  accepted(await getAction(world.deps, who, { actionId }));
const planned = async (of: string, who = ana) => {
  const { actionId } = accepted(await planUndo(world.deps, who, { actionId: of }));
  expect(world.asked).toContain(`measure ${actionId}`);
  await measureAction(world.deps, actionId);
  return actionId;
};

describe('an undo is a planned action', () => {
  test('it is measured, held, approved by somebody else than who asked, executed, and everything is as it was', async () => {
    const before = await contents();
    const done = await ran('DELETE FROM accounts WHERE id <= 2');
    expect((await pageOf(done)).undo).toMatchObject({
      state: 'possible',
      rows: 10,
      left: [],
      plannedAs: null,
    });
    const undo = await planned(done);
    const page = await pageOf(undo);
    expect(page).toMatchObject({
      status: 'held',
      undo: { of: done },
      eligibility: { canDecide: false },
      blastRadius: { rowsChanged: 10 },
    });
    expect((await pageOf(done)).undo).toMatchObject({ state: 'planned', plannedAs: undo });
    expect(refusedAs(await approve(undo, ana))).toBe('excluded_from_voting');
    expect(await contents()).not.toEqual(before);
    accepted(await approve(undo, ben));
    await executeAction(world.deps, undo);
    expect(await statusOf(world.deps, undo)).toBe('succeeded');
    expect(await contents()).toEqual(before);
    expect((await pageOf(undo)).undo.report).toEqual([
      { resource: 'public.accounts', restored: 2, movedOn: 0 },
      { resource: 'public.entries', restored: 8, movedOn: 0 },
    ]);
  });

  test('no value of a row stands in its arguments, its origins or the log', async () => {
    const undo = await planned(await ran(`UPDATE accounts SET owner = 'nobody' WHERE id = 1`));
    const { rows } = await fresh.pool.query(
      `SELECT a.args::text || a.footprint::text || coalesce(a.reason, '') || (SELECT string_agg(e.data::text, '') FROM audit_event e WHERE e.action_id = a.id) AS said
       FROM planned_action a WHERE a.id = $1`,
      [undo],
    );
    expect(rows[0].said).toContain('jsonb_to_recordset');
    expect(rows[0].said).not.toContain('secret owner');
    expect(rows[0].said).not.toContain('nobody');
  });

  test('a row somebody changed since is left alone and counted, and one that changes after the approval is drift', async () => {
    const done = await ran('UPDATE accounts SET balance = 0 WHERE id <= 3');
    await shop.pool.query('UPDATE accounts SET balance = 7 WHERE id = 2');
    const undo = await planned(done);
    accepted(await approve(undo, ben));
    await shop.pool.query('UPDATE accounts SET balance = 8 WHERE id = 3');
    await executeAction(world.deps, undo);
    expect(await statusOf(world.deps, undo)).toBe('held');
    accepted(await approve(undo, ben));
    await executeAction(world.deps, undo);
    const { rows } = await shop.pool.query('SELECT balance::float AS b FROM accounts ORDER BY id');
    expect(rows.map((r) => r.b)).toEqual([100.5, 7, 8, 100.5, 100.5]);
    expect((await pageOf(undo)).undo.report).toEqual([
      { resource: 'public.accounts', restored: 1, movedOn: 2 },
    ]);
  });

  test('one at a time, however often it is pressed; another once that one came to nothing', async () => {
    const done = await ran('DELETE FROM entries WHERE id = 1');
    const outcomes = await Promise.all([
      planUndo(world.deps, ana, { actionId: done }),
      planUndo(world.deps, ben, { actionId: done }),
    ]);
    expect(outcomes.filter((o) => o.ok)).toHaveLength(1);
    const [refused] = outcomes.flatMap((o) => (o.ok ? [] : [o.code]));
    expect(refused).toBe('conflict');
    const { actionId } = accepted(outcomes.find((o) => o.ok) ?? outcomes[0]);
    await measureAction(world.deps, actionId);
    const other = await world.person('Cleo');
    accepted(
      await decideAction(world.deps, other, {
        ...(await digestsOf(world.deps, actionId)),
        decision: 'reject',
        note: 'no',
      }),
    );
    accepted(await planUndo(world.deps, ana, { actionId: done }));
  });

  test('what cannot be undone says why and is refused', async () => {
    const done = await ran(`UPDATE loose SET what = 'b'`);
    expect((await pageOf(done)).undo).toMatchObject({
      state: 'impossible',
      why: expect.stringMatching(/no primary key/),
    });
    expect(refusedAs(await planUndo(world.deps, ana, { actionId: done }))).toBe('not_undoable');
    const auditor = await world.person('Olga', { roles: ['auditor'] });
    expect(refusedAs(await planUndo(world.deps, auditor, { actionId: done }))).toBe('forbidden');
    const elsewhere = await createWorld(fresh.url);
    const stranger = await elsewhere.person('Stranger');
    const possible = await ran('DELETE FROM entries WHERE id = 2');
    expect(refusedAs(await planUndo(elsewhere.deps, stranger, { actionId: possible }))).toBe(
      'action_unknown',
    );
    await elsewhere.close();
  });

  test('an agent cannot pass a call of its own off as an undo', async () => {
    const done = await ran('DELETE FROM entries WHERE id = 3');
    const args = { statement: 'SELECT 1', undoes: done, values: 'sha256:x' };
    expect(refusedAs(await submitAction(world.deps, agent, { tool: 'shop.sql', args }))).toBe('args_invalid');
  });
});
