import { expect, test } from 'vitest';
import { waiters } from './waiters';

test('waking one action wakes everybody who waits for it and nobody else', async () => {
  const waiting = waiters();
  const ours = [waiting.add('act_1', 60_000), waiting.add('act_1', 60_000)];
  const other = waiting.add('act_2', 60_000);
  waiting.wake('act_1');
  expect(await Promise.all(ours)).toEqual([true, true]);
  expect(waiting.size).toBe(1);
  waiting.wakeAll(false);
  expect(await other).toBe(false);
});

test('when the time is up the wait ends with false and leaves nothing behind', async () => {
  const waiting = waiters();
  expect(await waiting.add('act_1', 1)).toBe(false);
  expect(waiting.size).toBe(0);
});

test('an aborted wait ends with false and leaves nothing behind, listeners included', async () => {
  const waiting = waiters();
  const listeners = new Set<unknown>();
  const signal = {
    aborted: false,
    addEventListener: (_: string, listener: unknown) => listeners.add(listener),
    removeEventListener: (_: string, listener: unknown) => listeners.delete(listener),
  } as unknown as AbortSignal;
  const wait = waiting.add('act_1', 60_000, signal);
  for (const listener of [...listeners]) (listener as () => void)();
  expect(await wait).toBe(false);
  expect(waiting.size).toBe(0);
  expect(listeners.size).toBe(0);
  const woken = waiting.add('act_1', 60_000, signal);
  waiting.wake('act_1');
  expect(await woken).toBe(true);
  expect(listeners.size).toBe(0);
});

test('a wait that is aborted already, or has no time, does not begin', async () => {
  const waiting = waiters();
  expect(await waiting.add('act_1', 60_000, AbortSignal.abort())).toBe(false);
  expect(await waiting.add('act_1', 0)).toBe(false);
  expect(waiting.size).toBe(0);
});

test('who waits again in the moment of waking is not woken twice by one change', async () => {
  const waiting = waiters();
  let again: Promise<boolean> | undefined;
  const first = waiting.add('act_1', 60_000).then((woken) => {
    again = waiting.add('act_1', 1);
    return woken;
  });
  waiting.wake('act_1');
  expect(await first).toBe(true);
  expect(await again).toBe(false);
});
