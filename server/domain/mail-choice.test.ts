import { expect, test } from 'vitest';
import { comesTogether, secondsUntilDigest, secondsUntilWanted, wantsMail } from './mail-choice';

const choice = { fromLevel: 'high', hours: 'Mon-Fri 08:00-18:00 Europe/Berlin', digest: null } as const;
const wait = (at: string, hours: string = choice.hours) =>
  secondsUntilWanted({ ...choice, hours }, 'high', new Date(at));

test('a level is wanted from the chosen one on; whoever chose nothing wants all; halts reach everybody', () => {
  expect((['low', 'moderate', 'high', 'critical'] as const).map((level) => wantsMail(choice, level))).toEqual(
    [false, false, true, true],
  );
  expect(wantsMail(null, 'low')).toBe(true);
  expect(wantsMail({ fromLevel: null, hours: null, digest: null }, 'critical')).toBe(false);
  expect(wantsMail({ fromLevel: null, hours: null, digest: null }, null)).toBe(true);
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

test('a digest is due at the next full hour within the hours, or when those begin', () => {
  const at = (iso: string, digest: 'hourly' | 'daily', hours: string | null) =>
    new Date(
      Date.parse(iso) + 1_000 * secondsUntilDigest({ fromLevel: 'low', hours, digest }, new Date(iso)),
    ).toISOString();
  expect(at('2026-11-26T10:20:07Z', 'hourly', null)).toBe('2026-11-26T11:00:00.000Z');
  expect(at('2026-11-26T11:00:00Z', 'hourly', null)).toBe('2026-11-26T12:00:00.000Z');
  expect(at('2026-11-26T10:20:07Z', 'daily', null)).toBe('2026-11-27T08:00:00.000Z');
  // Friday evening in Berlin, winter time.
  const week = 'Mon-Fri 08:30-18:00 Europe/Berlin';
  expect(at('2026-11-27T17:30:00Z', 'hourly', week)).toBe('2026-11-30T08:00:00.000Z');
  expect(at('2026-11-27T10:00:00Z', 'daily', week)).toBe('2026-11-30T07:30:00.000Z');
});

test('what is critical, or about no action, never waits for a digest', () => {
  const choice = { fromLevel: 'low', hours: null, digest: 'daily' } as const;
  expect([
    comesTogether(choice, 'high'),
    comesTogether(choice, 'critical'),
    comesTogether(choice, null),
  ]).toEqual([true, false, false]);
  expect(comesTogether({ ...choice, digest: null }, 'low')).toBe(false);
});
