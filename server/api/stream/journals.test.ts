import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Change } from '@/server/domain/ports';
import { createJournals } from './journals';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const change = (n: number): Change => ({ workspaceId: 'ws_1', actionId: `act_${n}` });

function open(keepMs = 1_000) {
  const heardBy = new Map<string, (change: Change | null) => void>();
  const journals = createJournals(
    {
      onWorkspace(workspaceId, listener) {
        heardBy.set(workspaceId, listener);
        return () => heardBy.delete(workspaceId);
      },
    },
    keepMs,
  );
  const tell = (told: Change | null, workspaceId = 'ws_1') => heardBy.get(workspaceId)?.(told);
  return { journals, tell, heardBy };
}

test('who comes back gets exactly what changed since, in order, and nothing where nothing did', () => {
  const { journals, tell } = open();
  const journal = journals.of('ws_1');
  tell(change(1));
  const position = journal.position();
  expect(journal.since(position)).toEqual([]);
  for (const n of [2, 3]) tell(change(n));
  expect(journal.since(position)).toEqual([change(2), change(3)]);
  expect(journal.since(journal.position())).toEqual([]);
});

test('a position that is not known is told apart from one after which nothing happened', () => {
  const { journals, tell } = open();
  const journal = journals.of('ws_1');
  tell(change(1));
  const [age] = journal.position().split('.');
  const strange = [
    '',
    'x',
    '.',
    `${age}`,
    `${age}.`,
    `${age}.2`,
    `${age}.-1`,
    `${age}.0x1`,
    `${age}.1e0`,
    'x.1',
    `.${1}`,
  ];
  for (const position of strange) expect(journal.since(position), position).toBeNull();
});

test('after a gap no position from before leads on', () => {
  const { journals, tell } = open();
  const journal = journals.of('ws_1');
  tell(change(1));
  const before = journal.position();
  tell(null);
  expect(journal.since(before)).toBeNull();
  const after = journal.position();
  tell(change(2));
  expect(journal.since(after)).toEqual([change(2)]);
});

test('a thousand changes are kept, and whoever missed more is told that not all are known', () => {
  const { journals, tell } = open();
  const journal = journals.of('ws_1');
  const positions = [journal.position()];
  for (let n = 1; n <= 3_500; n++) {
    tell(change(n));
    positions.push(journal.position());
  }
  expect(journal.since(positions[2_500] ?? '')).toHaveLength(1_000);
  expect(journal.since(positions[2_500] ?? '')?.[0]).toEqual(change(2_501));
  expect(journal.since(positions[2_499] ?? '')).toBeNull();
});

test('a workspace nobody looks at any more is forgotten, one with an open tab is not', () => {
  const { journals, tell, heardBy } = open();
  const stop = journals.of('ws_1').listen(() => undefined);
  journals.of('ws_2');
  vi.advanceTimersByTime(10_000);
  expect([...heardBy.keys()]).toEqual(['ws_1']);
  const position = journals.of('ws_1').position();
  stop();
  tell(change(1));
  expect(journals.of('ws_1').since(position)).toEqual([change(1)]);
  vi.advanceTimersByTime(10_000);
  expect(journals.size).toBe(0);
  expect(heardBy.size).toBe(0);
  expect(journals.of('ws_1').since(position)).toBeNull();
});
