import { describe, expect, it } from 'vitest';
import { MOST_WAITING, RehearsalQueue } from './rehearsal-queue';

const LONG_MS = 60_000;

/** Enters in the name of an agent and notes when it was let in. */
function entering(queue: RehearsalQueue) {
  const order: string[] = [];
  const enter = (agent: string, label = agent, waitMs = LONG_MS) =>
    queue.enter('target', agent, waitMs).then((how) => {
      if (how === 'in') order.push(label);
      return how;
    });
  return { order, enter };
}
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('places of a target', () => {
  it('are all for one agent while no other waits, and one each as soon as another does', async () => {
    const queue = new RehearsalQueue(2);
    const { order, enter } = entering(queue);
    for (let i = 0; i < 6; i++) void enter('greedy', `greedy ${i}`);
    await settled();
    expect(order).toEqual(['greedy 0', 'greedy 1']);
    void enter('modest', 'modest 0');
    void enter('modest', 'modest 1');
    queue.leave('target', 'greedy');
    await settled();
    expect(order.at(-1)).toBe('modest 0');
    // Each has one: whoever has waited longer for a turn is next, and nobody gets a second beside the other's.
    for (const [leaving, next] of [
      ['modest', 'modest 1'],
      ['greedy', 'greedy 2'],
      ['modest', 'greedy 3'],
    ] as const) {
      queue.leave('target', leaving);
      await settled();
      expect(order.at(-1)).toBe(next);
    }
  });

  it('of different targets have nothing to do with each other', async () => {
    const queue = new RehearsalQueue(1);
    expect(await queue.enter('one', 'a', LONG_MS)).toBe('in');
    expect(await queue.enter('other', 'a', LONG_MS)).toBe('in');
  });

  it('are given up by who waited too long or went away, and go to the next', async () => {
    const queue = new RehearsalQueue(1);
    expect(await queue.enter('target', 'a', LONG_MS)).toBe('in');
    expect(await queue.enter('target', 'b', 0)).toBe('late');
    const gone = new AbortController();
    const waiting = queue.enter('target', 'b', LONG_MS, gone.signal);
    const last = queue.enter('target', 'c', LONG_MS);
    gone.abort();
    expect(await waiting).toBe('late');
    queue.leave('target', 'a');
    expect(await last).toBe('in');
  });

  it('are waited for by so many of one agent and no more, which keeps nobody else from waiting', async () => {
    const queue = new RehearsalQueue(1);
    const { order, enter } = entering(queue);
    const all = Array.from({ length: MOST_WAITING + 1 }, () => enter('greedy'));
    expect(await enter('greedy')).toBe('crowded');
    void enter('modest');
    for (const next of ['greedy', 'modest']) {
      queue.leave('target', 'greedy');
      await settled();
      expect(order.at(-1)).toBe(next);
    }
    queue.leave('target', 'modest');
    for (let i = 0; i < MOST_WAITING; i++) {
      await settled();
      queue.leave('target', 'greedy');
    }
    expect(new Set(await Promise.all(all))).toEqual(new Set(['in']));
  });
});
