/**
 * The words of a text: where each begins and ends, and its hash. Letters, digits and their marks make words; scripts written without spaces give
 * one word a character.
 */
export type Words = {
  text: string;
  count: number;
  starts: Uint32Array;
  ends: Uint32Array;
  hashes: Uint32Array;
};

const WORD = /[\p{L}\p{N}\p{M}]/u;
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const FNV_START = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

const isAsciiWord = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90);

/** 0: no part of a word, 1: part of one, 2: a word of its own. */
function kindOf(text: string, at: number, code: number): 0 | 1 | 2 {
  if (code < 128) return isAsciiWord(code) ? 1 : 0;
  const char = String.fromCodePoint(text.codePointAt(at) ?? code);
  return UNSPACED.test(char) ? 2 : WORD.test(char) ? 1 : 0;
}

/** The first half of a character from beyond the basic plane. */
const isWide = (code: number): boolean => code >= 0xd800 && code < 0xdc00;

/** Cuts a text in its plain form into words, in one pass; at most `most` of them. */
export function readWords(text: string, most = Number.POSITIVE_INFINITY): Words {
  let room = Math.min(most, Math.max(16, text.length >> 2));
  let [starts, ends, hashes] = [new Uint32Array(room), new Uint32Array(room), new Uint32Array(room)];
  let [count, begin, hash] = [0, -1, FNV_START];
  const grow = () => {
    room = Math.min(most, room * 2);
    [starts, ends, hashes] = [grown(starts, room), grown(ends, room), grown(hashes, room)];
  };
  const close = (end: number) => {
    if (begin < 0) return;
    if (count === room) grow();
    starts[count] = begin;
    ends[count] = end;
    hashes[count] = hash >>> 0;
    count += 1;
    [begin, hash] = [-1, FNV_START];
  };
  for (let at = 0; at < text.length && count < most; at += 1) {
    const code = text.charCodeAt(at);
    const wide = isWide(code) && at + 1 < text.length;
    const kind = kindOf(text, at, code);
    const end = at + (wide ? 2 : 1);
    if (kind !== 1) close(at);
    if (kind !== 0) {
      if (begin < 0) begin = at;
      for (let i = at; i < end; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME);
    }
    if (kind === 2) close(end);
    at = end - 1;
  }
  if (count < most) close(text.length);
  return { text, count, starts, ends, hashes };
}

function grown(from: Uint32Array, room: number): Uint32Array<ArrayBuffer> {
  const to = new Uint32Array(room);
  to.set(from);
  return to;
}

const mixed = (a: number, b: number, c: number): number => {
  let h = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b);
  h = Math.imul((h ^ (h >>> 13)) + b, 0xc2b2ae35);
  h = Math.imul((h ^ (h >>> 16)) + c, 0x27d4eb2f);
  return (h ^ (h >>> 15)) >>> 0 || 1;
};

/** Words this far apart belong together still: an address, a date, a number with separators, a list. */
const GAP_MAX = 6;
/** So many places of a frequent word are looked at; a value that only stands beyond them counts as not found. */
const PLACES_MAX = 20_000;
/** Runs of so many words count as taken over word for word. */
export const RUN_WORDS = 3;

/**
 * A text made ready for being searched many times: building costs one pass, finding a value a few steps, however long the text is. It finds
 * whole values, whatever stands between their words.
 */
export class WordIndex {
  readonly #words: Words;
  readonly #mask: number;
  /** First place of each hash, one more than its number; 0 is empty. */
  readonly #heads: Uint32Array;
  readonly #next: Uint32Array;
  readonly #runs: Uint32Array;

  constructor(text: string) {
    this.#words = readWords(text);
    const { count, hashes } = this.#words;
    let slots = 16;
    while (slots < count * 2) slots *= 2;
    this.#mask = slots - 1;
    this.#heads = new Uint32Array(slots);
    this.#next = new Uint32Array(count);
    this.#runs = new Uint32Array(slots);
    // From the end, so that the places of a word come in their order.
    for (let at = count - 1; at >= 0; at -= 1) {
      const slot = this.#slotOf(hashes[at] ?? 0);
      this.#next[at] = this.#heads[slot] ?? 0;
      this.#heads[slot] = at + 1;
    }
    for (let at = 0; at + RUN_WORDS <= count; at += 1) this.#noteRun(this.#runAt(this.#words, at));
  }

