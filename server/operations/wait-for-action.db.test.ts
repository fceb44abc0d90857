import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AgentScope, ReviewerScope } from '@/server/domain/scopes';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import {
  accepted,
  createWorld,
  EFFECTS,
  openProcess,
  plan,
  refusedAs,
  type TestProcess,
  type World,
} from '@/server/testing/world';
import { cancelAction } from './cancel-action';
import { claimRelease } from './claim-release';
import { decideAction } from './decide-action';
import { engageHalt } from './engage-halt';
import { liftHalt } from './lift-halt';
import { reportExecution } from './report-execution';
import { waitForAction } from './wait-for-action';

let fresh: TestDatabase;
let world: World;
let second: TestProcess;
let agent: AgentScope;
let reviewer: ReviewerScope;
beforeAll(async () => {
  fresh = await freshDatabase();
  world = await createWorld(fresh.url);
  second = await openProcess(fresh.url, world.secret);
  await world.tool('pages.write', { effects: EFFECTS.held });
  await world.tool('pages.read', { effects: EFFECTS.allowed });
  await world.tool('broker.read', { effects: EFFECTS.allowed, execution: 'broker' });
  agent = await world.agent('waiter');
  reviewer = await world.person('Reviewer');
});
afterAll(async () => {
  await second.close();
  await world.close();
  await fresh.drop();
});

let calls = 0;
const held = async () => {
  const { actionId, digest, footprintDigest } = await plan(world, agent, 'pages.write', {
    path: `${calls++}`,
  });
  return { actionId, digest, footprintDigest };
};
const wait = (actionId: string, deps = world.deps, signal?: AbortSignal) =>
  waitForAction(deps, agent, { actionId, waitSeconds: 50 }, signal).then(accepted);
const decide = (
  action: Awaited<ReturnType<typeof held>>,
  decision: 'approve' | 'reject',
  deps = world.deps,
) => decideAction(deps, reviewer, { ...action, decision }).then(accepted);
/** Resolves once this process has `n` calls waiting: nothing is slept for. */
async function untilWaiting(process: TestProcess, n: number): Promise<void> {
  while (process.hub.waiting < n) await new Promise((resolve) => setImmediate(resolve));
}

describe('an agent that waits', () => {
  test('never misses a decision made between its subscription and its read, or before, or after', async () => {
    for (let i = 0; i < 60; i++) {
      const action = await held();
      // Decisions start a little earlier or later than the wait, in this process or in another.
      const decider = i % 2 === 0 ? world.deps : second.deps;
      const early = i % 3 === 0 ? decide(action, 'reject', decider) : null;
      for (let turn = 0; turn < i % 7; turn++) await new Promise((resolve) => setImmediate(resolve));
      const waiting = wait(action.actionId);
      for (let turn = 0; turn < i % 5; turn++) await new Promise((resolve) => setImmediate(resolve));
      await (early ?? decide(action, 'reject', decider));
      expect((await waiting).status).toBe('rejected');
    }
    expect(world.hub.waiting).toBe(0);
  });

  test('hears a decision made by another process, wherever it waits', async () => {
    const action = await held();
    const waits = [wait(action.actionId), wait(action.actionId, second.deps)];
    await Promise.all([untilWaiting(world, 1), untilWaiting(second, 1)]);
    await decide(action, 'approve', second.deps);
    for (const view of await Promise.all(waits)) expect(view.status).toBe('released');
  });

  test('is answered when its action is cancelled, and when a halt revokes what was released to the broker', async () => {
    const action = await held();
    const cancelled = wait(action.actionId, second.deps);
    await untilWaiting(second, 1);
    accepted(await cancelAction(world.deps, agent, action));
    expect((await cancelled).status).toBe('cancelled');

    const { actionId } = await plan(world, agent, 'broker.read');
    const revoked = wait(actionId, second.deps);
    await untilWaiting(second, 1);
    const halt = accepted(
      await engageHalt(world.deps, reviewer, { scope: 'agent', id: agent.agentId, reason: 'stop' }),
    );
    expect((await revoked).status).toBe('revoked');
    accepted(await liftHalt(world.deps, reviewer, { haltId: halt.haltId, reason: 'go' }));
  });

  test('is answered when its hold runs out, with no sweeper anywhere', async () => {
    const action = await held();
    await fresh.pool.query(
      "UPDATE planned_action SET expires_at = clock_timestamp() + interval '150 ms' WHERE id = $1",
      [action.actionId],
    );
    expect((await wait(action.actionId)).status).toBe('expired');
    const { rows } = await fresh.pool.query('SELECT status FROM planned_action WHERE id = $1', [
      action.actionId,
    ]);
    expect(rows[0].status).toBe('held');
  });

  test('is answered with the result when what it claimed elsewhere was reported', async () => {
    const { actionId } = await plan(world, agent, 'pages.read', { n: calls++ });
    expect((await wait(actionId)).status).toBe('released');
    const { releaseId } = accepted(await claimRelease(world.deps, agent, { actionId }));
    const waiting = wait(actionId, second.deps);
    await untilWaiting(second, 1);
    accepted(
      await reportExecution(world.deps, agent, { actionId, releaseId, outcome: 'succeeded', result: 5 }),
    );
    expect(await waiting).toMatchObject({ status: 'succeeded', result: { value: 5 } });
  });

  test('gets the state as it is when its time is up or its client went away, and leaves nothing behind', async () => {
    const action = await held();
    const now = await waitForAction(world.deps, agent, { actionId: action.actionId, waitSeconds: 0 });
    expect(accepted(now).status).toBe('held');
    const gone = new AbortController();
    const waiting = wait(action.actionId, world.deps, gone.signal);
    await untilWaiting(world, 1);
    gone.abort();
    expect((await waiting).status).toBe('held');
    expect((await wait(action.actionId, world.deps, AbortSignal.abort())).status).toBe('held');
    expect(world.hub.waiting).toBe(0);
  });

  test('does not wait for the action of another agent: there is no such action', async () => {
    const other = await world.agent('nosy');
    const { actionId } = await held();
    expect(refusedAs(await waitForAction(world.deps, other, { actionId, waitSeconds: 50 }))).toBe(
      'action_unknown',
    );
    expect(world.hub.waiting).toBe(0);
  });
});
