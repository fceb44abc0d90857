import { expect, test } from 'vitest';
import { idRange, wordsQuery } from './action-words';

test.each([
  ['refund', "'refund':*"],
  ['  Update  14 rows', "'Update' & '14' & 'rows':*"],
  ['company.sql', "'company' & 'sql':*"],
  ["it's | !x <-> 'a':* (", "'it' & 's' & 'x' & 'a':*"],
  ['größe naïve 日本', "'größe' & 'naïve' & '日本':*"],
])('%s asks for these words, the last as a beginning', (typed, query) => {
  expect(wordsQuery(typed)).toBe(query);
});

test.each(['', '…', '%_\\', "'':*"])('nothing to find in %s', (typed) => {
  expect(wordsQuery(typed)).toBeNull();
});

test('the beginning of an id means every id that begins so; anything else means none', () => {
  expect(idRange('ACT_01m8')).toEqual({ from: `act_01m8${'0'.repeat(22)}`, to: `act_01m8${'z'.repeat(22)}` });
  for (const typed of ['act', 'run_01m8', `act_${'0'.repeat(27)}`, 'act_01 m8'])
    expect(idRange(typed)).toBeNull();
});
