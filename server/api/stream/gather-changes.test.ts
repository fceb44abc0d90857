import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Change } from '@/server/domain/ports';
import { gatherChanges } from './gather-changes';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());
const change = (n: number, status = 'held'): Change => ({
  workspaceId: 'ws_1',
  actionId: `act_${n}`,
  status,
});

function gather() {
  const delivered: (Change[] | null)[] = [];
  const changes = gatherChanges((gathered) => delivered.push(gathered));
  return { changes, delivered };
}

test('changes that come together go out together, each action once with its newest state', () => {
  const { changes, delivered } = gather();
  changes.add(change(1));
  changes.add(change(2));
  changes.add(change(1, 'released'));
  vi.runAllTimers();
  expect(delivered).toEqual([[change(1, 'released'), change(2)]]);
});

test('a change of an action never hides a change of the configuration', () => {
  const { changes, delivered } = gather();
  changes.add({ workspaceId: 'ws_1', config: true });
  changes.add({ workspaceId: 'ws_1', status: 'held' });
  vi.runAllTimers();
  expect(delivered[0]).toHaveLength(2);
});

test('a flood becomes one word, and not more often than once a second', () => {
  const { changes, delivered } = gather();
  for (let second = 0; second < 10; second++) {
    for (let n = 0; n < 5_000; n++) changes.add(change(n));
    vi.advanceTimersByTime(1_000);
  }
  expect(new Set(delivered)).toEqual(new Set([null]));
  expect(delivered.length).toBeLessThanOrEqual(11);
});

test('after a flood single changes come as such again', () => {
  const { changes, delivered } = gather();
  for (let n = 0; n < 5_000; n++) changes.add(change(n));
  vi.runAllTimers();
  changes.add(change(1));
  vi.runAllTimers();
  expect(delivered).toEqual([null, [change(1)]]);
});

test('nothing is delivered after the stream has ended', () => {
  const { changes, delivered } = gather();
  changes.add(change(1));
  changes.stop();
  vi.runAllTimers();
  expect(delivered).toEqual([]);
});
