import { expect, test } from 'vitest';
import type { BlastRadius } from '@/server/domain/blast-radius';
import { factToType, isTheFact } from './fact-to-type';

const radius = (over: Partial<BlastRadius>): BlastRadius => ({
  level: 'critical',
  rowsRead: 0,
  rowsChanged: 0,
  rowsDeleted: 0,
  rowsReachedIndirectly: 0,
  people: 0,
  classes: [],
  audience: 0,
  reversible: true,
  unknowns: 0,
  because: [],
  ...over,
});

test('only critical holds ask for a fact, so that asking stays rare', () => {
  for (const level of ['low', 'moderate', 'high'] as const) {
    expect(factToType(radius({ level, rowsDeleted: 5 }), 'hr')).toBeNull();
  }
});

test('the fact is the most destructive number there is', () => {
  expect(factToType(radius({ rowsDeleted: 1204, people: 7 }), 'hr')?.answer).toBe('1204');
  expect(factToType(radius({ people: 7, rowsChanged: 9 }), 'hr')?.answer).toBe('7');
});

test('an action whose size is unknown can only be approved by saying so', () => {
  expect(factToType(radius({ rowsChanged: null, people: 3, unknowns: 1 }), 'hr')?.answer).toBe('unknown');
});

test('a number counts however it is grouped, another number never does', () => {
  const fact = { question: '', answer: '1204' };
  for (const typed of ['1204', '1,204', ' 1 204 ', '1.204', '1’204'])
    expect(isTheFact(typed, fact)).toBe(true);
  for (const typed of ['', '120', '12045', '-1204', 'one']) expect(isTheFact(typed, fact)).toBe(false);
});
