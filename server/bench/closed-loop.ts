import { quantile } from './figures';

export type Round = { perSecond: number; p50: number; p99: number };

/** Keeps every lane busy for `seconds`: each asks again as soon as it is answered. Counts only what was answered within the time. */
export async function closedLoop(
  lanes: number,
  seconds: number,
  ask: (lane: number) => Promise<unknown>,
): Promise<Round> {
  const spent: number[] = [];
  const from = performance.now();
  const until = from + seconds * 1_000;
  const run = async (lane: number) => {
    for (let now = performance.now(); now < until; ) {
      await ask(lane);
      const after = performance.now();
      if (after <= until) spent.push(after - now);
      now = after;
    }
  };
  await Promise.all(Array.from({ length: lanes }, (_, lane) => run(lane)));
  return { perSecond: spent.length / seconds, p50: quantile(spent, 0.5), p99: quantile(spent, 0.99) };
}

/** Serves rounds to the process that forked this one: load runs apart, so that its work is not the server's. */
export function serveRounds(ask: (lane: number) => Promise<unknown>, lanes: number): void {
  process.on('message', async (seconds: number) => {
    process.send?.(await closedLoop(lanes, seconds, ask));
  });
  process.once('disconnect', () => process.exit(0));
  process.send?.('ready');
}
