import { momentIn, readBusinessHours } from './business-calendar';
import { LEVELS, type Level } from './vocabulary';

/** What of the held actions somebody wants by mail (`fromLevel` null: none) and when (`hours` null: always). */
export type MailChoice = { fromLevel: Level | null; hours: string | null };

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