  /** Characters and words take about this much memory. */
  get bytes(): number {
    return (
      this.#words.text.length * 2 +
      this.#words.starts.length * 12 +
      this.#next.length * 4 +
      this.#heads.length * 8
    );
  }

  /** Whether these words stand in the text one after the other, as a whole. */
  holds(value: Words): boolean {
    if (value.count === 0) return false;
    // The longest word is most likely the rarest.
    let rare = 0;
    for (let i = 1; i < value.count; i += 1) if (lengthAt(value, i) > lengthAt(value, rare)) rare = i;
    const hash = value.hashes[rare] ?? 0;
    let place = this.#heads[this.#slotOf(hash)] ?? 0;
    for (let looked = 0; place !== 0 && looked < PLACES_MAX; looked += 1) {
      if (this.#standsAt(value, place - 1 - rare)) return true;
      place = this.#next[place - 1] ?? 0;
    }
    return false;
  }

  /** Marks every word that is part of a run taken over from this text, and answers how many of them it covers. */
  cover(value: Words, covered: Uint8Array): number {
    let [mine, last] = [0, -1];
    for (let at = 0; at + RUN_WORDS <= value.count; at += 1) {
      if (!this.#hasRun(this.#runAt(value, at))) continue;
      for (let i = Math.max(at, last + 1); i < at + RUN_WORDS; i += 1) {
        covered[i] = 1;
        mine += 1;
      }
      last = at + RUN_WORDS - 1;
    }
    return mine;
  }

  #standsAt(value: Words, first: number): boolean {
    const words = this.#words;
    if (first < 0 || first + value.count > words.count) return false;
    for (let i = 0; i < value.count; i += 1) {
      if (value.hashes[i] !== words.hashes[first + i]) return false;
      if (i > 0 && (words.starts[first + i] ?? 0) - (words.ends[first + i - 1] ?? 0) > GAP_MAX) return false;
    }
    return !isJoined(words, first) && !isJoined(words, first + value.count);
  }

  #slotOf(hash: number): number {
    const { hashes } = this.#words;
    let slot = (Math.imul(hash, 0x9e3779b1) >>> 0) & this.#mask;
    for (;;) {
      const head = this.#heads[slot] ?? 0;
      if (head === 0 || hashes[head - 1] === hash) return slot;
      slot = (slot + 1) & this.#mask;
    }
  }

  #runAt({ hashes }: Words, at: number): number {
    return mixed(hashes[at] ?? 0, hashes[at + 1] ?? 0, hashes[at + 2] ?? 0);
  }

  #noteRun(run: number): void {
    let slot = run & this.#mask;
    while (this.#runs[slot] !== 0 && this.#runs[slot] !== run) slot = (slot + 1) & this.#mask;
    this.#runs[slot] = run;
  }

  #hasRun(run: number): boolean {
    let slot = run & this.#mask;
    for (;;) {
      if (this.#runs[slot] === run) return true;
      if (this.#runs[slot] === 0) return false;
      slot = (slot + 1) & this.#mask;
    }
  }
}

const JOINER = /^[@._%+-]$/;

/** Whether a word goes on from the one before it, as in `finance@acme.com` or `2024-05-24`: then neither is a whole value. */
function isJoined({ text, starts, ends, count }: Words, at: number): boolean {
  if (at <= 0 || at >= count) return false;
  const [from, to] = [ends[at - 1] ?? 0, starts[at] ?? 0];
  return to - from === 1 && JOINER.test(text[from] ?? '');
}

const lengthAt = ({ starts, ends }: Words, at: number): number => (ends[at] ?? 0) - (starts[at] ?? 0);
