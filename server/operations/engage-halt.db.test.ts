import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReviewerScope } from '@/server/domain/scopes';
import { claimRelease as takeRelease } from '@/server/store/claims';
import { writeCommitEvidence } from '@/server/store/leases';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import {
  accepted,
  createWorld,
  EFFECTS,
  openProcess,
  plan,
  refusedAs,
  statusOf,
  type World,
} from '@/server/testing/world';
import { claimRelease } from './claim-release';
import { decideAction } from './decide-action';
import { type EngageHaltInput, engageHalt } from './engage-halt';
import { liftHalt } from './lift-halt';
import { startRun } from './start-run';
import { submitAction } from './submit-action';

let fresh: TestDatabase;
let world: World;
let lead: ReviewerScope;
let reviewer: ReviewerScope;
let second: ReviewerScope;
beforeAll(async () => {
  fresh = await freshDatabase();
  world = await createWorld(fresh.url);
  lead = await world.person('Lead', { roles: ['security_lead'] });
  second = await world.person('Second lead', { roles: ['owner'] });
  reviewer = await world.person('Reviewer');
  await world.tool('pages.read', { effects: EFFECTS.allowed });
  await world.tool('pages.write', { effects: EFFECTS.held });
});
afterAll(async () => {
  await world.close();
  await fresh.drop();
});

const engage = (scope: EngageHaltInput['scope'], id?: string) =>
  engageHalt(world.deps, lead, { scope, ...(id === undefined ? {} : { id }), reason: 'something is wrong' });
const lift = async (haltId: string) =>
  accepted(await liftHalt(world.deps, second, { haltId, reason: 'it is fine again' }));
const claimed = async () => {
  const { rows } = await fresh.pool.query<{ id: string }>(
    'SELECT id FROM release WHERE claimed_at IS NOT NULL ORDER BY id',
  );
  return rows.map((r) => r.id);
};
const claimedOf = async (agentId: string) => {
  const { rows } = await fresh.pool.query<{ id: string }>(
    `SELECT r.id FROM release r JOIN planned_action a ON a.id = r.action_id
     WHERE r.claimed_at IS NOT NULL AND a.agent_id = $1 ORDER BY r.id`,
    [agentId],
  );
  return rows.map((r) => r.id);
};
const released = async () => {
  const { rows } = await fresh.pool.query<{ id: string }>(
    "SELECT id FROM planned_action WHERE status = 'released' AND workspace_id = $1",
    [world.workspaceId],
  );
  return rows.map((r) => r.id);
};

