import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { STATUS_EVENTS, STATUSES, TRANSITIONS } from '@/server/domain/status';
import { claimRelease } from '@/server/operations/claim-release';
import { decideAction } from '@/server/operations/decide-action';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import { accepted, createWorld, EFFECTS, plan, type World } from '@/server/testing/world';

let fresh: TestDatabase;
let world: World;
let actionId: string;
const REFUSED = { code: '23001' };
beforeAll(async () => {
  fresh = await freshDatabase();
  world = await createWorld(fresh.url);
  await world.tool('pages.write', { effects: EFFECTS.held });
  const agent = await world.agent('agent');
  const reviewer = await world.person('Reviewer');
  const action = await plan(world, agent, 'pages.write', { path: 'x' });
  actionId = action.actionId;
  const { digest, footprintDigest } = action;
  accepted(
    await decideAction(world.deps, reviewer, { actionId, digest, footprintDigest, decision: 'approve' }),
  );
  await fresh.pool.query(
    `INSERT INTO reveal (id, workspace_id, action_id, footprint_digest, person_id, classes, reason)
     VALUES ('rev_1', $1, $2, $3, $4, '{health}', 'to see')`,
    [world.workspaceId, actionId, footprintDigest, reviewer.personId],
  );
  accepted(await claimRelease(world.deps, agent, action));
});
afterAll(async () => {
  await world.close();
  await fresh.drop();
});

describe('the database keeps what the domain says', () => {
  test('status_may_move allows exactly the moves of the state machine, and staying', async () => {
    const moves = new Set(
      STATUSES.flatMap((s) =>
        STATUS_EVENTS.flatMap((e) => (TRANSITIONS[s][e] ? [`${s}>${TRANSITIONS[s][e]}`] : [])),
      ),
    );
    for (const from of STATUSES) {
      for (const to of STATUSES) {
        const { rows } = await fresh.pool.query('SELECT status_may_move($1, $2) AS may', [from, to]);
        expect([from, to, rows[0].may]).toEqual([from, to, from === to || moves.has(`${from}>${to}`)]);
      }
    }
  });

  test('a status outside the list cannot be stored, and no write skips the state machine', async () => {
    const set = (status: string) =>
      fresh.pool.query('UPDATE planned_action SET status = $2 WHERE id = $1', [actionId, status]);
    for (const status of ['submitted', 'measuring', 'released', 'denied', 'rejected', 'approved']) {
      await expect(set(status)).rejects.toMatchObject({ code: expect.stringMatching(/^23/) });
    }
  });

  test.each(['audit_event', 'decision', 'reveal'])(
    '%s refuses UPDATE, DELETE and TRUNCATE',
    async (table) => {
      const { rows } = await fresh.pool.query(`SELECT count(*)::int AS n FROM ${table}`);
      expect(rows[0].n).toBeGreaterThan(0);
      for (const sql of [
        `UPDATE ${table} SET workspace_id = 'x'`,
        `DELETE FROM ${table}`,
        `TRUNCATE ${table}`,
        `TRUNCATE ${table} CASCADE`,
        `WITH gone AS (DELETE FROM ${table} RETURNING *) SELECT count(*) FROM gone`,
        `MERGE INTO ${table} t USING (SELECT 1) AS s ON true WHEN MATCHED THEN DELETE`,
      ]) {
        await expect(fresh.pool.query(sql), sql).rejects.toMatchObject(REFUSED);
      }
      const after = await fresh.pool.query(`SELECT count(*)::int AS n FROM ${table}`);
      expect(after.rows[0].n).toBe(rows[0].n);
    },
  );

  test.each([
    "args = '{}'",
    "digest = 'sha256:x'",
    "reason = 'better'",
    "agent_id = 'agt_other'",
    "workspace_id = 'ws_other'",
    "tool_id = 'tol_other'",
    "tool_name = 'other'",
    "target_id = 'tgt_other'",
    "run_id = 'run_other'",
    "execution = 'broker'",
    "idempotency_key = 'other'",
    "key_id = 'key_other'",
    "created_at = now() + interval '1 day'",
    "id = 'act_other'",
  ])('what was planned never changes: %s', async (change) => {
    const sql = `UPDATE planned_action SET ${change} WHERE id = $1`;
    await expect(fresh.pool.query(sql, [actionId])).rejects.toMatchObject(REFUSED);
  });

  test('an action has one live release, a person one decision per round, a subject one halt in force', async () => {
    const twice = async (sql: string) => {
      await fresh.pool.query(sql.replaceAll('#', '1'));
      await expect(fresh.pool.query(sql.replaceAll('#', '2'))).rejects.toMatchObject({ code: '23505' });
    };
    await twice(`INSERT INTO release (id, workspace_id, action_id, digest, basis, expires_at)
      VALUES ('rel_#', 'ws', 'act', 'd', 'policy', now())`);
    await twice(`INSERT INTO decision (id, workspace_id, action_id, person_id, round, digest, footprint_digest, decision)
      VALUES ('dec_#', 'ws', 'act', 'per', 1, 'd', 'f', 'approve')`);
    await twice(`INSERT INTO halt (id, workspace_id, scope, subject_id, subject_name, reason, engaged_by_id, engaged_by)
      VALUES ('hlt_#', 'ws', 'agent', 'agt', 'a', 'r', 'p', 'p')`);
  });
});
