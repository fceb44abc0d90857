/** Who waits, in whose name. Whoever has least gets the next turn; among equals whoever has waited longest for one. */
export class Turns<T> {
  /** In the order in which they are next. */
  private readonly waiting = new Map<string, T[]>();

  add(name: string, item: T): void {
    const own = this.waiting.get(name);
    if (own === undefined) this.waiting.set(name, [item]);
    else own.push(item);
  }

  remove(name: string, item: T): void {
    const own = this.waiting.get(name) ?? [];
    const index = own.indexOf(item);
    if (index !== -1) own.splice(index, 1);
    if (own.length === 0) this.waiting.delete(name);
  }

  /** Takes out what is next; null when nobody waits who may have more. `has` says how much each has now, `may` whether that can grow. */
  next(
    has: (name: string) => number,
    may: (name: string) => boolean = () => true,
  ): { name: string; item: T } | null {
    let chosen: string | null = null;
    for (const name of this.waiting.keys()) {
      if (!may(name)) continue;
      if (chosen === null || has(name) < has(chosen)) chosen = name;
    }
    const own = chosen === null ? undefined : this.waiting.get(chosen);
    const item = own?.shift();
    if (chosen === null || own === undefined || item === undefined) return null;
    this.waiting.delete(chosen);
    if (own.length > 0) this.waiting.set(chosen, own);
    return { name: chosen, item };
  }

  countOf(name: string): number {
    return this.waiting.get(name)?.length ?? 0;
  }

  get isEmpty(): boolean {
    return this.waiting.size === 0;
  }
}
