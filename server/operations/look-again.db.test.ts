import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReviewerScope } from '@/server/domain/scopes';
import { claimRelease as take } from '@/server/store/claims';
import { newId } from '@/server/store/new-id';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import {
  accepted,
  createWorld,
  digestsOf,
  plan,
  refusedAs,
  statusOf,
  type World,
} from '@/server/testing/world';
import { claimRelease } from './claim-release';
import { decideAction } from './decide-action';
import { getAction } from './get-action';

let fresh: TestDatabase;
let world: World;
let reviewers: ReviewerScope[];
beforeAll(async () => {
  fresh = await freshDatabase();
  world = await createWorld(fresh.url);
  reviewers = [await world.person('first'), await world.person('second')];
  await world.tool('docs.share', {
    effects: [{ effect: 'share', audience: '$.with', classes: ['financial'] }],
  });
  await world.tool('docs.publish', {
    effects: [{ effect: 'share', audience: '$.with', classes: ['public'], reversible: true }],
  });
});
afterAll(async () => {
  await world.close();
  await fresh.drop();
});

const sql = (text: string, values: unknown[] = []) => fresh.pool.query(text, values);
const join = (group: string, personId: string) =>
  sql(
    `INSERT INTO group_member (id, workspace_id, group_id, person_id)
     SELECT $1, workspace_id, id, $2 FROM "group" WHERE name = $3`,
    [newId('member'), personId, group],
  );
async function approve(actionId: string): Promise<void> {
  for (const reviewer of reviewers) {
    if ((await statusOf(world.deps, actionId)) !== 'held') return;
    const named = await digestsOf(world.deps, actionId);
    accepted(
      await decideAction(world.deps, reviewer, {
        ...named,
        decision: 'approve',
        confirm: await fact(reviewer, actionId),
      }),
    );
  }
}
const fact = async (reviewer: ReviewerScope, actionId: string) =>
  accepted(await getAction(world.deps, reviewer, { actionId })).hold?.confirm?.answer ?? '';

/** An approved share to a channel of two, and somebody who is not in it. */
async function approvedShare(channel: string) {
  const members = [
    await world.person(`${channel} one`, { clearances: ['financial'] }),
    await world.person(`${channel} two`),
  ];
  await world.group(channel, members);
  const stranger = await world.person(`${channel} stranger`);
  const agent = await world.agent(`${channel} agent`);
  world.deps.directories.drop();
  const { actionId } = await plan(world, agent, 'docs.share', { with: channel });
  await approve(actionId);
  expect(await statusOf(world.deps, actionId)).toBe('released');
  return { actionId, agent, members, stranger };
}
const drifted = async (actionId: string) =>
  (await world.deps.db.prisma.plannedAction.findUniqueOrThrow({ where: { id: actionId } })).drift as {
    when: string;
    changes: { after: string }[];
  };

