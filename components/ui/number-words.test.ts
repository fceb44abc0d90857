import { expect, test } from 'vitest';
import { counted, countWords } from './number-words';

test('numbers are grouped as English groups them', () => {
  const numbers = [
    0,
    7,
    999,
    1_000,
    12_345,
    999_999,
    1_000_000,
    1_234_567_890,
    -4,
    -1_234,
    4.2,
    12_345.6,
    0.1 + 0.2,
    1_000.0006,
  ];
  expect(numbers.map(countWords)).toEqual(numbers.map((n) => n.toLocaleString('en')));
});

test('a count nobody could take is no zero, and one is one', () => {
  expect([
    countWords(null),
    counted(1, 'row'),
    counted(0, 'row'),
    counted(1_200, 'person', 'people'),
  ]).toEqual(['?', '1 row', '0 rows', '1,200 people']);
});
