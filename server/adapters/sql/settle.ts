import type { Preparation } from './preparation';
import { readCounted } from './rehearsal';
import type { Session } from './session';

/** From here on a session can be told to hand in what it counted at once; before, the next statement would be counted together with the last. */
const HANDS_IN_COUNTS = 150_000;

/** A server process grows with what it has seen. */
const MOST_TIMES = 100;

/** What a rollback leaves in a session. Settings it puts back by itself. */
const SETTLE = `CLOSE ALL; UNLISTEN *; SELECT pg_catalog.pg_advisory_unlock_all(); DISCARD TEMP; DISCARD SEQUENCES;
SELECT pg_catalog.pg_stat_force_next_flush()`;

/**
 * Makes a session in which a statement was measured ready for another one. False where it cannot be made sure that the next is measured as if
 * it were the first.
 */
export async function settle(session: Session): Promise<boolean> {
  if (session.identity.serverVersion < HANDS_IN_COUNTS || session.timesSettled >= MOST_TIMES) return false;
  session.timesSettled += 1;
  await session.fixed(SETTLE);
  const { counts } = await readCounted(session);
  return counts.length === 0 && (await session.isOursAgain());
}

/**
 * Whether a statement that was measured can have left nothing in its session but what `settle` ends: all it called is known, and written in
 * languages that keep nothing beyond a transaction.
 */
export const leavesNothing = (before: Preparation, after: Preparation): boolean =>
  before.found.exact &&
  // What was found attached to rows it turned out to write was assessed by nobody.
  before.facts.functions.length === after.facts.functions.length &&
  !before.assessment.unknowns.some(({ code }) => code === 'opaque_function' || code === 'side_effect');
