import { expect, test } from 'vitest';
import { secondsUntilWanted, wantsMail } from './mail-choice';

const choice = { fromLevel: 'high', hours: 'Mon-Fri 08:00-18:00 Europe/Berlin' } as const;
const wait = (at: string, hours: string = choice.hours) =>
  secondsUntilWanted({ ...choice, hours }, 'high', new Date(at));

test('a level is wanted from the chosen one on; whoever chose nothing wants all; halts reach everybody', () => {
  expect((['low', 'moderate', 'high', 'critical'] as const).map((level) => wantsMail(choice, level))).toEqual(
    [false, false, true, true],
  );
  expect(wantsMail(null, 'low')).toBe(true);
  expect(wantsMail({ fromLevel: null, hours: null }, 'critical')).toBe(false);
  expect(wantsMail({ fromLevel: null, hours: null }, null)).toBe(true);
});

test('hours are waited for over nights and weekends, and across a change of the clocks', () => {
  expect(wait('2026-11-26T07:00:00Z')).toBe(0);
  expect(wait('2026-11-26T06:58:00Z')).toBe(120);
  expect(wait('2026-11-27T17:00:00Z')).toBe((7 + 48 + 7) * 3_600);
  // On the night before Monday, 26 October 2026, nothing changes; on the Sunday the day has 25 hours.
  expect(wait('2026-10-24T16:00:00Z')).toBe((6 + 24 + 1 + 8) * 3_600);
  expect(wait('2026-11-26T06:58:00Z', 'whenever')).toBe(0);
});

test('hours shorter than a step are not passed over for ever: it is mailed at once', () => {
  expect(wait('2026-11-26T06:58:00Z', 'Mon-Sun 08:01-08:04 Europe/Berlin')).toBe(0);
});
