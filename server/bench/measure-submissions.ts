import { startChild } from './child-process';
import type { Round } from './closed-loop';
import { median } from './figures';
import { dataOf, HttpLine, requestText } from './http-line';
import type { Row } from './report';
import type { Rig } from './rig';
import { SAMPLE_REASON, type SampleCall, sampleArgs } from './sample-call';
import { startServer } from './server-under-test';

const LANES = 32;

/** One submission through the product: the floor copies its rows. Also opens the run that all others belong to. */
async function submitSample(rig: Rig): Promise<{ actionId: string; call: SampleCall }> {
  const line = await HttpLine.open(rig.port);
  const headers = { authorization: `Bearer ${rig.agentKey}` };
  const post = async <T>(procedure: string, input: unknown): Promise<T> => {
    const body = JSON.stringify(input);
    return dataOf<T>(await line.ask(requestText({ path: `/api/trpc/agent.${procedure}`, headers, body })));
  };
  const { runId } = await post<{ runId: string }>('startRun', { goal: 'Answer the open questions of today' });
  const call = { tool: 'handbook.read', runId, reason: SAMPLE_REASON };
  const { actionId, status } = await post<{ actionId: string; status: string }>('submit', {
    ...call,
    args: sampleArgs(0),
  });
  if (status !== 'released') throw new Error(`the sample was ${status}, not allowed`);
  line.close();
  return { actionId, call };
}

/**
 * Submissions per second through HTTP against the same rows written by bare pg. Both run in turns, and each pair gives a ratio: whatever
 * else the machine does touches both.
 */
export async function measureSubmissions(rig: Rig, quick: boolean): Promise<Row[]> {
  const server = await startServer(rig);
  const { actionId, call } = await submitSample(rig);
  const load = await startChild('submit-load.ts', {
    args: { port: rig.port, key: rig.agentKey, call, lanes: LANES },
  });
  const floor = await startChild('floor-load.ts', { args: { url: rig.url, sample: actionId, lanes: LANES } });
  const seconds = quick ? 2 : 4;
  const pairs: { floor: Round; http: Round }[] = [];
  try {
    await floor.ask<Round>(2);
    await load.ask<Round>(4);
    for (let i = 0; i < (quick ? 3 : 5); i++) {
      pairs.push({ floor: await floor.ask<Round>(seconds), http: await load.ask<Round>(seconds) });
    }
  } finally {
    await Promise.all([load.stop(), floor.stop(), server.stop()]);
  }
  const of = (pick: (pair: { floor: Round; http: Round }) => number) => median(pairs.map(pick));
  const ratio = of((p) => p.http.perSecond / p.floor.perSecond);
  return [
    {
      name: `submissions through HTTP, ${LANES} connections`,
      value: of((p) => p.http.perSecond),
      unit: '/s',
      baseline: { what: 'bare pg', value: of((p) => p.floor.perSecond) },
      ratio,
      target: { text: '≥ 0.5 of the floor', met: ratio >= 0.5 },
    },
    {
      name: 'submission p50',
      value: of((p) => p.http.p50),
      unit: 'ms',
      baseline: { what: 'bare pg', value: of((p) => p.floor.p50) },
      ratio: of((p) => p.http.p50 / p.floor.p50),
    },
    {
      name: 'submission p99',
      value: of((p) => p.http.p99),
      unit: 'ms',
      baseline: { what: 'bare pg', value: of((p) => p.floor.p99) },
      ratio: of((p) => p.http.p99 / p.floor.p99),
    },
  ];
}
