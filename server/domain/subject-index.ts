/**
 * Data subjects by their keyed hash (64 bits, eight bytes each, packed one after the other), each with the classes somebody knows about it and
 * the hour it was last read about. Open addressing over typed arrays: 16 bytes a slot, where a Map of strings would take some 150.
 */
export const SUBJECT_BYTES = 8;

const FULLNESS = 0.6;
const FIRST_SLOTS = 64;
const BYTES_A_SLOT = 16;

export class SubjectIndex {
  #slots = FIRST_SLOTS;
  /** Low and high half of the hash beside each other; a hash of zero means an empty slot (one in 2^64 is never found again, and then counts as new). */
  #keys = new Uint32Array(FIRST_SLOTS * 2);
  #masks = new Uint32Array(FIRST_SLOTS);
  #hours = new Uint32Array(FIRST_SLOTS);
  #size = 0;
  readonly #perHour = new Map<number, number>();

  get size(): number {
    return this.#size;
  }

  get bytes(): number {
    return this.#slots * BYTES_A_SLOT;
  }

  /** Bits of the classes known about a subject, and the hour it was last read about (0: never); `at` is a byte offset into `packed`. */
  look(packed: Buffer, at: number): { mask: number; hour: number } {
    const slot = this.#find(packed.readUInt32LE(at), packed.readUInt32LE(at + 4));
    return { mask: this.#masks[slot] ?? 0, hour: this.#hours[slot] ?? 0 };
  }

  /** Takes in one subject: classes are added, the hour only ever moves forward. An `hour` of 0 says nothing about when. */
  learn(packed: Buffer, at: number, mask: number, hour: number): void {
    if (this.#size > this.#slots * FULLNESS) this.#grow();
    const [low, high] = [packed.readUInt32LE(at), packed.readUInt32LE(at + 4)];
    const slot = this.#find(low, high);
    if (this.#isFree(slot) && (low !== 0 || high !== 0)) {
      this.#keys[slot * 2] = low;
      this.#keys[slot * 2 + 1] = high;
      this.#size += 1;
    }
    this.#masks[slot] = (this.#masks[slot] ?? 0) | mask;
    const before = this.#hours[slot] ?? 0;
    if (hour <= before) return;
    this.#hours[slot] = hour;
    if (before > 0) this.#count(before, -1);
    this.#count(hour, 1);
  }

  /** How many subjects were read about in this hour or later. */
  countSince(hour: number): number {
    let sum = 0;
    for (const [at, n] of this.#perHour) if (at >= hour) sum += n;
    return sum;
  }

  /** Subjects with any of these classes. */
  countWith(mask: number): number {
    let n = 0;
    for (const each of this.#masks) if ((each & mask) !== 0) n += 1;
    return n;
  }

  /** Every subject that was ever read about (an hour above 0), packed. */
  packed(): Buffer {
    const out = Buffer.allocUnsafe(this.#size * SUBJECT_BYTES);
    let at = 0;
    for (let slot = 0; slot < this.#slots; slot += 1) {
      if (this.#isFree(slot) || (this.#hours[slot] ?? 0) === 0) continue;
      out.writeUInt32LE(this.#keys[slot * 2] ?? 0, at);
      out.writeUInt32LE(this.#keys[slot * 2 + 1] ?? 0, at + 4);
      at += SUBJECT_BYTES;
    }
    return out.subarray(0, at);
  }

  #count(hour: number, by: number): void {
    const n = (this.#perHour.get(hour) ?? 0) + by;
    if (n === 0) this.#perHour.delete(hour);
    else this.#perHour.set(hour, n);
  }

  #isFree(slot: number): boolean {
    return this.#keys[slot * 2] === 0 && this.#keys[slot * 2 + 1] === 0;
  }

  #find(low: number, high: number): number {
    // The hash is keyed and even already: its low bits are as good as any.
    let slot = low & (this.#slots - 1);
    while (!this.#isFree(slot) && (this.#keys[slot * 2] !== low || this.#keys[slot * 2 + 1] !== high)) {
      slot = (slot + 1) & (this.#slots - 1);
    }
    return slot;
  }

  #grow(): void {
    const [keys, masks, hours, slots] = [this.#keys, this.#masks, this.#hours, this.#slots];
    this.#slots = slots * 2;
    this.#keys = new Uint32Array(this.#slots * 2);
    this.#masks = new Uint32Array(this.#slots);
    this.#hours = new Uint32Array(this.#slots);
    for (let old = 0; old < slots; old += 1) {
      const [low, high] = [keys[old * 2] ?? 0, keys[old * 2 + 1] ?? 0];
      if (low === 0 && high === 0) continue;
      const slot = this.#find(low, high);
      this.#keys[slot * 2] = low;
      this.#keys[slot * 2 + 1] = high;
      this.#masks[slot] = masks[old] ?? 0;
      this.#hours[slot] = hours[old] ?? 0;
    }
  }
}
