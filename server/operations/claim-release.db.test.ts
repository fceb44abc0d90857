import { createLocalJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '@/server/store/new-id';
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
import { cancelAction } from './cancel-action';
import { claimRelease } from './claim-release';
import { decideAction } from './decide-action';
import { executeAction } from './execute-action';
import { reportExecution } from './report-execution';
import { startRun } from './start-run';
import { submitAction } from './submit-action';

let fresh: TestDatabase;
let world: World;
beforeAll(async () => {
  fresh = await freshDatabase();
  world = await createWorld(fresh.url);
  await world.tool('pages.read', { effects: EFFECTS.allowed });
  await world.tool('pages.write', { effects: EFFECTS.held });
  await world.tool('mail.send', { effects: EFFECTS.heldForTwo });
});
afterAll(async () => {
  await world.close();
  await fresh.drop();
});

const forgeRelease = (action: { actionId: string; digest: string; footprintDigest: string }, basis: string) =>
  fresh.pool.query(
    `INSERT INTO release (id, workspace_id, action_id, digest, footprint_digest, basis, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, now() + interval '1 hour')`,
    [newId('release'), world.workspaceId, action.actionId, action.digest, action.footprintDigest, basis],
  );
const forgeApproval = (
  action: { actionId: string; digest: string; footprintDigest: string },
  personId: string,
) =>
  fresh.pool.query(
    `INSERT INTO decision (id, workspace_id, action_id, person_id, round, digest, footprint_digest, decision)
     VALUES ($1, $2, $3, $4, 1, $5, $6, 'approve')`,
    [newId('decision'), world.workspaceId, action.actionId, personId, action.digest, action.footprintDigest],
  );
const setStatus = (actionId: string, status: string) =>
  fresh.pool.query('UPDATE planned_action SET status = $2 WHERE id = $1', [actionId, status]);

describe('P1: nothing runs unreleased', () => {
  test('a forged release row releases nothing, whatever basis it names', async () => {
    const agent = await world.agent('forger');
    for (const basis of ['policy', 'quorum']) {
      const action = await plan(world, agent, 'pages.write', { path: basis });
      expect(action.status).toBe('held');
      await forgeRelease(action, basis);
      expect(refusedAs(await claimRelease(world.deps, agent, action))).toBe('not_released');
      await setStatus(action.actionId, 'released');
      expect(refusedAs(await claimRelease(world.deps, agent, action))).toBe('not_released');
      expect(await statusOf(world.deps, action.actionId)).toBe('released');
    }
  });

  test('approvals of the owner, the person it runs for, an auditor, a stranger and somebody removed do not count at the claim', async () => {
    const owner = await world.person('owner of approved');
    const agent = await world.agent('approved', { owner });
    const principal = await world.person('principal');
    const auditor = await world.person('auditor', { roles: ['auditor'] });
    const removed = await world.person('removed');
    await fresh.pool.query('UPDATE person SET disabled_at = now() WHERE id = $1', [removed.personId]);
    const elsewhere = await createWorld(fresh.url);
    const stranger = await elsewhere.person('stranger');
    const run = accepted(
      await startRun(world.deps, agent, { goal: 'for a person', onBehalfOf: principal.email }),
    );
    const submitted = accepted(
      await submitAction(world.deps, agent, { tool: 'pages.write', args: { path: 'x' }, runId: run.runId }),
    );
    const row = await world.deps.db.prisma.plannedAction.findUniqueOrThrow({
      where: { id: submitted.actionId },
    });
    const action = {
      actionId: row.id,
      digest: row.digest,
      footprintDigest: row.footprintDigest ?? '',
    };
    for (const voter of [owner, principal, auditor, removed, stranger]) {
      await forgeApproval(action, voter.personId);
    }
    await forgeRelease(action, 'quorum');
    await setStatus(action.actionId, 'released');
    expect(refusedAs(await claimRelease(world.deps, agent, action))).toBe('not_released');
    await forgeApproval(action, (await world.person('entitled')).personId);
    expect(accepted(await claimRelease(world.deps, agent, action)).releaseId).toMatch(/^rel_/);
    await elsewhere.close();
  });

  test('a release of another digest or another footprint than the action has now is no release', async () => {
    const agent = await world.agent('swapped');
    const action = await plan(world, agent, 'pages.read');
    expect(action.status).toBe('released');
    await fresh.pool.query("UPDATE planned_action SET footprint_digest = 'sha256:other' WHERE id = $1", [
      action.actionId,
    ]);
    expect(refusedAs(await claimRelease(world.deps, agent, action))).toBe('not_released');
  });

  test('what an agent executes itself cannot be claimed once its tool was redefined or removed', async () => {
    const agent = await world.agent('tool watcher');
    const tool = await world.tool('pages.soon-changed', { effects: EFFECTS.allowed });
    const [one, two] = [await plan(world, agent, tool.name, { n: 1 }), await plan(world, agent, tool.name)];
    await fresh.pool.query("UPDATE tool SET definition_hash = 'another' WHERE id = $1", [tool.id]);
    expect(refusedAs(await claimRelease(world.deps, agent, one))).toBe('tool_changed');
    await fresh.pool.query('UPDATE tool SET removed_at = now() WHERE id = $1', [tool.id]);
    expect(refusedAs(await claimRelease(world.deps, agent, two))).toBe('tool_changed');
  });
});

describe('P2: a release runs once', () => {
  test('of 50 claims at the same instant exactly one gets the release', async () => {
    const agent = await world.agent('racer');
    const reviewer = await world.person('race reviewer');
    const action = await plan(world, agent, 'pages.write', { path: 'race' });
    accepted(await decideAction(world.deps, reviewer, { ...named(action), decision: 'approve' }));
    const claims = await Promise.all(
      Array.from({ length: 50 }, () => claimRelease(world.deps, agent, action)),
    );
    expect(claims.filter((c) => c.ok)).toHaveLength(1);
    const refusals = claims.flatMap((c) => (c.ok ? [] : [c.code]));
    expect(new Set(refusals)).toEqual(new Set(['release_already_claimed']));
    const { rows } = await fresh.pool.query(
      "SELECT count(*)::int AS n FROM audit_event WHERE action_id = $1 AND kind = 'release.claimed'",
      [action.actionId],
    );
    expect(rows[0].n).toBe(1);
  });

  test('a claimed release cannot be unclaimed, moved or claimed again by writing to its row', async () => {
    const agent = await world.agent('rewriter');
    const action = await plan(world, agent, 'pages.read');
    accepted(await claimRelease(world.deps, agent, action));
    for (const change of [
      'claimed_at = NULL',
      "claimed_at = now() + interval '1 s'",
      "digest = 'x'",
      "basis = 'quorum'",
    ]) {
      await expect(
        fresh.pool.query(`UPDATE release SET ${change} WHERE action_id = $1`, [action.actionId]),
      ).rejects.toMatchObject({ code: '23001' });
    }
    await forgeRelease(action, 'policy');
    expect(refusedAs(await claimRelease(world.deps, agent, action))).toBe('release_already_claimed');
  });

  test('the signed release names this digest and verifies offline against the published keys', async () => {
    const agent = await world.agent('verifier');
    const action = await plan(world, agent, 'pages.read', { path: 'é' });
    const claimed = accepted(await claimRelease(world.deps, agent, action));
    const keys = createLocalJWKSet(world.deps.signer.jwks() as Parameters<typeof createLocalJWKSet>[0]);
    const { payload } = await jwtVerify(claimed.release, keys, { issuer: 'https://holdpoint.test' });
    expect(payload).toMatchObject({
      sub: agent.agentId,
      jti: claimed.releaseId,
      action: action.actionId,
      digest: action.digest,
      tool: 'pages.read',
    });
    expect(payload.exp).toBe(Math.floor(Date.parse(claimed.expiresAt) / 1_000));
  });
});

describe('expiry is judged by the database, without any sweeper', () => {
  test('a release that ran out cannot be claimed, before and after it was written down as expired', async () => {
    const agent = await world.agent('late');
    const action = await plan(world, agent, 'pages.read');
    await fresh.pool.query("UPDATE planned_action SET expires_at = now() - interval '1 s' WHERE id = $1", [
      action.actionId,
    ]);
    await fresh.pool.query("UPDATE release SET expires_at = now() - interval '1 s' WHERE action_id = $1", [
      action.actionId,
    ]);
    expect(refusedAs(await claimRelease(world.deps, agent, action))).toBe('release_expired');
    await setStatus(action.actionId, 'expired');
    expect(refusedAs(await claimRelease(world.deps, agent, action))).toBe('release_expired');
  });

  test('a cancelled action has no release left to claim', async () => {
    const agent = await world.agent('canceller');
    const action = await plan(world, agent, 'pages.read');
    accepted(await cancelAction(world.deps, agent, action));
    expect(refusedAs(await claimRelease(world.deps, agent, action))).toBe('not_released');
    const { rows } = await fresh.pool.query('SELECT revoked_at FROM release WHERE action_id = $1', [
      action.actionId,
    ]);
    expect(rows[0].revoked_at).not.toBeNull();
  });
});

describe('P8: a release belongs to one agent', () => {
  test('another agent, another workspace and the broker path learn only that there is no such action', async () => {
    const [mine, other] = [await world.agent('mine'), await world.agent('other')];
    const elsewhere = await createWorld(fresh.url);
    const foreign = await elsewhere.agent('foreign');
    const action = await plan(world, mine, 'pages.read');
    expect(refusedAs(await claimRelease(world.deps, other, action))).toBe('action_unknown');
    expect(refusedAs(await claimRelease(elsewhere.deps, foreign, action))).toBe('action_unknown');
    await executeAction(world.deps, action.actionId);
    expect(await statusOf(world.deps, action.actionId)).toBe('released');
    const claimed = accepted(await claimRelease(world.deps, mine, action));
    for (const [deps, agent] of [
      [world.deps, other],
      [elsewhere.deps, foreign],
    ] as const) {
      const report = {
        actionId: action.actionId,
        releaseId: claimed.releaseId,
        outcome: 'succeeded' as const,
      };
      expect(refusedAs(await reportExecution(deps, agent, report))).toBe('action_unknown');
      expect(refusedAs(await cancelAction(deps, agent, action))).toBe('action_unknown');
    }
    expect(await statusOf(world.deps, action.actionId)).toBe('executing');
    await elsewhere.close();
  });

  test('a suspended agent and a revoked, expired or borrowed key claim nothing', async () => {
    const agent = await world.agent('suspended');
    const action = await plan(world, agent, 'pages.read');
    await fresh.pool.query('UPDATE agent SET suspended_at = now() WHERE id = $1', [agent.agentId]);
    expect(refusedAs(await claimRelease(world.deps, agent, action))).toBe('agent_suspended');
    await fresh.pool.query('UPDATE agent SET suspended_at = NULL WHERE id = $1', [agent.agentId]);
    const borrowed = { ...agent, keyId: (await world.agent('lender')).keyId };
    expect(refusedAs(await claimRelease(world.deps, borrowed, action))).toBe('key_invalid');
    await fresh.pool.query('UPDATE agent_key SET revoked_at = now() WHERE id = $1', [agent.keyId]);
    expect(refusedAs(await claimRelease(world.deps, agent, action))).toBe('key_invalid');
    await fresh.pool.query('UPDATE agent_key SET revoked_at = NULL, expires_at = now() WHERE id = $1', [
      agent.keyId,
    ]);
    expect(refusedAs(await claimRelease(world.deps, agent, action))).toBe('key_invalid');
  });
});

describe('reports', () => {
  test('a report names the release it acted on, is taken once, and the same one again is fine', async () => {
    const agent = await world.agent('reporter');
    const action = await plan(world, agent, 'pages.read');
    const report = { actionId: action.actionId, outcome: 'succeeded' as const, result: { rows: 3 } };
    expect(
      refusedAs(await reportExecution(world.deps, agent, { ...report, releaseId: newId('release') })),
    ).toBe('release_mismatch');
    const { releaseId } = accepted(await claimRelease(world.deps, agent, action));
    expect(accepted(await reportExecution(world.deps, agent, { ...report, releaseId }))).toMatchObject({
      status: 'succeeded',
      result: { value: { rows: 3 } },
    });
    expect(accepted(await reportExecution(world.deps, agent, { ...report, releaseId })).status).toBe(
      'succeeded',
    );
    expect(
      refusedAs(await reportExecution(world.deps, agent, { ...report, releaseId, outcome: 'failed' })),
    ).toBe('not_reportable');
  });
});

const named = ({ actionId, digest, footprintDigest }: Awaited<ReturnType<typeof plan>>) => ({
  actionId,
  digest,
  footprintDigest,
});
