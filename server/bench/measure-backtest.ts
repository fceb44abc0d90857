import pg from 'pg';
import { mintReviewerScope } from '../api/auth/mint-scopes';
import { createContainer } from '../container';
import { readEnv } from '../env';
import { startBacktest } from '../operations/backtest-draft';
import { beginDraft, saveDraft } from '../operations/edit-draft';
import { runBacktest } from '../operations/run-backtest';
import type { Row } from './report';
import type { Rig } from './rig';

const SIZE = { full: 100_000, quick: 10_000 };
const MOST_SECONDS = 120;
/** One more hold than what ships: some verdicts change, as in a draft somebody means. */
const STRICTER = `@id("benched") @title("Many rows") @because("It changes {rowsChanged}.") @verdict("hold") @quorum("2")
forbid (principal, action, resource) when { context.rowsChanged > 350 };`;

/** Actions as they would have been recorded, with the facts of each, no two of them alike: equal ones are answered from memory. */
const RECORDED = `
  INSERT INTO planned_action (id, workspace_id, agent_id, key_id, tool_id, tool_name, tool_hash, execution, args, digest, status, footprint, footprint_digest,
    blast_radius, sentence, level, verdict, facts, owner_id, policy, created_at)
  SELECT 'act_009000' || lpad(n::text, 20, '0'), $1, $2, 'key_bench', $3, 'refund', 'hash', 'agent', '{}', 'sha256:b' || n, 'succeeded',
    jsonb_build_object('version', 1, 'items', jsonb_build_array(jsonb_build_object('kind', 'relation', 'target', 'shop', 'resource', 'public.orders',
      'operation', 'update', 'count', n % 400, 'provenance', 'measured', 'classes', jsonb_build_array('internal'), 'subjects', n % 300)),
      'unknowns', '[]'::jsonb, 'subjects', n % 300, 'method', 'rehearsed', 'readOnly', false, 'measuredAt', '2026-03-04T10:00:00.000Z', 'durationMs', 4,
      'exposure', jsonb_build_object('audience', 0, 'subjects', n % 300, 'classes', '[]'::jsonb, 'entries', n % 300, 'runSubjects', n % 300, 'agentSubjects', n)),
    'sha256:f' || n,
    jsonb_build_object('level', 'moderate', 'rowsRead', 0, 'rowsChanged', n % 400, 'rowsDeleted', 0, 'rowsReachedIndirectly', 0, 'people', n % 300,
      'classes', jsonb_build_array('internal'), 'audience', 0, 'lacking', 0, 'unbounded', 0, 'exposed', n % 300, 'peopleOfRun', n % 300, 'reversible', true,
      'unknowns', 0, 'because', '[]'::jsonb),
    '', 'moderate', '{"verdict": "hold", "policy": "p", "rules": []}',
    jsonb_build_object('agent', jsonb_build_object('id', $2::text, 'name', 'agent ' || n, 'clearances', '["internal"]'::jsonb, 'ownerId', 'per_bench'),
      'tool', jsonb_build_object('name', 'refund', 'kind', 'custom', 'execution', 'agent', 'effects', '["write"]'::jsonb), 'target', NULL, 'moment', NULL),
    (SELECT owner_id FROM agent WHERE id = $2), 'p', now() - make_interval(secs => n)
  FROM generate_series(1, $4::int) AS n`;

/** How long replaying a draft over the workspace's recorded actions takes, and how often its progress moves. */
export async function measureBacktest(rig: Rig, quick: boolean): Promise<Row[]> {
  const size = quick ? SIZE.quick : SIZE.full;
  const client = new pg.Client({ connectionString: rig.env.DATABASE_URL });
  await client.connect();
  const container = createContainer(readEnv(rig.env));
  const { world } = container;
  try {
    await client.query(RECORDED, [rig.workspaceId, rig.agentId, rig.toolId, size]);
    await client.query('ANALYZE planned_action');
    const lead = mintReviewerScope({
      workspaceId: rig.workspaceId,
      personId: 'per_bench',
      sessionId: 'ses_bench',
      name: 'Bench',
      email: 'bench@bench.example',
      roles: ['security_lead'],
      clearances: [],
    });
    const begun = await beginDraft(world, lead, { name: 'benched' });
    if (!begun.ok) throw new Error(begun.message);
    const { draftId, revision } = begun.value;
    const shipped = await world.policyLanguage.shipped();
    const policies = [...shipped.policies, { id: 'benched', text: STRICTER }];
    const saved = await saveDraft(world, lead, { draftId, revision, set: { ...shipped, policies } });
    if (!saved.ok) throw new Error(saved.message);
    const started = await startBacktest(world, lead, { draftId });
    if (!started.ok) throw new Error(started.message);
    const seen = new Set<number>();
    const timer = setInterval(() => {
      void client.query('SELECT done FROM backtest').then(({ rows }) => seen.add(rows[0]?.done));
    }, 250);
    const from = performance.now();
    await runBacktest(world);
    const seconds = (performance.now() - from) / 1_000;
    clearInterval(timer);
    const { rows } = await client.query<{ status: string; done: number; changed: number }>(
      'SELECT status, done, (SELECT count(*)::int FROM backtest_change) AS changed FROM backtest',
    );
    const [result] = rows;
    if (result?.status !== 'done') throw new Error(`The backtest ended as ${result?.status}.`);
    const most = (MOST_SECONDS * size) / SIZE.full;
    return [
      {
        name: `replaying ${result.done.toLocaleString('en')} recorded actions`,
        value: seconds,
        unit: 's',
        target: { text: `< ${most} s`, met: seconds < most },
      },
      { name: 'actions judged by both versions', value: result.done / seconds, unit: '/s' },
      { name: 'of them judged otherwise by the draft', value: result.changed, unit: '' },
      { name: 'times its progress moved, looked at four times a second', value: seen.size, unit: '' },
    ];
  } finally {
    await client.end();
    await container.close();
  }
}
