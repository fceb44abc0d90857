import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SETTLE_MS, VEIL_MS } from '@/server/domain/agent-view';
import type { AgentScope, ReviewerScope } from '@/server/domain/scopes';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import { publishVersion } from '@/server/testing/publish-version';
import { createStoppedClock, type StoppedClock } from '@/server/testing/stopped-clock';
import { accepted, createWorld, digestsOf, statusOf, type World } from '@/server/testing/world';
import { cancelAction } from './cancel-action';
import { decideAction } from './decide-action';
import { executeAction } from './execute-action';
import { finishRun } from './finish-run';
import { measureAction } from './measure-action';
import { startRun } from './start-run';
import { type SubmitInput, submitAction } from './submit-action';
import { getAgentAction, waitForAction } from './wait-for-action';

const ROLE = `sleeper_${randomBytes(4).toString('hex')}`;
const NEVER_DELETES = `@id("never-deletes")
@title("Nothing is deleted")
@because("Nothing may be deleted here.")
forbid (principal, action == Action::"change", resource)
when { context.rowsDeleted > 0 };`;

let fresh: TestDatabase;
let staff: TestDatabase;
let world: World;
let clock: StoppedClock;
let agent: AgentScope;
let ana: ReviewerScope;
beforeAll(async () => {
  fresh = await freshDatabase();
  staff = await freshDatabase({ template: 'empty' });
  await staff.pool.query(`
    CREATE TABLE staff (id int PRIMARY KEY, name text NOT NULL, salary int NOT NULL);
    INSERT INTO staff SELECT g, 'name ' || g, 4000 FROM generate_series(1, 20) g;
    CREATE ROLE ${ROLE} LOGIN PASSWORD 'pw';
    GRANT SELECT, UPDATE, DELETE ON staff TO ${ROLE}`);
  clock = createStoppedClock();
  world = await createWorld(fresh.url, { clock, until: clock.until });
  await publishVersion(world.deps, world.workspaceId, [{ id: 'never-deletes', text: NEVER_DELETES }]);
  world.deps.policies.drop();
  const connection = new URL(staff.url);
  connection.username = ROLE;
  connection.password = 'pw';
  const target = await world.target('staff', {
    connection: connection.toString(),
    classifications: {
      'public.staff.id': 'internal',
      'public.staff.name': 'internal',
      'public.staff.salary': 'financial',
    },
    subjects: { 'public.staff': 'id' },
  });
  await world.tool('staff.sql', { kind: 'sql', execution: 'broker', targetId: target.id });
  await world.tool('pages.write');
  ana = await world.person('Ana');
});
afterAll(async () => {
  await world.close();
  await fresh.drop();
  await staff.drop();
});
const anotherAgent = async () => {
  agent = await world.agent(`prober ${randomUUID()}`, { clearances: ['internal'] });
};
beforeEach(async () => {
  await anotherAgent();
  // Begins where the database's clock is: what it notes of executions is compared with this one.
  clock.advance(Date.now() - clock.now().getTime());
});

/** Sleeps exactly if the guess is right: the salary is 4000. */
const sleepsIf = (guess: number) => `(CASE WHEN salary = ${guess} THEN pg_sleep(60)::text ELSE '' END)`;
const READ = (guess: number) => `SELECT name FROM staff WHERE id = 1 AND ${sleepsIf(guess)} = ''`;
const UPDATE = (guess: number) => `UPDATE staff SET name = 'x' WHERE id = 1 AND ${sleepsIf(guess)} = ''`;
const DELETE = (guess: number) => `DELETE FROM staff WHERE id = 1 AND ${sleepsIf(guess)} = ''`;
const [RIGHT, WRONG] = [4000, 1];

const sleeping = async (): Promise<number> => {
  const { rowCount } = await staff.pool.query(
    "SELECT FROM pg_stat_activity WHERE usename = $1 AND wait_event = 'PgSleep'",
    [ROLE],
  );
  return rowCount ?? 0;
};
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await isSo())) await turn();
}
/** Ends what still sleeps, and with it the measurement. */
const wakeUp = () =>
  staff.pool.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1', [ROLE]);

const submit = (statement: string, more: Partial<SubmitInput> = {}) =>
  submitAction(world.deps, agent, { tool: 'staff.sql', args: { statement }, ...more });
const get = async (actionId: string) => {
  const {
    digest,
    actionId: _,
    url: __,
    ...view
  } = accepted(await getAgentAction(world.deps, agent, { actionId }));
  return view;
};
const wait = async (actionId: string) =>
  accepted(await waitForAction(world.deps, agent, { actionId, waitSeconds: 0 })).status;
