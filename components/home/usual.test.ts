import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { UsageHourView } from '@/server/domain/home-views';
import { todayAgainstUsual } from './usual';

const HOUR = 3_600_000;
const NOW = new Date('2026-11-26T15:20:00Z');
const row = (hoursAgo: number, people: number): UsageHourView => ({
  hour: new Date(Math.floor(NOW.getTime() / HOUR) * HOUR - hoursAgo * HOUR).toISOString(),
  planned: 1,
  held: 0,
  denied: 0,
  ran: 1,
  people,
  rowsChanged: 0,
  audience: 0,
  uncounted: 0,
});

test('today is added up to now and compared with the median of the days before by the same hour', () => {
  const before = Array.from({ length: 14 }, (_, day) => row((day + 1) * 24, 10 * (day + 1)));
  const { points, today, usualByNow, days } = todayAgainstUsual(
    [row(0, 30), row(3, 12), ...before],
    'people',
    NOW,
    0,
  );
  expect([today, usualByNow, days]).toEqual([42, 75, 14]);
  expect(points[14]).toEqual({ hour: 14, today: 12, median: 0, low: 0, high: 0 });
  expect(points[15]).toEqual({ hour: 15, today: 42, median: 75, low: 42.5, high: 107.5 });
  expect(points[16]?.today).toBeNull();
});

test('a day begins where the reader is', () => {
  // 02:20 on the 27th in Auckland's winter time of twelve hours: what came three hours ago was yesterday.
  const { today, days } = todayAgainstUsual([row(0, 5), row(4, 7)], 'people', NOW, -12 * 60);
  expect([today, days]).toEqual([5, 1]);
});

test('days before anything was known do not make today look large', () => {
  const { usualByNow, days } = todayAgainstUsual([row(0, 5), row(48, 9)], 'people', NOW, 0);
  expect([usualByNow, days]).toEqual([4.5, 2]);
  expect(todayAgainstUsual([row(0, 5)], 'people', NOW, 0).usualByNow).toBeNull();
});

test('nothing is lost and a running total never falls, whatever the hours and the time zone', () => {
  const hours = fc.array(fc.tuple(fc.integer({ min: 0, max: 15 * 24 }), fc.nat(1_000)), { maxLength: 50 });
  fc.assert(
    fc.property(hours, fc.integer({ min: -14 * 60, max: 12 * 60 }), (made, offset) => {
      const { points, today } = todayAgainstUsual(
        made.map(([ago, people]) => row(ago, people)),
        'people',
        NOW,
        offset,
      );
      const sums = points.map((point) => point.today).filter((sum) => sum !== null);
      expect(sums).toEqual([...sums].sort((a, b) => a - b));
      expect(today).toBe(sums.at(-1));
      for (const point of points) expect(point.low <= point.median && point.median <= point.high).toBe(true);
    }),
  );
});