/** Resolves once a session of this database waits as described, or `done` says that nothing waits any more. */
async function untilLocked(condition: string, done = () => false): Promise<void> {
  const sql = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND ${condition}`;
  while (!done() && (await fresh.pool.query(sql)).rowCount === 0);
}

describe('P5: a halt beats everything', () => {
  test('claims racing a halt, many times: once the halt has returned no claim commits and no release is left', async () => {
    for (let round = 0; round < 12; round++) {
      const agent = await world.agent(`runner ${round}`);
      const actions = await Promise.all(
        Array.from({ length: 24 }, (_, i) => plan(world, agent, 'pages.read', { round, i })),
      );
      const claims = actions.map((action) => claimRelease(world.deps, agent, action));
      const halting = engage('agent', agent.agentId);
      const more = actions.map((action) => claimRelease(world.deps, agent, action));
      const halt = accepted(await halting);
      const atReturn = await claimed();
      const outcomes = await Promise.all([...claims, ...more]);
      expect(await claimed()).toEqual(atReturn);
      expect(await released()).toEqual([]);
      const won = outcomes.filter((o) => o.ok).length;
      expect(won + (halt.revoked ?? 0)).toBe(actions.length);
      for (const o of outcomes) if (!o.ok) expect(['halted', 'release_already_claimed']).toContain(o.code);
    }
  });

  test('approvals racing a halt, many times: once the halt has returned nothing is released any more', async () => {
    for (let round = 0; round < 12; round++) {
      const agent = await world.agent(`planner ${round}`);
      const actions = await Promise.all(
        Array.from({ length: 10 }, (_, i) => plan(world, agent, 'pages.write', { path: `${round} ${i}` })),
      );
      const approve = ({ actionId, digest, footprintDigest }: (typeof actions)[number]) =>
        decideAction(world.deps, reviewer, { actionId, digest, footprintDigest, decision: 'approve' });
      const first = actions.slice(0, 5).map(approve);
      const halting = engage('workspace');
      const rest = actions.slice(5).map(approve);
      const halt = accepted(await halting);
      expect(await released()).toEqual([]);
      const outcomes = await Promise.all([...first, ...rest]);
      expect(await released()).toEqual([]);
      for (const o of outcomes) if (!o.ok) expect(o.code).toBe('halted');
      for (const action of actions) {
        expect(['held', 'revoked']).toContain(await statusOf(world.deps, action.actionId));
      }
      await lift(halt.haltId);
    }
  });

  test('submissions racing a halt: none that policy allows is released after the halt has returned', async () => {
    for (let round = 0; round < 8; round++) {
      const agent = await world.agent(`submitter ${round}`);
      const submit = (i: number) =>
        submitAction(world.deps, agent, { tool: 'pages.read', args: { round, i } });
      const before = Array.from({ length: 20 }, (_, i) => submit(i));
      const halting = engage('agent', agent.agentId);
      const after = Array.from({ length: 20 }, (_, i) => submit(20 + i));
      accepted(await halting);
      expect(await released()).toEqual([]);
      const outcomes = await Promise.all([...before, ...after]);
      expect(await released()).toEqual([]);
      for (const o of outcomes) if (!o.ok) expect(o.code).toBe('halted');
      expect(refusedAs(await submit(99))).toBe('halted');
    }
  });

  test('an execution that has not reached its commit does not get there once the halt has returned', async () => {
    const { deps } = world;
    await world.tool('broker.read', { effects: EFFECTS.allowed, execution: 'broker' });
    const agent = await world.agent('executor');
    const { actionId } = await plan(world, agent, 'broker.read');
    const claim = await takeRelease(deps.db, {
      workspaceId: world.workspaceId,
      actionId,
      execution: 'broker',
      agentId: null,
      keyId: null,
      directory: null,
      holder: deps.processId,
      leaseSeconds: 60,
      actor: { kind: 'holdpoint', id: null, name: 'Holdpoint' },
      policy: (await deps.policies.get(world.workspaceId)).policy,
    });
    expect(claim.code).toBeNull();
    const evidence = async (): Promise<string | null> => {
      const { rows } = await fresh.pool.query('SELECT commit_evidence FROM planned_action WHERE id = $1', [
        actionId,
      ]);
      return rows[0].commit_evidence;
    };
    // Somebody else holds the row: the evidence is under way, with a snapshot from before the halt.
    const other = await fresh.pool.connect();
    await other.query('BEGIN');
    await other.query('SELECT FROM planned_action WHERE id = $1 FOR UPDATE', [actionId]);
    const writing = writeCommitEvidence(deps.db, actionId, deps.processId, 'xid 7');
    await untilLocked("wait_event_type = 'Lock' AND query LIKE '%write_commit_evidence%'");
    let returned = false;
    const atReturn = engage('agent', agent.agentId).then(async (halt) => {
      accepted(halt);
      const found = await evidence();
      returned = true;
      return found;
    });
    await untilLocked("wait_event = 'advisory'", () => returned);
    await other.query('COMMIT');
    other.release();
    const written = await writing;
    expect(await evidence()).toBe(await atReturn);
    expect(await evidence()).toBe(written ? 'xid 7' : null);
    expect(await writeCommitEvidence(deps.db, actionId, deps.processId, 'xid 8')).toBe(false);
  });

  test('a halt stops what is in its scope and nothing else, in every scope there is', async () => {
    const target = await world.target('store', { connection: 'postgres://a:b@localhost:1/store' });
    const tool = await world.tool('store.read', { effects: EFFECTS.allowed, targetId: target.id });
    const agent = await world.agent('scoped');
    const other = await world.agent('bystander');
    const run = accepted(await startRun(world.deps, agent, { goal: 'scoped' }));
    const scopes: [EngageHaltInput['scope'], string | undefined][] = [
      ['workspace', undefined],
      ['agent', agent.agentId],
      ['agent', 'scoped'],
      ['run', run.runId],
      ['tool', tool.id],
      ['tool', 'store.read'],
      ['target', target.id],
    ];
    for (const [scope, id] of scopes) {
      const submit = () =>
        submitAction(world.deps, agent, { tool: 'store.read', args: {}, runId: run.runId });
      const mine = accepted(await submit());
      const theirs = await plan(world, other, 'pages.read');
      const halt = accepted(await engage(scope, id));
      expect(refusedAs(await submit())).toBe('halted');
      expect(await statusOf(world.deps, mine.actionId)).toBe('revoked');
      const bystander = await claimRelease(world.deps, other, theirs);
      expect(bystander.ok).toBe(scope !== 'workspace');
      await lift(halt.haltId);
      expect(refusedAs(await claimRelease(world.deps, agent, mine))).toBe('not_released');
      accepted(await submit());
    }
  });

  test('a halt of one workspace does not reach another, and nobody halts or lifts across', async () => {
    const elsewhere = await createWorld(fresh.url);
    await elsewhere.tool('pages.read', { effects: EFFECTS.allowed });
    const [foreign, foreignLead] = [await elsewhere.agent('foreign'), await elsewhere.person('L')];
    const halt = accepted(await engage('workspace'));
    expect((await plan(elsewhere, foreign, 'pages.read')).status).toBe('released');
    expect(refusedAs(await engage('agent', foreign.agentId))).toBe('halt_unknown');
    const lifting = liftHalt(elsewhere.deps, foreignLead, { haltId: halt.haltId, reason: 'mine now' });
    expect(refusedAs(await lifting)).toBe('halt_unknown');
    await lift(halt.haltId);
    await elsewhere.close();
  });

  test('a thousand unclaimed releases are revoked by one halt, each with its event', async () => {
    const agent = await world.agent('prolific');
    await Promise.all(
      Array.from({ length: 1_000 }, (_, i) =>
        submitAction(world.deps, agent, { tool: 'pages.read', args: { i } }),
      ),
    );
    const halt = accepted(await engage('agent', agent.agentId));
    expect(halt.revoked).toBe(1_000);
    const { rows } = await fresh.pool.query(
      `SELECT count(*)::int AS n FROM audit_event e JOIN planned_action a ON a.id = e.action_id
       WHERE a.agent_id = $1 AND e.kind = 'action.revoked' AND e.actor_id = $2 AND e.data ->> 'haltId' = $3`,
      [agent.agentId, lead.personId, halt.haltId],
    );
    expect(rows[0].n).toBe(1_000);
  });

  test('halting twice at once is one halt; lifting it lets actions go forward again', async () => {
    const agent = await world.agent('twice');
    const halts = await Promise.all(Array.from({ length: 6 }, () => engage('agent', agent.agentId)));
    expect(new Set(halts.map((h) => accepted(h).haltId)).size).toBe(1);
    const [first] = halts;
    if (first) await lift(accepted(first).haltId);
    expect((await plan(world, agent, 'pages.read')).status).toBe('released');
  });

  test('a transaction somebody froze half-way cannot hold a halt off for ever', async () => {
    const process = await openProcess(fresh.url, world.secret);
    const frozen = await process.deps.db.pool.connect();
    frozen.on('error', () => undefined);
    const { rows } = await frozen.query('SHOW idle_in_transaction_session_timeout');
    expect(rows[0].idle_in_transaction_session_timeout).toBe('10s');
    await frozen.query("SET idle_in_transaction_session_timeout = '200ms'");
    await frozen.query('BEGIN');
    await frozen.query('SELECT pg_advisory_xact_lock_shared(halt_key($1))', [world.workspaceId]);
    const halt = accepted(await engage('workspace'));
    expect(halt.liftedAt).toBeNull();
    await lift(halt.haltId);
    frozen.release(true);
    await process.close();
  });
});

test('P5 with a thousand actions waiting and two hundred being claimed: no claim after the commit of the halt', async () => {
  // Another process, so that the halt does not stand behind the claims in one pool.
  const elsewhere = await openProcess(fresh.url, world.secret);
  let through = 0;
  for (let round = 0; round < 3; round++) {
    const agent = await world.agent(`crowd ${round}`);
    const waiting = await Promise.all(
      Array.from({ length: 1_000 }, (_, i) => plan(world, agent, 'pages.write', { path: `${round} ${i}` })),
    );
    const ready = await Promise.all(
      Array.from({ length: 200 }, (_, i) => plan(world, agent, 'pages.read', { round, i })),
    );
    const approve = ({ actionId, digest, footprintDigest }: (typeof waiting)[number]) =>
      decideAction(world.deps, reviewer, { actionId, digest, footprintDigest, decision: 'approve' });
    const claims = ready.map((action) => claimRelease(world.deps, agent, action));
    const approvals = waiting.slice(0, 100).map(approve);
    // Somewhere in the middle of it: some claims are through, most are not.
    while ((await claimedOf(agent.agentId)).length === 0);
    const order = { scope: 'agent', id: agent.agentId, reason: 'too many' } as const;
    const halt = accepted(await engageHalt(elsewhere.deps, lead, order));
    const atReturn = await claimedOf(agent.agentId);
    const later = [
      ...ready.map((action) => claimRelease(world.deps, agent, action)),
      ...waiting.slice(100, 150).map(approve),
    ];
    await Promise.all([...claims, ...approvals, ...later]);
    expect(await claimedOf(agent.agentId)).toEqual(atReturn);
    expect(await released()).toEqual([]);
    const { rows } = await fresh.pool.query(
      `SELECT count(*)::int AS late FROM release r JOIN planned_action a ON a.id = r.action_id JOIN halt h ON h.id = $2
       WHERE a.agent_id = $1 AND r.claimed_at > h.engaged_at AND r.xmin::text::bigint > h.xmin::text::bigint`,
      [agent.agentId, halt.haltId],
    );
    expect(rows[0].late).toBe(0);
    through += atReturn.length;
  }
  // Or the halt would only ever have come after all of them.
  expect(through).toBeLessThan(600);
  await elsewhere.close();
});
