import { Turns } from '@/server/domain/turns';

type Place = { running: Map<string, number>; total: number; waiting: Turns<() => void> };

/** More measurements than this of one agent do not wait for the same target: they would only wait for each other. */
export const MOST_WAITING = 50;

/**
 * At most so many rehearsals per target at once: each holds locks and a snapshot on somebody's working database. Others wait their turn, but
 * not beyond their own deadline. A place that becomes free goes to the agent that has fewest, so that nobody waits behind everything that
 * another planned; who is alone may have them all.
 */
export class RehearsalQueue {
  private readonly places = new Map<string, Place>();

  constructor(private readonly atOnce: number) {}

  /** Waits for a turn; `late` when none came in time. Every `in` must be followed by one `leave`. */
  async enter(
    target: string,
    agent: string,
    waitMs: number,
    signal?: AbortSignal,
  ): Promise<'in' | 'late' | 'crowded'> {
    const place = this.places.get(target) ?? { running: new Map(), total: 0, waiting: new Turns() };
    this.places.set(target, place);
    if (place.total < this.atOnce) {
      admit(place, agent);
      return 'in';
    }
    if (place.waiting.countOf(agent) >= MOST_WAITING) return 'crowded';
    return new Promise((resolve) => {
      const settle = (how: 'in' | 'late'): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', giveUp);
        resolve(how);
      };
      const enter = (): void => settle('in');
      const giveUp = (): void => {
        place.waiting.remove(agent, enter);
        settle('late');
      };
      const timer = setTimeout(giveUp, Math.max(0, waitMs));
      place.waiting.add(agent, enter);
      signal?.addEventListener('abort', giveUp, { once: true });
    });
  }

  leave(target: string, agent: string): void {
    const place = this.places.get(target);
    if (place === undefined) return;
    const left = (place.running.get(agent) ?? 1) - 1;
    if (left > 0) place.running.set(agent, left);
    else place.running.delete(agent);
    place.total -= 1;
    const next = place.waiting.next((name) => place.running.get(name) ?? 0);
    if (next !== null) {
      admit(place, next.name);
      next.item();
    } else if (place.total === 0) this.places.delete(target);
  }
}

function admit(place: Place, agent: string): void {
  place.running.set(agent, (place.running.get(agent) ?? 0) + 1);
  place.total += 1;
}
