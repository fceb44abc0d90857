import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EffectAnalyzer } from '@/server/adapters/effects/effect-analyzer';
import { createPayloadScanner } from '@/server/adapters/payload/payload-scanner';
import { brokerParts } from '@/server/adapters/targets/broker-parts';
import type { Footprint } from '@/server/domain/footprint';
import type { Analyzer } from '@/server/domain/ports';
import type { AgentScope, ReviewerScope } from '@/server/domain/scopes';
import type { Surroundings } from '@/server/domain/surroundings';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import {
  accepted,
  createWorld,
  digestsOf,
  openProcess,
  type TestProcess,
  type World,
} from '@/server/testing/world';
import { decideAction } from './decide-action';
import type { Deps } from './deps';
import { observeResult } from './observe-result';
import { startRun } from './start-run';
import { submitAction } from './submit-action';

const ROLE = `reader_${randomBytes(4).toString('hex')}`;
/** The real analyzer, and what it was given to measure by. */
class Noting implements Analyzer {
  readonly seen: Surroundings[] = [];
  private readonly real = new EffectAnalyzer({ now: () => new Date() }, createPayloadScanner());
  check = () => this.real.check();
  reach = () => this.real.reach();
  measure: Analyzer['measure'] = (call, options) => {
    this.seen.push(options.around);
    return this.real.measure(call, options);
  };
}

let fresh: TestDatabase;
let people: TestDatabase;
let world: World;
let second: TestProcess;
let agent: AgentScope;
let ana: ReviewerScope;
const noting = new Noting();
const analyzers = { ...brokerParts({ now: () => new Date() }).analyzers, custom: noting };

beforeAll(async () => {
  fresh = await freshDatabase();
  people = await freshDatabase({ template: 'empty' });
  await people.pool.query(`
    CREATE TABLE staff (id int PRIMARY KEY, name text, salary int, desk text);
    INSERT INTO staff SELECT g, 'n' || g, g, 'd' || g FROM generate_series(1, 3000) g;
    CREATE ROLE ${ROLE} LOGIN PASSWORD 'pw';
    GRANT SELECT, UPDATE ON staff TO ${ROLE}`);
  world = await createWorld(fresh.url);
  second = await openProcess(fresh.url, world.secret, {
    analyzers: { ...world.deps.analyzers, ...analyzers },
  });
  const connection = new URL(people.url);
  connection.username = ROLE;
  connection.password = 'pw';
  const target = await world.target('staff', {
    connection: connection.toString(),
    classifications: {
      'public.staff.id': 'internal',
      'public.staff.name': 'personal',
      'public.staff.salary': 'financial',
      'public.staff.desk': 'public',
    },
    subjects: { 'public.staff': 'id' },
  });
  await world.tool('staff.sql', { kind: 'sql', execution: 'broker', targetId: target.id });
  await world.tool('pages.read', { effects: [{ effect: 'read', classes: ['public'] }] });
  await world.tool('mail.read', { effects: [{ effect: 'read', classes: ['personal'], trusted: false }] });
  ana = await world.person('Ana');
});
afterAll(async () => {
  await second.close();
  await world.close();
  await fresh.drop();
  await people.drop();
});

const newAgent = (name: string) => world.agent(name, { clearances: ['internal', 'personal', 'financial'] });
const begin = async (who: AgentScope) =>
  accepted(await startRun(world.deps, who, { goal: 'look things up' })).runId;
const submitIn = async (
  deps: Deps,
  who: AgentScope,
  runId: string,
  tool: string,
  args: Record<string, unknown>,
) => {
  const view = accepted(await submitAction(deps, who, { tool, args, runId }));
  const find = () => deps.db.prisma.plannedAction.findUniqueOrThrow({ where: { id: view.actionId } });
  let row = await find();
  // What is not allowed is answered before it is measured; the verdict comes when it is there.
  for (; row.status === 'measuring'; row = await find()) await deps.changes.wait(view.actionId, 200);
  return { ...view, status: row.status, footprint: row.footprint as unknown as Footprint };
};
const columns = (from: number, to: number, what: string) => ({
  statement: `SELECT ${what} FROM staff WHERE id BETWEEN $1 AND $2`,
  params: [from, to],
});
const read = (deps: Deps, who: AgentScope, runId: string, from: number, to: number, what = 'id, name') =>
  submitIn(deps, who, runId, 'staff.sql', columns(from, to, what));

