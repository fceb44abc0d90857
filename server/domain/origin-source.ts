import type { ExactName } from './exact-names';
import { holdsWhole, plainForm, strictForm } from './plain-form';
import type { ValueForms } from './value-forms';
import { WordIndex, type Words } from './word-index';

/** So much of one text is searched. What stands beyond counts as not found, which asks for more, never for less. */
export const SOURCE_CHARACTERS_MAX = 2_000_000;
const NESTED_MAX = 3;

/** The words of a JSON text: escapes undone, also in JSON that a tool returned as text. */
function textOf(json: string, depth = 0): string {
  if (depth === NESTED_MAX || !/^\s*["[{]/.test(json)) return json;
  try {
    const parts: string[] = [];
    collect(JSON.parse(json), parts, depth);
    return parts.join('\n');
  } catch {
    return json;
  }
}

function collect(value: unknown, parts: string[], depth: number): void {
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next === 'string') parts.push(textOf(next, depth + 1));
    else if (typeof next === 'number' || typeof next === 'boolean') parts.push(String(next));
    else if (Array.isArray(next)) for (let i = next.length - 1; i >= 0; i -= 1) open.push(next[i]);
    else if (next !== null && typeof next === 'object') {
      const entries = Object.entries(next);
      for (let i = entries.length - 1; i >= 0; i -= 1) {
        open.push(entries[i]?.[1], entries[i]?.[0]);
      }
    }
  }
}

/** A text that values can have come from, read once and searched often. */
export class OriginSource {
  readonly #text: string;
  readonly #index: WordIndex;
  #strict: string | null = null;
  /** Whether all of it is searched. */
  readonly whole: boolean;

  constructor(json: string) {
    this.whole = json.length <= SOURCE_CHARACTERS_MAX;
    this.#text = textOf(json.slice(0, SOURCE_CHARACTERS_MAX));
    this.#index = new WordIndex(plainForm(this.#text));
  }

  /** What it takes in memory, about. */
  get bytes(): number {
    return this.#index.bytes + this.#text.length * 4;
  }

  /** Whether the value stands in it as a whole, in any of the ways it can be written. */
  holds(forms: ValueForms): boolean {
    return forms.length > 0 && forms.every((part) => part.some((words) => this.#index.holds(words)));
  }

  /** Whether the value stands in it just as it is written, but for case and spaces. */
  holdsExactly({ name, isPath }: ExactName): boolean {
    this.#strict ??= strictForm(this.#text);
    return holdsWhole(this.#strict, strictForm(name), isPath);
  }

  /** Marks the words of a text that were taken over in runs; answers how many. */
  cover(words: Words, covered: Uint8Array): number {
    return this.#index.cover(words, covered);
  }
}
