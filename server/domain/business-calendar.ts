/** When a company is at work. `days` are 1 (Monday) to 7; minutes count from local midnight, `to` is not included. */
export type BusinessCalendar = {
  timeZone: string;
  days: readonly number[];
  fromMinute: number;
  toMinute: number;
};

/** An instant as people of that company live it. */
export type Moment = { hour: number; weekday: number; businessHours: boolean };

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const WRITTEN = /^(\w{3})-(\w{3}) ([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d) (\S+)$/;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Building a format costs a thousand times more than using it. */
function formatFor(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const options = {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  } as const;
  const made = new Intl.DateTimeFormat('en-GB', options);
  formats.set(timeZone, made);
  return made;
}

function isTimeZone(name: string): boolean {
  try {
    formatFor(name);
    return true;
  } catch {
    return false;
  }
}

/** Reads `Mon-Fri 08:00-18:00 Europe/Berlin`; null when it is not written like that or the time zone is unknown. */
export function readBusinessHours(written: string): BusinessCalendar | null {
  const [, first = '', last = '', fromHour, fromMinute, toHour, toMinute, timeZone = ''] =
    WRITTEN.exec(written.trim()) ?? [];
  const [from, to] = [DAYS.indexOf(first) + 1, DAYS.indexOf(last) + 1];
  const calendar = {
    timeZone,
    days: DAYS.map((_, i) => i + 1).filter((day) => day >= from && day <= to),
    fromMinute: Number(fromHour) * 60 + Number(fromMinute),
    toMinute: Number(toHour) * 60 + Number(toMinute),
  };
  const sound = from > 0 && calendar.days.length > 0 && calendar.fromMinute < calendar.toMinute;
  return sound && calendar.toMinute <= 24 * 60 && isTimeZone(timeZone) ? calendar : null;
}

/** What time it is for the people of that calendar. An instant that is none is never within business hours. */
export function momentIn(calendar: BusinessCalendar, at: Date): Moment {
  if (Number.isNaN(at.getTime())) return { hour: 0, weekday: 7, businessHours: false };
  const parts = new Map(
    formatFor(calendar.timeZone)
      .formatToParts(at)
      .map((p) => [p.type, p.value]),
  );
  const weekday = DAYS.indexOf(parts.get('weekday') ?? '') + 1;
  const hour = Number(parts.get('hour'));
  const minute = hour * 60 + Number(parts.get('minute'));
  const businessHours =
    calendar.days.includes(weekday) && minute >= calendar.fromMinute && minute < calendar.toMinute;
  return { hour, weekday, businessHours };
}
