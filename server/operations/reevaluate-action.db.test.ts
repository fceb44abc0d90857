import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AgentScope, ReviewerScope } from '@/server/domain/scopes';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import { aboutTool, publishVersion } from '@/server/testing/publish-version';
import {
  accepted,
  createWorld,
  digestsOf,
  EFFECTS,
  openProcess,
  plan,
  refusedAs,
  statusOf,
  type TestProcess,
  type World,
} from '@/server/testing/world';
import { claimRelease } from './claim-release';
import { decideAction } from './decide-action';
import { getAction } from './get-action';
import { submitAction } from './submit-action';

let fresh: TestDatabase;
let world: World;
/** A process of the same installation that hears no notices and keeps what it read for an hour. */
let stale: TestProcess;
let agent: AgentScope;
let ana: ReviewerScope;
let ben: ReviewerScope;
let n = 0;
beforeAll(async () => {
  fresh = await freshDatabase();
  world = await createWorld(fresh.url);
  stale = await openProcess(fresh.url, world.secret);
  await stale.hub.shutdown();
  agent = await world.agent('worker');
  [ana, ben] = [await world.person('Ana'), await world.person('Ben')];
  await world.tool('read', { effects: EFFECTS.allowed });
  await world.tool('write', { effects: EFFECTS.held });
});
afterAll(async () => {
  await stale.close();
  await world.close();
  await fresh.drop();
});
beforeEach(async () => {
  // Back to what ships, and the stale process believes it for good.
  await fresh.pool.query('DELETE FROM policy_in_force');
  await fresh.pool.query('TRUNCATE planned_action CASCADE');
  await fresh.pool.query('ALTER TABLE policy_version DISABLE TRIGGER USER');
  await fresh.pool.query('DELETE FROM policy_version');
  await fresh.pool.query('ALTER TABLE policy_version ENABLE TRIGGER USER');
  for (const { deps } of [world, stale]) {
    deps.policies.drop();
    await deps.policies.get(world.workspaceId);
  }
});

const TWO = (tool: string) => [aboutTool('two-people', tool, '@verdict("hold") @quorum("2")')];
const publish = (more: Parameters<typeof publishVersion>[2]) =>
  publishVersion(world.deps, world.workspaceId, more, { quietly: true });
const approve = async (deps: World['deps'], who: ReviewerScope, actionId: string) =>
  decideAction(deps, who, { ...(await digestsOf(deps, actionId)), decision: 'approve' });

