import { momentIn, readBusinessHours } from './business-calendar';
import { LEVELS, type Level } from './vocabulary';

export const DIGESTS = ['hourly', 'daily'] as const;
export type Digest = (typeof DIGESTS)[number];

/** What of the held actions somebody wants to be told (`fromLevel` null: none), when (`hours` null: always), and whether mails come together. */
export type MailChoice = { fromLevel: Level | null; hours: string | null; digest: Digest | null };

const STEP_SECONDS = 300;
const WEEK_SECONDS = 7 * 24 * 3_600;

/** Whether somebody wants a notice of this level. One without a level is about more than one action, such as a halt: that reaches everybody. */
export function wantsMail(choice: MailChoice | null, level: Level | null): boolean {
  if (choice === null || level === null) return true;
  return choice.fromLevel !== null && LEVELS.indexOf(level) >= LEVELS.indexOf(choice.fromLevel);
}

/** Seconds until the hours somebody chose begin, 0 while they last; to five minutes. Hours nobody can read are none. */
export function secondsUntilWanted(choice: MailChoice | null, level: Level | null, at: Date): number {
  const calendar = choice?.hours && level !== null ? readBusinessHours(choice.hours) : null;
  if (calendar === null || momentIn(calendar, at).businessHours) return 0;
  const seconds = Math.floor(at.getTime() / 1_000);
  for (let wait = STEP_SECONDS - (seconds % STEP_SECONDS); wait <= WEEK_SECONDS; wait += STEP_SECONDS) {
    if (momentIn(calendar, new Date((seconds + wait) * 1_000)).businessHours) return wait;
  }
  return 0;
}

/** Whether what is told of this level comes with the next digest. What is critical never waits for one. */
export const comesTogether = (choice: MailChoice | null, level: Level | null): boolean =>
  choice !== null && choice.digest !== null && level !== null && level !== 'critical';

/**
 * Seconds until the next digest is due, to five minutes: at full hours within the hours somebody chose, or when those begin; without hours of their
 * own a daily one comes at 08:00 UTC.
 */
export function secondsUntilDigest(choice: MailChoice, at: Date): number {
  const calendar = choice.hours === null ? null : readBusinessHours(choice.hours);
  const within = (ms: number) => calendar === null || momentIn(calendar, new Date(ms)).businessHours;
  const isDue = (ms: number): boolean => {
    const then = new Date(ms);
    if (choice.digest === 'hourly') return then.getUTCMinutes() === 0 && within(ms);
    if (calendar !== null) return within(ms) && !within(ms - STEP_SECONDS * 1_000);
    return then.getUTCMinutes() === 0 && then.getUTCHours() === 8;
  };
  const seconds = Math.floor(at.getTime() / 1_000);
  for (let wait = STEP_SECONDS - (seconds % STEP_SECONDS); wait <= WEEK_SECONDS; wait += STEP_SECONDS) {
    if (isDue((seconds + wait) * 1_000)) return wait;
  }
  return WEEK_SECONDS / 7;
}
