import { isSensitive } from './blast-radius';
import { SUBJECT_BYTES, SubjectIndex } from './subject-index';
import type { Classification } from './vocabulary';

/** One time somebody came to know something: which classes about whom. What the ledger is made of. */
export type Disclosure = {
  classes: readonly Classification[];
  /** Keyed hashes, packed; null when it is not known about whom. */
  subjects: Buffer | null;
  /** How many people; null when nobody could count them. */
  count: number | null;
  at: Date;
};

/** What a disclosure would add to what is known already. Null: could not be counted. */
export type Addition = {
  subjects: number | null;
  entries: number | null;
  classes: Classification[];
};

const HOUR_MS = 3_600_000;
const hourOf = (at: Date): number => Math.floor(at.getTime() / HOUR_MS);
/** The last bit stands for every further class: it is never taken for known, so that what it stands for always counts as new. */
const MAX_CLASSES = 31;

/**
 * What one person, agent or run has come to know: exact, per subject and class, as far as identities were handed out. What is only a number is
 * added on top, as if all of them were others; what is not even a number makes every sum unknown. It forgets nothing it was told.
 */
export class Knowledge {
  readonly #index = new SubjectIndex();
  readonly #bits = new Map<Classification, number>();
  readonly #unnamed: { hour: number; count: number | null; sensitive: boolean }[] = [];

  get bytes(): number {
    return this.#index.bytes + this.#unnamed.length * 64 + 512;
  }

  learn(disclosure: Disclosure): void {
    const sensitive = disclosure.classes.some(isSensitive);
    const hour = hourOf(disclosure.at);
    if (disclosure.subjects === null) {
      if (disclosure.count !== 0) this.#unnamed.push({ hour, count: disclosure.count, sensitive });
      return;
    }
    const mask = this.#maskOf(disclosure.classes);
    for (let at = 0; at < disclosure.subjects.length; at += SUBJECT_BYTES) {
      this.#index.learn(disclosure.subjects, at, mask, sensitive ? hour : 0);
    }
  }

  /** What would be new. Never less than what is new: identities nobody knows count as new ones. */
  adds(disclosure: Disclosure): Addition {
    const { subjects: packed, count, classes } = disclosure;
    if (packed === null) {
      if (count === 0) return { subjects: 0, entries: 0, classes: [] };
      const entries = count === null ? null : count * classes.length;
      return { subjects: count, entries, classes: [...classes] };
    }
    const wanted = this.#maskOf(classes);
    let [subjects, entries, missing] = [0, 0, 0];
    for (let at = 0; at < packed.length; at += SUBJECT_BYTES) {
      const lacks = this.#lacks(wanted, this.#index.look(packed, at).mask);
      if (lacks === 0) continue;
      subjects += 1;
      entries += bitsIn(lacks);
      missing |= lacks;
    }
    return { subjects, entries, classes: classes.filter((c) => (missing & this.#bitOf(c)) !== 0) };
  }

  /**
   * Whether the subject at this place of the disclosure has to be written down: a class about it is new, or (for windows of time) it was last
   * read about in an earlier hour.
   */
  isNews(disclosure: Disclosure, at: number, options: { hourly: boolean }): boolean {
    if (disclosure.subjects === null) return true;
    const known = this.#index.look(disclosure.subjects, at);
    if (this.#lacks(this.#maskOf(disclosure.classes), known.mask) !== 0) return true;
    if (!disclosure.classes.some(isSensitive)) return false;
    return known.hour < (options.hourly ? hourOf(disclosure.at) : 1);
  }

  /** Distinct people about whom something sensitive was learnt since `since` (to the hour, rounded so that nobody is missed). */
  people(since: Date | null): number | null {
    const hour = since === null ? 1 : hourOf(since);
    let sum = this.#index.countSince(hour);
    for (const unnamed of this.#unnamed) {
      if (!unnamed.sensitive || unnamed.hour < hour) continue;
      if (unnamed.count === null) return null;
      sum += unnamed.count;
    }
    return sum;
  }

  /** The same with this disclosure taken in. */
  peopleWith(disclosure: Disclosure, since: Date | null): number | null {
    const before = this.people(since);
    if (before === null || !disclosure.classes.some(isSensitive)) return before;
    if (disclosure.subjects === null) return disclosure.count === null ? null : before + disclosure.count;
    const hour = since === null ? 1 : hourOf(since);
    let more = 0;
    for (let at = 0; at < disclosure.subjects.length; at += SUBJECT_BYTES) {
      if (this.#index.look(disclosure.subjects, at).hour < hour) more += 1;
    }
    return before + more;
  }

  /** Everybody about whom something sensitive is known: their hashes, packed, and how many more there are without (null: nobody knows). */
  everybody(): { subjects: Buffer; unnamed: number | null } {
    let unnamed: number | null = 0;
    for (const each of this.#unnamed) {
      if (each.sensitive) unnamed = each.count === null || unnamed === null ? null : unnamed + each.count;
    }
    return { subjects: this.#index.packed(), unnamed };
  }

  /** How many subjects each class is known about, identities only. */
  countByClass(): Map<Classification, number> {
    return new Map([...this.#bits].map(([name, bit]) => [name, this.#index.countWith(bit)]));
  }

  #lacks(wanted: number, known: number): number {
    return (wanted & ~known) | (wanted & (1 << MAX_CLASSES));
  }

  #maskOf(classes: readonly Classification[]): number {
    return classes.reduce((mask, name) => mask | this.#bitOf(name), 0);
  }

  #bitOf(name: Classification): number {
    const known = this.#bits.get(name);
    if (known !== undefined) return known;
    const bit = 1 << Math.min(this.#bits.size, MAX_CLASSES);
    this.#bits.set(name, bit);
    return bit;
  }
}

function bitsIn(mask: number): number {
  let n = 0;
  for (let rest = mask >>> 0; rest !== 0; rest &= rest - 1) n += 1;
  return n;
}