describe('P3: an agent gets no release for another audience than the approved one', () => {
  test('while nobody joined or left, the claim hands it out', async () => {
    const { agent, actionId } = await approvedShare('still');
    expect(accepted(await claimRelease(world.deps, agent, { actionId })).releaseId).toMatch(/^rel_/);
  });

  test('somebody who joined after the approval holds it again, by name, and the release is worth nothing', async () => {
    const { agent, actionId, stranger } = await approvedShare('joined');
    await join('joined', stranger.personId);
    // No notice reached this process, and its cache is seconds old: the claim finds out by itself.
    expect(refusedAs(await claimRelease(world.deps, agent, { actionId }))).toBe('drifted');
    expect(await statusOf(world.deps, actionId)).toBe('held');
    const { when, changes } = await drifted(actionId);
    expect(when).toBe('claim');
    expect(changes.map((c) => c.after)).toContain('would see it: joined stranger (through joined)');
    expect(refusedAs(await claimRelease(world.deps, agent, { actionId }))).toBe('not_released');
    const releases = await sql('SELECT revoked_at FROM release WHERE action_id = $1', [actionId]);
    expect(releases.rows).toMatchObject([{ revoked_at: expect.any(Date) }]);
    await approve(actionId);
    expect(accepted(await claimRelease(world.deps, agent, { actionId })).releaseId).toMatch(/^rel_/);
  });

  test('a clearance taken away, a channel opened and an address passed on hold it again as well', async () => {
    const changes: [string, (of: Awaited<ReturnType<typeof approvedShare>>) => Promise<unknown>][] = [
      [
        'cleared',
        ({ members }) => sql("UPDATE person SET clearances = '{}' WHERE id = $1", [members[0]?.personId]),
      ],
      ['opened', () => sql(`UPDATE "group" SET open = true WHERE name = 'opened'`)],
      [
        'passed-on',
        ({ members, stranger }) =>
          sql('UPDATE person SET forwards_to = ARRAY[$2] WHERE id = $1', [
            members[1]?.personId,
            stranger.email,
          ]),
      ],
      ['cut', () => sql(`UPDATE "group" SET complete = false WHERE name = 'cut'`)],
    ];
    for (const [channel, change] of changes) {
      const share = await approvedShare(channel);
      await change(share);
      expect(refusedAs(await claimRelease(world.deps, share.agent, share)), channel).toBe('drifted');
      expect(await statusOf(world.deps, share.actionId), channel).toBe('held');
    }
  });

  test('a directory that changes between the look and the claim cannot slip through, in any interleaving', async () => {
    const { agent, actionId, stranger } = await approvedShare('racing');
    const seen = await world.deps.directories.get(world.workspaceId);
    const { policy } = await world.deps.policies.get(world.workspaceId);
    const claim = () =>
      take(world.deps.db, {
        workspaceId: world.workspaceId,
        actionId,
        execution: 'agent',
        agentId: agent.agentId,
        keyId: agent.keyId,
        holder: 'test',
        leaseSeconds: 60,
        actor: { kind: 'agent', id: agent.agentId, name: agent.agentName },
        directory: seen.version,
        policy,
      });
    const other = await fresh.pool.connect();
    try {
      await other.query('BEGIN');
      await other.query(
        `INSERT INTO group_member (id, workspace_id, group_id, person_id)
         SELECT $1, workspace_id, id, $2 FROM "group" WHERE name = 'racing'`,
        [newId('member'), stranger.personId],
      );
      const waiting = claim();
      await other.query('COMMIT');
      // Whether it was asked before or after the commit: it waited for it, and saw it.
      expect((await waiting).code).toBe('directory_changed');
    } finally {
      other.release();
    }
    expect(await statusOf(world.deps, actionId)).toBe('released');
    expect(refusedAs(await claimRelease(world.deps, agent, { actionId }))).toBe('drifted');
  });

  test('a claim without a look, and one by a version that never was, take nothing', async () => {
    const { agent, actionId } = await approvedShare('unlooked');
    const { policy } = await world.deps.policies.get(world.workspaceId);
    for (const directory of [null, '0', '999999999']) {
      const claimed = await take(world.deps.db, {
        workspaceId: world.workspaceId,
        actionId,
        execution: 'agent',
        agentId: agent.agentId,
        keyId: agent.keyId,
        holder: 'test',
        leaseSeconds: 60,
        actor: { kind: 'agent', id: agent.agentId, name: agent.agentName },
        directory,
        policy,
      });
      expect(claimed.code).toBe('directory_changed');
    }
    expect(accepted(await claimRelease(world.deps, agent, { actionId })).releaseId).toMatch(/^rel_/);
  });

  test('ten claims at once of what drifted hand out nothing and hold it again once', async () => {
    const { agent, actionId, stranger } = await approvedShare('stormed');
    await join('stormed', stranger.personId);
    const claims = await Promise.all(
      Array.from({ length: 10 }, () => claimRelease(world.deps, agent, { actionId })),
    );
    expect(new Set(claims.map(refusedAs))).toEqual(new Set(['drifted', 'not_released']));
    const row = await world.deps.db.prisma.plannedAction.findUniqueOrThrow({ where: { id: actionId } });
    expect(row).toMatchObject({ status: 'held', round: 2 });
  });

  test('every kind of change counts the directory up once for its transaction, and what is nobody’s identity does not', async () => {
    const version = async () =>
      Number(
        (await sql('SELECT version FROM directory_version WHERE workspace_id = $1', [world.workspaceId]))
          .rows[0]?.version,
      );
    const person = await world.person('counted');
    await world.group('counted', [person]);
    const steps: [string, number][] = [
      [`UPDATE person SET name = 'other' WHERE id = '${person.personId}'`, 1],
      [`UPDATE person SET aliases = '{@c}' WHERE id = '${person.personId}'`, 1],
      [`UPDATE person SET disabled_at = now() WHERE id = '${person.personId}'`, 1],
      [`UPDATE person SET password_hash = 'x', roles = '{auditor}' WHERE id = '${person.personId}'`, 0],
      [`UPDATE "group" SET kind = 'channel' WHERE name = 'counted'`, 1],
      [`DELETE FROM group_member WHERE person_id = '${person.personId}'`, 1],
      [`UPDATE workspace SET domains = '{acme.com}' WHERE id = '${world.workspaceId}'`, 1],
      [`UPDATE agent SET clearances = '{health}' WHERE workspace_id = '${world.workspaceId}'`, 1],
      [`DELETE FROM "group" WHERE name = 'counted'`, 1],
    ];
    for (const [step, more] of steps) {
      const before = await version();
      await sql(step);
      expect((await version()) - before, step).toBe(more);
    }
  });
});
