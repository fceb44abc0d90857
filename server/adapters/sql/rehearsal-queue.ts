/**
 * At most so many rehearsals per target at once: each holds locks and a snapshot on somebody's working database. Others wait their
 * turn, but not beyond their own deadline.
 */
export class RehearsalQueue {
  private readonly running = new Map<string, number>();
  private readonly waiting = new Map<string, (() => void)[]>();

  constructor(private readonly atOnce: number) {}

  /** Waits for a turn; false when none came in time. Every true must be followed by one `leave`. */
  async enter(target: string, waitMs: number, signal?: AbortSignal): Promise<boolean> {
    if (this.take(target)) return true;
    return new Promise((resolve) => {
      const queue = this.waiting.get(target) ?? [];
      this.waiting.set(target, queue);
      const admit = (): void => settle(true);
      const giveUp = (): void => settle(false);
      const timer = setTimeout(giveUp, Math.max(0, waitMs));
      const settle = (admitted: boolean): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', giveUp);
        const index = queue.indexOf(admit);
        if (index !== -1) queue.splice(index, 1);
        resolve(admitted);
      };
      queue.push(admit);
      signal?.addEventListener('abort', giveUp, { once: true });
    });
  }

  leave(target: string): void {
    const next = this.waiting.get(target)?.shift();
    if (next !== undefined) {
      next();
      return;
    }
    const running = (this.running.get(target) ?? 1) - 1;
    if (running > 0) this.running.set(target, running);
    else {
      this.running.delete(target);
      this.waiting.delete(target);
    }
  }

  private take(target: string): boolean {
    const running = this.running.get(target) ?? 0;
    if (running >= this.atOnce) return false;
    this.running.set(target, running + 1);
    return true;
  }
}