const newest = async (): Promise<string | undefined> =>
  (
    await fresh.pool.query<{ id: string }>(
      'SELECT id FROM planned_action WHERE agent_id = $1 ORDER BY created_at DESC LIMIT 1',
      [agent.agentId],
    )
  ).rows[0]?.id;

/** Measuring has got as far as it gets: it is over, or it sleeps. */
const sleepsOrIsOver = (actionId: string) =>
  until(async () => (await sleeping()) > 0 || (await statusOf(world.deps, actionId)) !== 'measuring');

/** A change as the installation measures it: in the background. Returns the id and the end of measuring. */
async function change(statement: string, more: Partial<SubmitInput> = {}) {
  const { actionId, status } = accepted(await submit(statement, more));
  expect(status).toBe('measuring');
  const over = measureAction(world.deps, actionId);
  await sleepsOrIsOver(actionId);
  return { actionId, over };
}

describe('a change that takes longer if a guess is right', () => {
  async function probe(guess: number) {
    const input = { idempotencyKey: `key ${guess}` };
    const { actionId, over } = await change(UPDATE(guess), input);
    const really = await statusOf(world.deps, actionId);
    const seen: unknown[] = [];
    const look = async (ms: number) => {
      clock.advance(ms);
      const again = accepted(await submit(UPDATE(guess), input));
      seen.push([await get(actionId), await wait(actionId), again.status]);
    };
    for (const ms of [0, SETTLE_MS - 1, 1, 500, 5_000, VEIL_MS]) await look(ms);
    const conflicting = await submit('SELECT 1', input);
    const cancelled = accepted(await cancelAction(world.deps, agent, { actionId }));
    seen.push(conflicting, cancelled.status, await get(actionId));
    await wakeUp();
    await over;
    seen.push(await get(actionId));
    return { really, seen };
  }

  test('is seen, waited for, submitted again and cancelled like one that does not', async () => {
    const [wrong, right] = [await probe(WRONG), await probe(RIGHT)];
    expect([wrong.really, right.really]).toEqual(['held', 'measuring']);
    expect(right.seen).toEqual(wrong.seen);
    const states = wrong.seen.slice(0, 6).map((each) => (each as [{ status: string }])[0].status);
    expect(states).toEqual(['measuring', 'measuring', 'held', 'held', 'held', 'held']);
  });

  test('is answered by no wait before people decide', async () => {
    const { actionId, over } = await change(UPDATE(WRONG));
    let answered = false;
    const waiting = waitForAction(world.deps, agent, { actionId, waitSeconds: 50 }).then((outcome) => {
      answered = true;
      return accepted(outcome);
    });
    await over;
    await until(() => world.hub.waiting === 1);
    clock.advance(SETTLE_MS);
    expect(answered).toBe(false);
    const decision = { ...(await digestsOf(world.deps, actionId)), decision: 'reject' as const };
    accepted(await decideAction(world.deps, ana, decision));
    expect((await waiting).status).toBe('rejected');
  });

  test('ends, when nobody decides, a whole number of minutes after its submission', async () => {
    const submittedAt = clock.now().getTime();
    const { actionId, over } = await change(UPDATE(WRONG));
    await over;
    const { expiresAt } = await world.deps.db.prisma.plannedAction.findUniqueOrThrow({
      where: { id: actionId },
    });
    expect(((expiresAt?.getTime() ?? 0) - submittedAt - SETTLE_MS) % VEIL_MS).toBe(0);
  });
});

