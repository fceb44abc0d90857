import pg from 'pg';
import { dataOf, HttpLine, requestText } from './http-line';
import type { Row } from './report';
import { reviewCall } from './review-call';
import type { Rig } from './rig';
import { sampleArgs } from './sample-call';
import { startServer } from './server-under-test';

const TIMES = 40;

/**
 * Statements per request as PostgreSQL counts them, BEGIN and COMMIT included. Each kind of statement is divided by the number of requests
 * and rounded: what the process does beside them (sweeps, heartbeats) happens far less often than the requests and rounds to nothing.
 */
async function statementsOf(client: pg.Client, ask: (i: number) => Promise<unknown>): Promise<number> {
  await ask(TIMES);
  await client.query('SELECT pg_stat_statements_reset()');
  for (let i = 0; i < TIMES; i++) await ask(i);
  const { rows } = await client.query<{ each: number }>(
    `SELECT coalesce(sum(round(calls / $1::numeric)), 0)::int AS each FROM pg_stat_statements
     WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    [TIMES],
  );
  return rows[0]?.each ?? Number.NaN;
}

/** How often each request asks the database: the part of its cost that a slower network multiplies. */
export async function measureStatements(rig: Rig): Promise<Row[]> {
  const client = new pg.Client({ connectionString: rig.url });
  await client.connect();
  const server = await startServer(rig);
  const line = await HttpLine.open(rig.port);
  const headers = { authorization: `Bearer ${rig.agentKey}` };
  const post = async <T>(procedure: string, input: unknown): Promise<T> => {
    const body = JSON.stringify(input);
    return dataOf<T>(await line.ask(requestText({ path: `/api/trpc/agent.${procedure}`, headers, body })));
  };
  const submit = (tool: string, args: unknown, runId?: string) =>
    post<{ actionId: string; digest: string }>('submit', { tool, args, runId });
  const row = (name: string, value: number, most?: number): Row => ({
    name,
    value,
    unit: '',
    ...(most === undefined ? {} : { target: { text: `${most}`, met: value <= most } }),
  });
  try {
    const { runId } = await post<{ runId: string }>('startRun', {
      goal: 'Answer the open questions of today',
    });
    // First, while no notice waits for its delivery.
    const submitted = [
      row('submit, allowed', await statementsOf(client, (i) => submit('handbook.read', sampleArgs(i))), 1),
      row(
        'submit inside a run, allowed',
        await statementsOf(client, (i) => submit('handbook.read', sampleArgs(i), runId)),
        1,
      ),
    ];
    const held: { actionId: string; digest: string; footprintDigest: string }[] = [];
    for (let i = 0; i <= TIMES; i++) {
      const { actionId } = await submit('refund', { amount: i });
      const { rows } = await client.query(
        `SELECT id AS "actionId", digest, footprint_digest AS "footprintDigest" FROM planned_action WHERE id = $1`,
        [actionId],
      );
      held.push(rows[0]);
    }
    const wait = (i: number) => {
      const input = encodeURIComponent(JSON.stringify({ actionId: held[i]?.actionId, waitSeconds: 0 }));
      return line.ask(requestText({ path: `/api/trpc/agent.wait?input=${input}`, headers }));
    };
    const decide = (i: number) =>
      reviewCall(rig, 'review.decide', { ...held[i], decision: 'reject', note: 'no' }, { isMutation: true });
    return [
      ...submitted,
      row('wait, nothing to tell', await statementsOf(client, wait)),
      row('review.list', await statementsOf(client, () => reviewCall(rig, 'review.list', {}))),
      row('review.decide, with the page it answers', await statementsOf(client, decide)),
    ];
  } finally {
    line.close();
    await Promise.all([client.end(), server.stop()]);
  }
}
