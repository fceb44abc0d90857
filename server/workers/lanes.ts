import { Turns } from '@/server/domain/turns';

/**
 * At most this many measurements and executions at once in this process; the rest queue in memory and stay findable in the database. Whoever has
 * fewest lanes gets the next one, so that an agent that plans a thousand statements delays nobody else's, and no execution.
 */
const LANES = 8;
/** So that others find a lane at once, however long one agent's statements take to be measured. */
const LANES_OF_ONE = LANES / 2;
/** In whose name people's decisions are carried out. */
export const RELEASED = 'released';

type Job = () => Promise<void>;

/** Work done a few jobs at a time, in turns by the name it is done in. Jobs never reject. */
export class Lanes {
  private readonly queue = new Turns<Job>();
  private readonly busy = new Map<string, number>();
  private readonly running = new Set<Promise<void>>();
  private taken = 0;
  private stopped = false;

  add(name: string, job: Job): void {
    this.queue.add(name, job);
    this.pump();
  }

  /** Work that takes no lane but is waited for like any other. */
  beside(job: Promise<unknown>): void {
    const done: Promise<void> = job.then(() => void this.running.delete(done));
    this.running.add(done);
  }

  /** Begins nothing more and resolves when what is under way is done. */
  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.allSettled([...this.running]);
  }

  private pump(): void {
    while (!this.stopped && this.taken < LANES) {
      const next = this.queue.next(
        (name) => this.busy.get(name) ?? 0,
        (name) => name === RELEASED || (this.busy.get(name) ?? 0) < LANES_OF_ONE,
      );
      if (next === null) return;
      this.count(next.name, 1);
      this.beside(
        next.item().finally(() => {
          this.count(next.name, -1);
          this.pump();
        }),
      );
    }
  }

  private count(name: string, by: 1 | -1): void {
    this.taken += by;
    const now = (this.busy.get(name) ?? 0) + by;
    if (now > 0) this.busy.set(name, now);
    else this.busy.delete(name);
  }
}
