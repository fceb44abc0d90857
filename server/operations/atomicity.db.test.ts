import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Analyzer } from '@/server/domain/ports';
import type { AgentScope, ReviewerScope } from '@/server/domain/scopes';
import { sealImages } from '@/server/store/evidence';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import { accepted, createWorld, EFFECTS, plan, type World } from '@/server/testing/world';
import { cancelAction } from './cancel-action';
import { claimRelease } from './claim-release';
import { decideAction } from './decide-action';
import { engageHalt } from './engage-halt';
import { expireActions } from './expire-actions';
import { finishRun } from './finish-run';
import { liftHalt } from './lift-halt';
import { listRows } from './list-rows';
import { measureAction } from './measure-action';
import { observeResult } from './observe-result';
import { reportExecution } from './report-execution';
import { revealData } from './reveal-data';
import { startRun } from './start-run';
import { submitAction } from './submit-action';

const TABLES = [
  'audit_event',
  'outbox',
  'planned_action',
  'release',
  'decision',
  'halt',
  'reveal',
  'run',
  'observation',
  'evidence_chunk',
] as const;
type Table = (typeof TABLES)[number];

let fresh: TestDatabase;
let world: World;
let agent: AgentScope;
let reviewer: ReviewerScope;
beforeAll(async () => {
  fresh = await freshDatabase();
  world = await createWorld(fresh.url);
  agent = await world.agent('atomic');
  reviewer = await world.person('Reviewer', { clearances: ['health', 'personal'] });
  await world.tool('pages.read', { effects: EFFECTS.allowed });
  await world.tool('pages.write', { effects: EFFECTS.held });
  // A row that was written makes the transaction fail: right away, or only when it commits.
  await fresh.pool.query(`
    CREATE TABLE fault (at text, name text);
    CREATE FUNCTION fail_when_told() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF EXISTS (SELECT FROM fault WHERE name = TG_TABLE_NAME AND at = TG_ARGV[0]) THEN RAISE EXCEPTION 'killed here'; END IF;
      RETURN NULL;
    END $$`);
  for (const table of TABLES) {
    await fresh.pool.query(`
      CREATE TRIGGER fail_now AFTER INSERT OR UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION fail_when_told('row');
      CREATE CONSTRAINT TRIGGER fail_late AFTER INSERT OR UPDATE ON ${table} DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION fail_when_told('commit')`);
  }
});
afterAll(async () => {
  await world.close();
  await fresh.drop();
});

/** Everything the database holds, but for leases: those are renewed outside of any change. */
async function everything(): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const table of TABLES) {
    const leases = table === 'planned_action' ? " - 'lease_until' - 'lease_holder'" : '';
    const { rows } = await fresh.pool.query(
      `SELECT coalesce(md5(string_agg(r, '' ORDER BY r)), 'empty') AS h FROM (SELECT (to_jsonb(t)${leases})::text AS r FROM ${table} t) AS x`,
    );
    hashes[table] = rows[0].h;
  }
  return hashes;
}

const slow: Analyzer = {
  check: () => [],
  reach: () => 'change',
  measure: (call, options) => world.deps.analyzers.custom.measure(call, options),
};
const withSlow = () => ({ ...world.deps, analyzers: { ...world.deps.analyzers, custom: slow } });
let calls = 0;
const held = () => plan(world, agent, 'pages.write', { path: `page ${calls++}` });
const released = () => plan(world, agent, 'pages.read', { n: calls++ });
const name = ({ actionId, digest, footprintDigest }: Awaited<ReturnType<typeof held>>) => ({
  actionId,
  digest,
  footprintDigest,
});
const engage = () => engageHalt(world.deps, reviewer, { scope: 'agent', id: agent.agentId, reason: 'stop' });

/** A held action with one sealed row of health data behind it. */
async function withRows() {
  const action = name(await held());
  const images = [
    {
      resource: 'public.t',
      operation: 'read' as const,
      key: 'id=1',
      before: null,
      after: { id: 1, d: 'x', p: 'y' },
    },
  ];
  const [chunk] = await sealImages(world.deps.vault, action.actionId, action.footprintDigest, images);
  if (!chunk) throw new Error('nothing was sealed');
  await fresh.pool.query(
    'INSERT INTO evidence_chunk (action_id, footprint_digest, chunk, workspace_id, size, sealed) VALUES ($1, $2, 0, $3, 1, $4)',
    [action.actionId, action.footprintDigest, world.workspaceId, Buffer.from(chunk.sealed)],
  );
  await fresh.pool.query(
    `UPDATE planned_action SET footprint = jsonb_set(footprint, '{columnClasses}', '{"public.t": {"id": "internal", "d": "health", "p": "personal"}}')
     WHERE id = $1`,
    [action.actionId],
  );
  return action;
}

