import { expect, test } from 'vitest';
import { textDiff } from './text-diff';

const numbered = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => `${from + i}`);

test('a changed line stands between those around it, and what stays far away is only counted', () => {
  const before = `${numbered(1, 20).join('\n')}\n`;
  const lines = textDiff(before, before.replace('10\n', 'ten\n'));
  expect(lines).toEqual([
    { kind: 'skipped', count: 6 },
    ...['7', '8', '9'].map((text) => ({ kind: 'same', text })),
    { kind: 'removed', text: '10' },
    { kind: 'added', text: 'ten' },
    ...['11', '12', '13'].map((text) => ({ kind: 'same', text })),
    { kind: 'skipped', count: 7 },
  ]);
});

test('what is new is added and what is gone is removed, line by line', () => {
  expect(textDiff('', 'a\nb')).toEqual([
    { kind: 'added', text: 'a' },
    { kind: 'added', text: 'b' },
  ]);
  expect(textDiff('a\n', '')).toEqual([{ kind: 'removed', text: 'a' }]);
});

test('two large texts without anything in common are shown as one removed and one added', () => {
  const lines = textDiff(numbered(1, 6_000).join('\n'), numbered(10_001, 16_000).join('\n'));
  expect(lines).toHaveLength(12_000);
  expect(lines.filter((line) => line.kind === 'removed')).toHaveLength(6_000);
});
