import { expect, test } from 'vitest';
import { relativeWords, spanWords } from './time-words';

test('a span is told in the largest unit that still lets a person act on it', () => {
  expect([0, 59, 60, 3599, 3600, 4800, 35_999, 36_000, 172_800].map(spanWords)).toEqual([
    '0 s',
    '59 s',
    '1 min',
    '59 min',
    '1 h',
    '1 h 20 min',
    '9 h 59 min',
    '10 h',
    '2 d',
  ]);
});

test('a deadline never claims more time than is left', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  expect(relativeWords(now + 119_999, now)).toBe('in 1 min');
  expect(relativeWords(now - 119_999, now)).toBe('1 min ago');
  expect(relativeWords(now + 4000, now)).toBe('just now');
});
