import pg from 'pg';
import { median, quantile } from './figures';
import { dataOf, HttpLine, requestText } from './http-line';
import type { Row } from './report';
import { reviewCall } from './review-call';
import type { Rig } from './rig';
import { type Server, startServer } from './server-under-test';

const WAITERS = 5_000;
const WAIT_SECONDS = 55;

type Held = { actionId: string; digest: string; footprintDigest: string };

const waitRequest = (rig: Rig, actionId: string, waitSeconds: number): string => {
  const input = encodeURIComponent(JSON.stringify({ actionId, waitSeconds }));
  const headers = { authorization: `Bearer ${rig.agentKey}` };
  return requestText({ path: `/api/trpc/agent.wait?input=${input}`, headers });
};

async function fillHeld(client: pg.Client, rig: Rig): Promise<Held[]> {
  await client.query(`SELECT bench_fill($1, ARRAY[$2], $3, 1, $4, true)`, [
    rig.workspaceId,
    rig.agentId,
    rig.toolId,
    WAITERS,
  ]);
  const { rows } = await client.query<Held>(
    `SELECT id AS "actionId", digest, footprint_digest AS "footprintDigest" FROM planned_action
     WHERE workspace_id = $1 AND status = 'held' ORDER BY id LIMIT $2`,
    [rig.workspaceId, WAITERS],
  );
  return rows;
}

/** Milliseconds to add to `performance.now()` to get the database's clock, from the quickest of many questions. */
async function clockOffset(client: pg.Client): Promise<number> {
  let best = { took: Number.POSITIVE_INFINITY, offset: 0 };
  for (let i = 0; i < 100; i++) {
    const from = performance.now();
    const { rows } = await client.query<{ ms: number }>({
      name: 'clock',
      text: 'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms',
    });
    const to = performance.now();
    if (to - from < best.took) best = { took: to - from, offset: (rows[0]?.ms ?? 0) - (from + to) / 2 };
  }
  return best.offset;
}

/** Every held action gets an agent that waits for it, each on a connection of its own. `answered` holds when each was answered. */
async function startWaiting(rig: Rig, held: readonly Held[]) {
  const answered = new Map<string, number>();
  const listeners = new Map<string, () => void>();
  const lines: HttpLine[] = [];
  let fail: (error: unknown) => void = () => undefined;
  const broken = new Promise<never>((_, reject) => {
    fail = reject;
  });
  broken.catch(() => undefined);
  const wait = async (line: HttpLine, actionId: string): Promise<void> => {
    const view = dataOf<{ status: string }>(await line.ask(waitRequest(rig, actionId, WAIT_SECONDS)));
    // The time was up before the decision: an agent asks again.
    if (view.status === 'held') return wait(line, actionId);
    answered.set(actionId, performance.now());
    listeners.get(actionId)?.();
  };
  for (let i = 0; i < held.length; i += 100) {
    const group = held.slice(i, i + 100);
    const opened = await Promise.all(group.map(() => HttpLine.open(rig.port)));
    lines.push(...opened);
    for (const [j, line] of opened.entries()) wait(line, group[j]?.actionId ?? '').catch(fail);
  }
  return {
    answered,
    /** Rejects when a wait ends in any other way than with a decision. */
    broken,
    untilAnswered: (actionId: string) =>
      new Promise<void>((resolve) => {
        if (answered.has(actionId)) resolve();
        else listeners.set(actionId, resolve);
      }),
    stop: () => {
      for (const line of lines) line.close();
    },
  };
}

/** Resolves once every wait has been read by the server and looked up: the last statement of a wait is its row's. */
async function untilAllWait(client: pg.Client, looked: number): Promise<void> {
  for (;;) {
    const { rows } = await client.query<{ calls: number }>(
      `SELECT coalesce(sum(calls), 0)::int AS calls FROM pg_stat_statements WHERE query LIKE '%planned_action WHERE id = $1 AND agent_id%'`,
    );
    if ((rows[0]?.calls ?? 0) >= looked) return;
  }
}

