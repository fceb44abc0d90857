import type { Change } from '@/server/domain/ports';

/** Short enough that nobody sees it, long enough that a batch of changes is one write. */
const GATHER_MS = 40;
const MOST_AT_ONCE = 100;
/** How long a workspace that changes all the time is gathered: nobody reads more than one new page a second. */
const CROWDED_MS = 1_000;

/**
 * Hands on changes together, each action once with its newest state. More than a hundred at a time become one null ("read everything
 * again"), at most once a second: a busy workspace must not cost every open tab thousands of events.
 */
export function gatherChanges(deliver: (changes: Change[] | null) => void) {
  const pending = new Map<string, Change>();
  let timer: NodeJS.Timeout | undefined;
  let wasCrowded = false;

  const flush = () => {
    timer = undefined;
    wasCrowded = pending.size > MOST_AT_ONCE;
    const changes = wasCrowded ? null : [...pending.values()];
    pending.clear();
    deliver(changes);
  };
  return {
    add(change: Change): void {
      pending.set(`${change.actionId ?? ''} ${change.runId ?? ''} ${change.config ?? ''}`, change);
      timer ??= setTimeout(flush, wasCrowded ? CROWDED_MS : GATHER_MS);
    },
    stop: () => clearTimeout(timer),
  };
}