type Step = () => Promise<unknown>;
/** Each prepares its action and gives the step that must happen whole or not at all, with the tables it writes. */
const operations: Record<string, { writes: Table[]; prepare: () => Promise<Step> }> = {
  'submitting what is allowed': {
    writes: ['planned_action', 'release', 'audit_event'],
    prepare: async () => () => submitAction(world.deps, agent, { tool: 'pages.read', args: { n: calls++ } }),
  },
  'submitting what is held': {
    writes: ['planned_action', 'audit_event', 'outbox'],
    prepare: async () => () => submitAction(world.deps, agent, { tool: 'pages.write', args: { n: calls++ } }),
  },
  'recording a verdict measured in the background': {
    writes: ['planned_action', 'audit_event', 'outbox'],
    prepare: async () => {
      const { actionId } = accepted(
        await submitAction(withSlow(), agent, { tool: 'pages.write', args: { n: calls++ } }),
      );
      return () => measureAction(withSlow(), actionId);
    },
  },
  'the approval that completes a quorum': {
    writes: ['planned_action', 'decision', 'release', 'audit_event', 'outbox'],
    prepare: async () => {
      const action = name(await held());
      return () => decideAction(world.deps, reviewer, { ...action, decision: 'approve' });
    },
  },
  'a rejection': {
    writes: ['planned_action', 'decision', 'audit_event', 'outbox'],
    prepare: async () => {
      const action = name(await held());
      return () => decideAction(world.deps, reviewer, { ...action, decision: 'reject', note: 'no' });
    },
  },
  'claiming a release': {
    writes: ['release', 'planned_action', 'audit_event'],
    prepare: async () => {
      const action = await released();
      return () => claimRelease(world.deps, agent, action);
    },
  },
  'reporting what happened': {
    writes: ['planned_action', 'audit_event', 'outbox'],
    prepare: async () => {
      const { actionId } = await released();
      const { releaseId } = accepted(await claimRelease(world.deps, agent, { actionId }));
      return () => reportExecution(world.deps, agent, { actionId, releaseId, outcome: 'succeeded' });
    },
  },
  'cancelling what was released': {
    writes: ['planned_action', 'release', 'audit_event'],
    prepare: async () => {
      const action = await released();
      return () => cancelAction(world.deps, agent, action);
    },
  },
  'writing down an expiry': {
    writes: ['planned_action', 'release', 'audit_event', 'outbox'],
    prepare: async () => {
      const { actionId } = await released();
      await fresh.pool.query('UPDATE planned_action SET expires_at = clock_timestamp() WHERE id = $1', [
        actionId,
      ]);
      return () => expireActions(world.deps);
    },
  },
  'engaging a halt that revokes': {
    writes: ['halt', 'planned_action', 'release', 'audit_event', 'outbox'],
    prepare: async () => {
      await released();
      return async () => {
        const halt = accepted(await engage());
        accepted(await liftHalt(world.deps, reviewer, { haltId: halt.haltId, reason: 'go' }));
      };
    },
  },
  'lifting a halt': {
    writes: ['halt', 'audit_event', 'outbox'],
    prepare: async () => {
      const { haltId } = accepted(await engage());
      return () => liftHalt(world.deps, reviewer, { haltId, reason: 'go' });
    },
  },
  'starting a run': {
    writes: ['run', 'audit_event'],
    prepare: async () => () => startRun(world.deps, agent, { goal: 'whole' }),
  },
  'finishing a run': {
    writes: ['run', 'audit_event'],
    prepare: async () => {
      const { runId } = accepted(await startRun(world.deps, agent, { goal: 'to finish' }));
      return () => finishRun(world.deps, agent, { runId });
    },
  },
  'observing a result': {
    writes: ['observation', 'audit_event'],
    prepare: async () => {
      const { runId } = accepted(await startRun(world.deps, agent, { goal: 'to observe' }));
      return () => observeResult(world.deps, agent, { runId, tool: 'web', result: { a: 1 } });
    },
  },
  'revealing data': {
    writes: ['reveal', 'audit_event'],
    prepare: async () => {
      const { actionId, footprintDigest } = await withRows();
      return () => revealData(world.deps, reviewer, { actionId, footprintDigest, reason: 'to be sure' });
    },
  },
  'looking at rows for the first time': {
    writes: ['audit_event'],
    prepare: async () => {
      const { actionId, footprintDigest } = await withRows();
      return () => listRows(world.deps, reviewer, { actionId, footprintDigest, limit: 10 });
    },
  },
};

describe('P6: killed at any of its statements or while committing, an operation leaves nothing half-written', () => {
  const cases = Object.entries(operations).flatMap(([operation, { writes, prepare }]) =>
    writes.flatMap((table) => (['row', 'commit'] as const).map((at) => ({ operation, table, at, prepare }))),
  );
  test.each(cases)('$operation, killed after $table ($at)', async ({ table, at, prepare }) => {
    const step = await prepare();
    const before = await everything();
    await fresh.pool.query('INSERT INTO fault VALUES ($1, $2)', [at, table]);
    try {
      await expect(step()).rejects.toThrow();
      expect(await everything()).toEqual(before);
    } finally {
      await fresh.pool.query('TRUNCATE fault');
    }
    await step();
    expect(await everything()).not.toEqual(before);
  });
});
