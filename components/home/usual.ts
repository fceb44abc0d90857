import type { UsageHourView } from '@/server/domain/home-views';

export const USAGE_METRICS = ['people', 'audience', 'rowsChanged', 'planned'] as const;
export type UsageMetric = (typeof USAGE_METRICS)[number];

/** One hour of the day: what had come by its end today (null when it is still to come) and on usual days. */
export type UsualPoint = { hour: number; today: number | null; median: number; low: number; high: number };

const HOUR_MS = 3_600_000;
const DAYS = 14;

function quantile(sorted: readonly number[], q: number): number {
  const at = (sorted.length - 1) * q;
  const [below, above] = [sorted[Math.floor(at)] ?? 0, sorted[Math.ceil(at)] ?? 0];
  return below + (above - below) * (at - Math.floor(at));
}

/**
 * What had come up to each hour of today, beside the median and the middle half of the fourteen days before: a day is compared with days, not with
 * hours, because a total that runs away shows at once and stays. Days before the first known hour do not count; null when there is none.
 * `offsetMinutes` is the time zone as `Date.getTimezoneOffset` gives it.
 */
export function todayAgainstUsual(
  hours: readonly UsageHourView[],
  metric: UsageMetric,
  now: Date,
  offsetMinutes: number,
): { points: UsualPoint[]; today: number; usualByNow: number | null; days: number } {
  const local = (at: number) => at - offsetMinutes * 60_000;
  const dayOf = (at: number) => Math.floor(local(at) / (24 * HOUR_MS));
  const hourOf = (at: number) => Math.floor((local(at) % (24 * HOUR_MS)) / HOUR_MS);
  const today = dayOf(now.getTime());
  const days = new Map<number, number[]>();
  for (const row of hours) {
    const at = Date.parse(row.hour);
    const day = days.get(dayOf(at)) ?? new Array<number>(24).fill(0);
    day[hourOf(at)] = (day[hourOf(at)] ?? 0) + row[metric];
    days.set(dayOf(at), day);
  }
  const first = Math.max(Math.min(today, ...days.keys()), today - DAYS);
  const running = (day: number): number[] => {
    let sum = 0;
    return (days.get(day) ?? new Array<number>(24).fill(0)).map((each) => {
      sum += each;
      return sum;
    });
  };
  const before = Array.from({ length: today - first }, (_, i) => running(first + i));
  const mine = running(today);
  const nowHour = hourOf(now.getTime());
  const points = mine.map((sum, hour): UsualPoint => {
    const usual = before.map((day) => day[hour] ?? 0).sort((a, b) => a - b);
    return {
      hour,
      today: hour <= nowHour ? sum : null,
      median: quantile(usual, 0.5),
      low: quantile(usual, 0.25),
      high: quantile(usual, 0.75),
    };
  });
  return {
    points,
    today: mine[nowHour] ?? 0,
    usualByNow: before.length === 0 ? null : (points[nowHour]?.median ?? 0),
    days: before.length,
  };
}