describe.each(['the process that published', 'a process that heard nothing of it'])('in %s', (which) => {
  const deps = () => (which.startsWith('a process') ? stale.deps : world.deps);

  test('the next submission is judged by the new version', async () => {
    await publish(TWO('read'));
    const { actionId, status } = accepted(
      await submitAction(deps(), agent, { tool: 'read', args: { n: n++ } }),
    );
    expect(status).toBe('held');
    const row = await world.deps.db.prisma.plannedAction.findUniqueOrThrow({ where: { id: actionId } });
    expect(row).toMatchObject({ needed: 2, policy: expect.stringMatching(/^v1@/) });
  });

  test('a hold of the old version asks what the new one asks; the vote already given counts', async () => {
    const { actionId } = await plan(world, agent, 'write', { path: `p${n++}` });
    await publish(TWO('write'));
    expect(accepted(await approve(deps(), ana, actionId)).status).toBe('held');
    const page = accepted(await getAction(world.deps, ben, { actionId }));
    expect(page.hold).toMatchObject({ needed: 2, approvals: 1 });
    expect(page.history.map((e) => e.summary).join()).toContain('Now 2 people must approve');
    expect(accepted(await approve(deps(), ben, actionId)).status).toBe('released');
  });

  test('what the new version denies can no longer be approved, and the agent learns that it is denied', async () => {
    const { actionId } = await plan(world, agent, 'write', { path: `p${n++}` });
    await publish([aboutTool('never', 'write', '')]);
    expect(refusedAs(await approve(deps(), ana, actionId))).toBe('not_held');
    expect(await statusOf(world.deps, actionId)).toBe('denied');
  });

  test('what was allowed and not yet claimed is held, and runs only after the people the new version asks', async () => {
    const { actionId } = await plan(world, agent, 'read', { n: n++ });
    await publish(TWO('read'));
    expect(refusedAs(await claimRelease(deps(), agent, { actionId }))).toBe('not_released');
    expect(await statusOf(world.deps, actionId)).toBe('held');
    accepted(await approve(deps(), ana, actionId));
    expect(refusedAs(await claimRelease(deps(), agent, { actionId }))).toBe('not_released');
    accepted(await approve(deps(), ben, actionId));
    accepted(await claimRelease(deps(), agent, { actionId }));
  });

  test('what one person released waits for the second the new version asks for, the first vote standing', async () => {
    const { actionId } = await plan(world, agent, 'write', { path: `p${n++}` });
    accepted(await approve(world.deps, ana, actionId));
    await publish(TWO('write'));
    expect(refusedAs(await claimRelease(deps(), agent, { actionId }))).toBe('not_released');
    accepted(await approve(deps(), ben, actionId));
    accepted(await claimRelease(deps(), agent, { actionId }));
  });

  test('what was released and is denied now does not run', async () => {
    const { actionId } = await plan(world, agent, 'read', { n: n++ });
    await publish([aboutTool('never', 'read', '')]);
    expect(refusedAs(await claimRelease(deps(), agent, { actionId }))).toBe('not_released');
    expect(await statusOf(world.deps, actionId)).toBe('denied');
  });

  test('votes of people outside the groups that decide now do not count', async () => {
    await world.group(`payroll${n++}`, [ben]);
    const group = `payroll${n - 1}`;
    const { actionId } = await plan(world, agent, 'write', { path: `p${n++}` });
    accepted(await approve(world.deps, ana, actionId));
    await publish([aboutTool('payroll-only', 'write', `@verdict("hold") @reviewers("${group}")`)]);
    expect(refusedAs(await claimRelease(deps(), agent, { actionId }))).toBe('not_released');
    const page = accepted(await getAction(world.deps, ben, { actionId }));
    expect(page.hold).toMatchObject({ approvals: 0, needed: 1, reviewers: [group] });
    accepted(await approve(deps(), ben, actionId));
    accepted(await claimRelease(deps(), agent, { actionId }));
  });

  test('a version that asks for less lowers nothing that is held', async () => {
    await publish(TWO('write'));
    const { actionId } = await plan(world, agent, 'write', { path: `p${n++}` });
    await publish([]);
    expect(accepted(await approve(deps(), ana, actionId)).status).toBe('held');
  });

  test('facts that were not kept hold for two people', async () => {
    const { actionId } = await plan(world, agent, 'read', { n: n++ });
    await fresh.pool.query('UPDATE planned_action SET facts = NULL WHERE id = $1', [actionId]);
    await publish([]);
    expect(refusedAs(await claimRelease(deps(), agent, { actionId }))).toBe('not_released');
    const row = await world.deps.db.prisma.plannedAction.findUniqueOrThrow({ where: { id: actionId } });
    expect(row).toMatchObject({ status: 'held', needed: 2 });
  });
});

describe('publishing while things go forward', () => {
  test('nothing is claimed, approved or allowed after the publishing that denies it has returned', async () => {
    for (let round = 0; round < 6; round += 1) {
      const reads = await Promise.all(
        Array.from({ length: 12 }, () => plan(world, agent, 'read', { n: n++ })),
      );
      const holds = await Promise.all(
        Array.from({ length: 12 }, () => plan(world, agent, 'write', { path: `p${n++}` })),
      );
      let publishedAt: string | null = null;
      const publishing = publish([
        aboutTool('never', 'read', ''),
        aboutTool('never-write', 'write', ''),
      ]).then(async () => {
        const { rows } = await fresh.pool.query('SELECT clock_timestamp()::text AS at');
        publishedAt = rows[0].at as string;
      });
      const going = [world, stale].flatMap(({ deps }) => [
        ...reads.map(({ actionId }) => claimRelease(deps, agent, { actionId })),
        ...holds.map(({ actionId }) => approve(deps, ana, actionId)),
        ...Array.from({ length: 6 }, () => submitAction(deps, agent, { tool: 'read', args: { n: n++ } })),
      ]);
      await Promise.all([publishing, ...going]);
      const { rows } = await fresh.pool.query(
        `SELECT e.kind FROM audit_event e WHERE e.kind IN ('release.claimed', 'action.released', 'action.allowed') AND e.at > $1::timestamptz`,
        [publishedAt],
      );
      expect(rows).toEqual([]);
      for (const { actionId } of [...reads, ...holds]) await claimRelease(stale.deps, agent, { actionId });
      const late = await fresh.pool.query(
        `SELECT count(*)::int AS n FROM audit_event WHERE kind = 'release.claimed' AND at > $1::timestamptz`,
        [publishedAt],
      );
      expect(late.rows[0].n).toBe(0);
      await fresh.pool.query('DELETE FROM policy_in_force');
      for (const { deps } of [world, stale]) deps.policies.drop();
      await fresh.pool.query('ALTER TABLE policy_version DISABLE TRIGGER USER');
      await fresh.pool.query('DELETE FROM policy_version');
    }
  });
});