describe('a read that takes longer if a guess is right', () => {
  async function probe(guess: number) {
    await anotherAgent();
    const { runId } = accepted(await startRun(world.deps, agent, { goal: 'probe' }));
    const input = { idempotencyKey: `key ${guess}`, runId };
    const seen: unknown[] = [];
    let answer: unknown = 'none yet';
    const measured = world.deps.analyzers.sql.measure;
    let isMeasured = false;
    world.deps.analyzers.sql.measure = async (...args) => {
      const measurement = await measured.apply(world.deps.analyzers.sql, args);
      isMeasured = true;
      return measurement;
    };
    const submitting = submit(READ(guess), input).then((outcome) => {
      answer = accepted(outcome).status;
    });
    await until(async () => isMeasured || (await sleeping()) > 0);
    world.deps.analyzers.sql.measure = measured;
    for (let i = 0; i < 20; i++) await turn();
    seen.push(answer, await newest());
    clock.advance(250);
    await until(async () => (await newest()) !== undefined);
    const actionId = (await newest()) ?? '';
    await sleepsOrIsOver(actionId);
    const really = await statusOf(world.deps, actionId);
    seen.push(answer, await get(actionId), await wait(actionId));
    seen.push((await submitAction(world.deps, agent, { tool: 'pages.write', args: {}, ...input })).ok);
    accepted(await finishRun(world.deps, agent, { runId }));
    clock.advance(749);
    for (let i = 0; i < 20; i++) await turn();
    seen.push(answer, (await get(actionId)).status);
    clock.advance(1);
    await submitting;
    seen.push(answer, { ...(await get(actionId)), runId: null });
    await wakeUp();
    await until(async () => (await statusOf(world.deps, actionId)) === 'held');
    seen.push((await get(actionId)).status);
    return { really, seen: seen.map((each) => (typeof each === 'object' ? { ...each, runId: null } : each)) };
  }

  test('is written down and answered at the same moments as one that does not', async () => {
    const [wrong, right] = [await probe(WRONG), await probe(RIGHT)];
    expect([wrong.really, right.really]).toEqual(['held', 'measuring']);
    expect(right.seen).toEqual(wrong.seen);
    expect(right.seen.slice(0, 3)).toEqual(['none yet', undefined, 'none yet']);
    expect(right.seen).toContain('held');
  });

  test('and is allowed is answered as soon as it is: its agent gets the data anyway', async () => {
    const view = accepted(await submit('SELECT name FROM staff WHERE id = 2'));
    expect(view.status).toBe('released');
  });
});

describe('what measuring and running end in by themselves', () => {
  async function probe(guess: number) {
    const { actionId, over } = await change(DELETE(guess));
    const really = await statusOf(world.deps, actionId);
    const seen: unknown[] = [await get(actionId)];
    clock.advance(SETTLE_MS);
    seen.push(await get(actionId), await wait(actionId));
    return { actionId, over, really, seen };
  }

  test('a denial that needed measuring is told late enough to say nothing of how long that took', async () => {
    const [wrong, right] = [await probe(WRONG), await probe(RIGHT)];
    expect([wrong.really, right.really]).toEqual(['denied', 'measuring']);
    expect(right.seen).toEqual(wrong.seen);
    const waiting = waitForAction(world.deps, agent, { actionId: wrong.actionId, waitSeconds: 55 });
    await until(() => world.hub.waiting === 1);
    clock.advance(VEIL_MS - 10_000);
    expect((await get(wrong.actionId)).status).toBe('held');
    clock.advance(10_000);
    expect(accepted(await waiting).status).toBe('denied');
    await wakeUp();
    await right.over;
  });

  test('and withdrawn before it is told looks like any other withdrawn one for ever', async () => {
    const { actionId, really } = await probe(WRONG);
    const held = await change(UPDATE(WRONG));
    clock.advance(SETTLE_MS);
    const views = [];
    for (const id of [actionId, held.actionId]) {
      accepted(await cancelAction(world.deps, agent, { actionId: id }));
      accepted(await cancelAction(world.deps, agent, { actionId: id }));
      views.push(await get(id));
    }
    clock.advance(3 * VEIL_MS);
    for (const id of [actionId, held.actionId]) views.push(await get(id));
    expect(new Set(views.map((view) => JSON.stringify(view))).size).toBe(1);
    expect(views[0]?.status).toBe('cancelled');
    expect([really, await statusOf(world.deps, actionId)]).toEqual(['denied', 'denied']);
  });

  test('a denial by the statement’s text alone is told at once', async () => {
    expect(accepted(await submit("COPY staff TO '/tmp/x'")).status).toBe('denied');
  });

  test('an execution that found something else than was approved is seen running for whole minutes', async () => {
    const { actionId } = await change('UPDATE staff SET name = name || $$!$$ WHERE id = 3');
    const decision = { ...(await digestsOf(world.deps, actionId)), decision: 'approve' as const };
    accepted(await decideAction(world.deps, ana, decision));
    await staff.pool.query("UPDATE staff SET name = 'somebody else' WHERE id = 3");
    await executeAction(world.deps, actionId);
    expect(await statusOf(world.deps, actionId)).toBe('held');
    const row = await world.deps.db.prisma.plannedAction.findUniqueOrThrow({ where: { id: actionId } });
    const claimed = await world.deps.db.prisma.release.findFirstOrThrow({ where: { actionId } });
    const veiledUntil = row.veiledUntil?.getTime() ?? 0;
    expect(veiledUntil - (claimed.claimedAt?.getTime() ?? 0)).toBe(VEIL_MS);
    clock.advance(veiledUntil - 1 - clock.now().getTime());
    expect((await get(actionId)).status).toBe('executing');
    expect(await cancelAction(world.deps, agent, { actionId })).toMatchObject({ code: 'not_cancellable' });
    clock.advance(1);
    expect((await get(actionId)).status).toBe('held');
  });
});
