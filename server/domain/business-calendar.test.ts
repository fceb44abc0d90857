import { describe, expect, it } from 'vitest';
import { type BusinessCalendar, momentIn, readBusinessHours } from './business-calendar';

const read = (written: string): BusinessCalendar => {
  const calendar = readBusinessHours(written);
  if (calendar === null) throw new Error(`not understood: ${written}`);
  return calendar;
};
const berlin = read('Mon-Fri 08:00-18:00 Europe/Berlin');
const isOpen = (at: string) => momentIn(berlin, new Date(at)).businessHours;

describe('business hours', () => {
  it('are local to their time zone, summer and winter', () => {
    expect([isOpen('2026-01-12T06:59:59Z'), isOpen('2026-01-12T07:00:00Z')]).toEqual([false, true]);
    expect([isOpen('2026-07-13T05:59:59Z'), isOpen('2026-07-13T06:00:00Z')]).toEqual([false, true]);
  });

  it('end with the minute they name', () => {
    expect([isOpen('2026-01-12T16:59:59Z'), isOpen('2026-01-12T17:00:00Z')]).toEqual([true, false]);
  });

  it('leave out the days that are not named', () => {
    expect(isOpen('2026-01-10T11:00:00Z')).toBe(false);
    expect(momentIn(berlin, new Date('2026-01-10T23:30:00Z'))).toEqual({
      hour: 0,
      weekday: 7,
      businessHours: false,
    });
  });

  it('can last to midnight', () => {
    const late = read('Mon-Sun 00:00-24:00 UTC');
    expect(momentIn(late, new Date('2026-01-10T23:59:59Z')).businessHours).toBe(true);
  });

  it('never hold at an instant that is none', () => {
    expect(momentIn(berlin, new Date('not a date')).businessHours).toBe(false);
  });

  it.each([
    'Mon-Fri 08:00-18:00',
    'Mon-Fri 8-18 UTC',
    'Fri-Mon 08:00-18:00 UTC',
    'Mon-Fri 18:00-08:00 UTC',
    'Mon-Fri 08:00-24:30 UTC',
    'Mon-Fri 08:00-18:00 Mars/Olympus',
    'Mon-Foo 08:00-18:00 UTC',
    '',
  ])('are refused when written as "%s"', (written) => {
    expect(readBusinessHours(written)).toBeNull();
  });
});