describe('what a run has read is added up', () => {
  test('people are counted once over a run and over runs, and what an agent knows already is not new', async () => {
    agent = await newAgent('counted');
    const run = await begin(agent);
    const first = await read(world.deps, agent, run, 1, 20);
    expect(first.footprint.exposure).toEqual({
      audience: 1,
      subjects: 20,
      classes: ['internal', 'personal'],
      entries: 40,
      runSubjects: 20,
      agentSubjects: 20,
    });
    const overlapping = await read(world.deps, agent, run, 11, 30);
    expect(overlapping.footprint.exposure).toMatchObject({ subjects: 10, entries: 20, runSubjects: 30 });
    const again = await read(world.deps, agent, run, 1, 30);
    expect(again.footprint.exposure).toMatchObject({
      audience: 0,
      subjects: 0,
      entries: 0,
      classes: [],
      runSubjects: 30,
    });
    const salaries = await read(world.deps, agent, run, 1, 5, 'id, salary');
    expect(salaries.footprint.exposure).toMatchObject({
      subjects: 5,
      entries: 5,
      classes: ['financial'],
      runSubjects: 30,
    });
    const other = await begin(agent);
    const elsewhere = await read(world.deps, agent, other, 21, 40);
    expect(elsewhere.footprint.exposure).toMatchObject({ subjects: 10, runSubjects: 20, agentSubjects: 40 });
    expect(new Set([first, overlapping, again, salaries, elsewhere].map((a) => a.status))).toEqual(
      new Set(['released']),
    );
  });

  test('a process that starts anew counts exactly the same from what is stored', async () => {
    const who = await newAgent('restarted');
    const run = await begin(who);
    for (const from of [1, 15, 40]) await read(world.deps, who, run, from, from + 19);
    const third = await openProcess(fresh.url, world.secret);
    const here = await read(third.deps, who, run, 50, 69);
    expect(here.footprint.exposure).toMatchObject({ runSubjects: 64, agentSubjects: 64, subjects: 10 });
    await third.close();
  });

  test('the identities of people stand nowhere in the ledger', async () => {
    const { rows } = await fresh.pool.query<{ subjects: Buffer }>(
      'SELECT subjects FROM exposure WHERE subjects IS NOT NULL',
    );
    expect(rows.length).toBeGreaterThan(3);
    for (const { subjects } of rows) {
      expect(subjects.length % 8).toBe(0);
      expect(subjects.includes(Buffer.from('staff'))).toBe(false);
    }
  });

  test('what is held is known to nobody until it is released, and to the agent from then on', async () => {
    const who = await newAgent('held');
    const run = await begin(who);
    const held = await read(world.deps, who, run, 1, 80);
    expect(held).toMatchObject({
      status: 'held',
      footprint: { exposure: { subjects: 80, runSubjects: 80 } },
    });
    const between = await read(world.deps, who, run, 1, 10);
    expect(between.footprint.exposure).toMatchObject({ subjects: 10, runSubjects: 10 });
    const input = { ...(await digestsOf(world.deps, held.actionId)), decision: 'approve' as const };
    expect(accepted(await decideAction(world.deps, ana, input)).status).toBe('released');
    const after = await read(world.deps, who, run, 75, 90);
    expect(after.footprint.exposure).toMatchObject({ subjects: 10, runSubjects: 90 });
  });
});