/** Runs the code of a wait before memory is looked at: what is compiled once is nobody's in particular. */
async function warmUp(rig: Rig, held: readonly Held[]): Promise<void> {
  const lines = await Promise.all(held.slice(0, 50).map(() => HttpLine.open(rig.port)));
  for (let round = 0; round < 20; round++) {
    await Promise.all(lines.map((line, i) => line.ask(waitRequest(rig, held[i]?.actionId ?? '', 0.01))));
  }
  for (const line of lines) line.close();
}

async function decideEach(
  rig: Rig,
  held: readonly Held[],
  waiting: Awaited<ReturnType<typeof startWaiting>>,
) {
  const decided: { actionId: string; spent: number }[] = [];
  for (const action of held) {
    const from = performance.now();
    await reviewCall(rig, 'review.decide', { ...action, decision: 'approve' }, { isMutation: true });
    decided.push({ actionId: action.actionId, spent: performance.now() - from });
    await waiting.untilAnswered(action.actionId);
  }
  return decided;
}

async function commitTimes(client: pg.Client, ids: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await client.query<{ id: string; ms: number }>(
    `SELECT action_id AS id, (extract(epoch FROM pg_xact_commit_timestamp(xid::xid)) * 1000)::float8 AS ms
     FROM audit_event WHERE kind = 'action.decided' AND action_id = ANY ($1)`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row.ms]));
}

async function withServer(rig: Rig, client: pg.Client, server: Server, decisions: number): Promise<Row[]> {
  const held = await fillHeld(client, rig);
  await warmUp(rig, held);
  await client.query('SELECT pg_stat_statements_reset()');
  const before = await server.memory();
  const waiting = await startWaiting(rig, held);
  await untilAllWait(client, WAITERS);
  const after = await server.memory();
  const each = (bytes: number) => bytes / WAITERS / 1024;
  const rss = each(after.rss - before.rss);

  const offset = await clockOffset(client);
  const decided = await Promise.race([decideEach(rig, held.slice(0, decisions), waiting), waiting.broken]);
  const committed = await commitTimes(
    client,
    decided.map((d) => d.actionId),
  );
  const woken = decided.map(
    ({ actionId }) =>
      (waiting.answered.get(actionId) ?? Number.NaN) + offset - (committed.get(actionId) ?? Number.NaN),
  );
  waiting.stop();
  const decide = median(decided.map((d) => d.spent));
  const p99 = quantile(woken, 0.99);
  const baseline = { what: 'deciding', value: decide };
  return [
    {
      name: `decision committed → agent answered, p50 (${WAITERS.toLocaleString('en')} waiting)`,
      value: median(woken),
      unit: 'ms',
      baseline,
      ratio: median(woken) / decide,
    },
    {
      name: `the same, p99 of ${decisions}`,
      value: p99,
      unit: 'ms',
      baseline,
      ratio: p99 / decide,
      target: { text: '< 50 ms', met: p99 < 50 },
    },
    {
      name: 'memory per waiter, resident',
      value: rss,
      unit: 'KB',
      baseline: { what: 'idle process', value: before.rss / 1024 },
      target: { text: '< 40 KB', met: rss < 40 },
    },
    { name: 'memory per waiter, heap', value: each(after.heap - before.heap), unit: 'KB' },
  ];
}

/** How long after a decision's commit the agent that waits for it is answered, with 5,000 waiting on one process, and what each costs. */
export async function measureWaiting(rig: Rig, quick: boolean): Promise<Row[]> {
  const client = new pg.Client({ connectionString: rig.url });
  await client.connect();
  const server = await startServer(rig);
  try {
    return await withServer(rig, client, server, quick ? 100 : 300);
  } finally {
    await Promise.all([client.end(), server.stop()]);
  }
}
