import pg from 'pg';
import { mintReviewerScope } from '../api/auth/mint-scopes';
import { sessionCookie, sessionIdIn } from '../api/auth/session-cookie';
import { createContainer } from '../container';
import type { Status } from '../domain/status';
import { readEnv } from '../env';
import { identifySession } from '../operations/identify-session';
import { type ListActionsInput, listActions } from '../operations/list-actions';
import { quantile, timeEach } from './figures';
import type { Row } from './report';
import { reviewCall } from './review-call';
import type { Rig } from './rig';
import { startServer } from './server-under-test';

const SIZES = { full: { past: 1_000_000, held: 100_000 }, quick: { past: 100_000, held: 10_000 } };
const FIRST = 100_001;
const DECIDED: Status[] = ['succeeded', 'rejected', 'expired', 'failed', 'denied'];

type Question = { name: string; input: Partial<ListActionsInput> | null; asOwner?: boolean; times?: number };

/** What people ask of an inbox, the awkward questions included: what is far back, what is rare, what is nowhere. */
const questions = (middle: string, rare: string, rareHeld: string): Question[] => [
  { name: 'everything, newest first', input: {} },
  { name: 'held', input: { status: 'held' } },
  { name: 'held, half-way back', input: { status: 'held', cursor: middle } },
  { name: 'held, one level', input: { status: 'held', level: 'critical' } },
  { name: 'needs me', input: { needsMe: true } },
  { name: 'needs me, when nothing does', input: { needsMe: true }, asOwner: true },
  { name: 'counts', input: null },
  { name: 'held, a common word', input: { status: 'held', q: 'refund' } },
  { name: 'all, a common word', input: { q: 'refund' } },
  { name: 'all, a word of one action', input: { q: rare } },
  { name: 'held, a word of one action', input: { status: 'held', q: rareHeld } },
  { name: 'held, a word only the past has', input: { status: 'held', q: rare } },
  { name: 'held, a word that is nowhere', input: { status: 'held', q: 'zeppelin' } },
  { name: 'needs me, a word that is nowhere', input: { needsMe: true, q: 'zeppelin' } },
  { name: 'decided, a word of one action', input: { status: DECIDED, q: rare } },
  { name: 'the beginning of an id', input: { q: middle.slice(0, -2) } },
];

/** The indexes of planned_action that only serve reading; building them afterwards takes a third of the time. */
async function withoutIndexes(client: pg.Client, work: () => Promise<unknown>): Promise<void> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition
     FROM pg_index i WHERE i.indrelid = 'planned_action'::regclass AND NOT i.indisunique`,
  );
  for (const { name } of rows) await client.query(`DROP INDEX ${name}`);
  await work();
  for (const { definition } of rows) await client.query(definition);
}

async function fillHistory(client: pg.Client, rig: Rig, size: { past: number; held: number }): Promise<void> {
  const upto = FIRST + size.past + size.held;
  const { rows } = await client.query<{ agents: string[] }>('SELECT bench_runs($1, $2, $3) AS agents', [
    rig.workspaceId,
    rig.agentId,
    upto,
  ]);
  const fill = (from: number, count: number, held: boolean) =>
    client.query('SELECT bench_fill($1, $2, $3, $4, $5, $6)', [
      rig.workspaceId,
      rows[0]?.agents,
      rig.toolId,
      from,
      count,
      held,
    ]);
  await withoutIndexes(client, async () => {
    await fill(FIRST, size.past, false);
    await fill(FIRST + size.past, size.held, true);
  });
  await client.query('VACUUM ANALYZE planned_action, action_search');
  await client.query('ANALYZE');
}

/** Tables the plan of a list reads from end to end although they grow with use; what the product really sends is what is explained. */
async function sequentialScans(rig: Rig, input: Partial<ListActionsInput>): Promise<number> {
  const { world, secret, close } = createContainer(readEnv(rig.env));
  try {
    const sessionId = await sessionIdIn(rig.cookie, sessionCookie({ url: world.url, secret }));
    const session = sessionId === null ? null : await identifySession(world, sessionId);
    if (session === null) throw new Error('the reviewer is not signed in');
    const { pool } = world.db;
    const sent: { text: string; values: unknown[] }[] = [];
    const query = (text: string, values: unknown[]) => {
      sent.push({ text, values });
      return pool.query(text, values);
    };
    const db = {
      ...world.db,
      pool: new Proxy(pool, { get: (on, key) => (key === 'query' ? query : Reflect.get(on, key)) }),
    };
    await listActions({ ...world, db }, mintReviewerScope(session), { limit: 50, ...input });
    const [list] = sent;
    const { rows } = await pool.query<{ 'QUERY PLAN': unknown }>(
      `EXPLAIN (FORMAT JSON) ${list?.text}`,
      list?.values,
    );
    const plan = JSON.stringify(rows[0]?.['QUERY PLAN']);
    return (
      plan.match(
        /"Node Type": ?"Seq Scan"[^{}]*?"Relation Name": ?"(planned_action|action_search|run|audit_event)"/g,
      )?.length ?? 0
    );
  } finally {
    await close();
  }
}

async function measureQuestion(rig: Rig, question: Question, quick: boolean): Promise<Row> {
  const ask = (procedure: string, input: unknown) =>
    reviewCall(rig, procedure, input, question.asOwner ? { cookie: rig.ownerCookie } : {});
  // What any question costs before it reaches the list: HTTP, the cookie, the session's row.
  const nothing = await timeEach(10, () => ask('me.get', undefined));
  const spent = await timeEach(question.times ?? (quick ? 40 : 100), () =>
    question.input === null
      ? ask('review.counts', undefined)
      : ask('review.list', { limit: 50, ...question.input }),
  );
  const scans = question.input === null ? 0 : await sequentialScans(rig, question.input);
  const p50 = quantile(spent, 0.5);
  const base = quantile(nothing, 0.5);
  return {
    name: `${question.name}: p50 (p99 ${quantile(spent, 0.99).toFixed(1)} ms${scans > 0 ? `, ${scans} sequential scans` : ''})`,
    value: p50,
    unit: 'ms',
    baseline: { what: 'me', value: base },
    ratio: p50 / base,
    target: { text: '< 20 ms', met: p50 < 20 && scans === 0 },
  };
}

/** What a reviewer's questions cost with 100,000 holds and a million past actions, asked over HTTP one at a time. */
export async function measureInbox(rig: Rig, quick: boolean): Promise<Row[]> {
  const size = quick ? SIZES.quick : SIZES.full;
  const client = new pg.Client({ connectionString: rig.url });
  await client.connect();
  await fillHistory(client, rig, size);
  const { rows } = await client.query<{ id: string }>(
    `SELECT id FROM planned_action WHERE status = 'held' ORDER BY id DESC OFFSET $1 LIMIT 1`,
    [size.held / 2],
  );
  await client.end();
  const server = await startServer(rig);
  try {
    const answers: Row[] = [];
    for (const question of questions(
      rows[0]?.id ?? '',
      `order ${FIRST + 777}.`,
      `order ${FIRST + size.past + 777}.`,
    )) {
      answers.push(await measureQuestion(rig, question, quick));
    }
    return answers;
  } finally {
    await server.stop();
  }
}
