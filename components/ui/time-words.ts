const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A span in the largest unit that keeps it exact enough to act on: `45 s`, `12 min`, `3 h 20 min`, `2 d`. */
export function spanWords(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < MINUTE) return `${whole} s`;
  if (whole < HOUR) return `${Math.floor(whole / MINUTE)} min`;
  if (whole < 10 * HOUR) {
    const minutes = Math.floor((whole % HOUR) / MINUTE);
    return `${Math.floor(whole / HOUR)} h${minutes ? ` ${minutes} min` : ''}`;
  }
  if (whole < 2 * DAY) return `${Math.floor(whole / HOUR)} h`;
  return `${Math.floor(whole / DAY)} d`;
}

/** `just now`, `5 min ago`, `in 3 h`. */
export function relativeWords(at: number, now: number): string {
  const seconds = (at - now) / 1000;
  if (Math.abs(seconds) < 5) return 'just now';
  return seconds > 0 ? `in ${spanWords(seconds)}` : `${spanWords(-seconds)} ago`;
}

let exact: Intl.DateTimeFormat | undefined;

/** Day, time to the second and zone: what is read aloud in an incident. */
export function absoluteWords(iso: string): string {
  // Made when it is first asked for, and once: making one takes longer than drawing the row it stands in.
  exact ??= new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  });
  return exact.format(new Date(iso));
}

/** The day alone: `27 Nov`, with the year when it is another one. */
export const dayWords = (iso: string): string =>
  new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    ...(new Date(iso).getFullYear() === new Date().getFullYear() ? {} : { year: 'numeric' }),
  }).format(new Date(iso));
