import { expect, test } from 'vitest';
import type { BlastRadius } from './blast-radius';
import { confirmFact, confirms } from './confirm-fact';

const critical: BlastRadius = {
  level: 'critical',
  rowsRead: 0,
  rowsChanged: 0,
  rowsDeleted: 1_204,
  rowsReachedIndirectly: 0,
  people: 800,
  classes: ['personal'],
  audience: 0,
  lacking: 0,
  unbounded: 0,
  exposed: 0,
  peopleOfRun: 0,
  reversible: true,
  unknowns: 0,
  because: [],
};

test('only critical holds ask for a fact', () => {
  expect(confirmFact({ ...critical, level: 'high' }, 'hr')).toBeNull();
  expect(confirmFact(null, 'hr')).toBeNull();
  expect(confirmFact(critical, 'hr')).toEqual({ question: 'How many rows does it delete?', answer: '1204' });
});

test('what could not be measured has to be accepted in so many words', () => {
  expect(confirmFact({ ...critical, rowsDeleted: null, unknowns: 1 }, 'hr')?.answer).toBe('unknown');
});

test('without a number the target is typed', () => {
  expect(confirmFact({ ...critical, rowsDeleted: 0, people: 0 }, 'hr')?.answer).toBe('hr');
});

test('numbers count however people write them, and nothing else does', () => {
  const fact = { question: '', answer: '1204' };
  for (const typed of ['1204', '1,204', '1 204', ' 1.204 ', '1’204'])
    expect(confirms(typed, fact)).toBe(true);
  for (const typed of ['', '120', '12040', 'yes', '1204 rows']) expect(confirms(typed, fact)).toBe(false);
});

test('of what reaches further through others the larger number is asked for that stands on the page as it is', () => {
  const asks = (rowsReachedIndirectly: number | null, people: number | null = 800) =>
    confirmFact({ ...critical, rowsReachedIndirectly, people }, 'hr');
  expect(asks(400)).toEqual({ question: 'How many people is it about?', answer: '800' });
  expect(asks(7_166)).toEqual({ question: 'How many rows does it reach through others?', answer: '7166' });
  expect(asks(400, 0)?.answer).toBe('400');
  expect(confirmFact({ ...critical, rowsReachedIndirectly: null, unknowns: 1 }, 'hr')?.answer).toBe(
    'unknown',
  );
});