describe('a bound over time holds, however the reads arrive', () => {
  test('two processes that read in one run at the same instant do not both slip under it', async () => {
    const who = await newAgent('raced');
    for (let round = 0; round < 3; round += 1) {
      const run = await begin(who);
      for (const from of [1, 51, 101]) await read(world.deps, who, run, from, from + 49);
      // Both processes have seen the run, and their memories are warm.
      await read(second.deps, who, run, 1, 10);
      const from = 1_000;
      const both = await Promise.all([
        read(world.deps, who, run, from, from + 29),
        read(second.deps, who, run, from + 30, from + 59),
        read(world.deps, who, run, from + 60, from + 89),
        read(second.deps, who, run, from + 90, from + 119),
      ]);
      expect(both.map((a) => a.status).sort(), `round ${round}`).toEqual([
        'held',
        'held',
        'held',
        'released',
      ]);
      expect(both.map((a) => a.footprint.exposure?.runSubjects)).toEqual(expect.arrayContaining([180, 210]));
    }
  });

  test('nor do runs of one agent under its bound of a day', async () => {
    const who = await newAgent('many runs');
    for (let i = 0; i < 19; i += 1) await read(world.deps, who, await begin(who), i * 50 + 1, i * 50 + 50);
    const [here, there] = [await begin(who), await begin(who)];
    await read(second.deps, who, there, 1, 10);
    const both = await Promise.all([
      read(world.deps, who, here, 2_001, 2_040),
      read(second.deps, who, there, 2_101, 2_140),
    ]);
    expect(both.map((a) => a.status).sort()).toEqual(['held', 'released']);
  });
});

describe('what a run has come across labels what it does next', () => {
  test('no process measures by an older run than the one its verdict is written for', async () => {
    const who = await newAgent('labelled');
    const run = await begin(who);
    await submitIn(second.deps, who, run, 'pages.read', { n: 0 });
    for (let n = 1; n <= 8; n += 1) {
      // The other process hears of nothing: only the comparison in the database can tell it.
      accepted(await observeResult(world.deps, who, { runId: run, tool: `tool ${n}`, result: { n } }));
      await submitIn(second.deps, who, run, 'pages.read', { n });
      const around = noting.seen.at(-1)?.run;
      expect(around?.labels).toContainEqual({ class: 'unclassified', tool: `tool ${n}` });
      expect(around?.sources.results).toHaveLength(n);
      expect(around?.sources.results.map((r) => r.text)).toContain(JSON.stringify({ n }));
    }
  });

  test('observed results carry the classes of their tool, or unclassified when nobody described it, and none of what is public', async () => {
    const who = await newAgent('observing');
    const run = await begin(who);
    for (const tool of ['mail.read', 'pages.read', 'unheard.of']) {
      accepted(await observeResult(world.deps, who, { runId: run, tool, result: 'text', trusted: true }));
    }
    const soFar = await world.deps.runs.get(world.workspaceId, run);
    expect(soFar?.labels).toEqual([
      { class: 'personal', tool: 'mail.read' },
      { class: 'unclassified', tool: 'unheard.of' },
    ]);
    expect(soFar?.sources.results.map((r) => r.trusted)).toEqual([false, false, false]);
  });

  test('the columns an answer is made of label the run at the release, before anything was executed', async () => {
    const who = await newAgent('columns');
    const run = await begin(who);
    await read(world.deps, who, run, 1, 5, 'desk');
    await read(world.deps, who, run, 1, 5, 'desk, salary');
    const labels = (await world.deps.runs.refresh(world.workspaceId, run))?.labels.map((l) => l.class);
    // `id` stands in the condition: what an answer is chosen by shows in it.
    expect(labels?.sort()).toEqual(['financial', 'internal']);
  });

  test('a result stays the same object while its run is remembered, so that an index over it is made once', async () => {
    const who = await newAgent('indexed');
    const run = await begin(who);
    accepted(await observeResult(world.deps, who, { runId: run, tool: 'mail.read', result: 'first' }));
    const first = (await world.deps.runs.get(world.workspaceId, run))?.sources.results[0];
    accepted(await observeResult(world.deps, who, { runId: run, tool: 'mail.read', result: 'second' }));
    await read(world.deps, who, run, 1, 3);
    const all = (await world.deps.runs.refresh(world.workspaceId, run))?.sources.results;
    expect(all).toHaveLength(2);
    expect(all?.find((r) => r === first)).toBe(first);
  });
});
