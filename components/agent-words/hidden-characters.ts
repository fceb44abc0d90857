import { LOOKALIKES } from './lookalikes';

/** A piece of text as it must be shown: ordinary, or something that would hide, reorder or impersonate if drawn as it is. */
export type Piece =
  | { kind: 'text'; text: string }
  /** Draws nothing. `says` is what a run of tag characters spells, which no person would see. */
  | { kind: 'invisible'; text: string; code: string; name: string; count: number; says?: string }
  /** Changes the order in which the following text is drawn. */
  | { kind: 'reorders'; text: string; code: string; name: string; count: number }
  /** A letter of another script that looks like a Latin one. */
  | { kind: 'lookalike'; text: string; code: string; like: string };

const NAMES: Readonly<Record<string, string>> = {
  '00A0': 'no-break space',
  '00AD': 'soft hyphen',
  '034F': 'combining grapheme joiner',
  '061C': 'Arabic letter mark',
  '115F': 'Hangul filler',
  '180E': 'Mongolian vowel separator',
  '200B': 'zero width space',
  '200C': 'zero width non-joiner',
  '200D': 'zero width joiner',
  '200E': 'left-to-right mark',
  '200F': 'right-to-left mark',
  '2028': 'line separator',
  '2029': 'paragraph separator',
  '202A': 'left-to-right embedding',
  '202B': 'right-to-left embedding',
  '202C': 'end of embedding',
  '202D': 'left-to-right override',
  '202E': 'right-to-left override',
  '2060': 'word joiner',
  '2066': 'left-to-right isolate',
  '2067': 'right-to-left isolate',
  '2068': 'first strong isolate',
  '2069': 'end of isolate',
  '2800': 'blank Braille pattern',
  '3164': 'Hangul filler',
  FEFF: 'byte order mark',
  FFFC: 'object replacement',
};

const REORDERS = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/u;
const TAG = /[\u{E0000}-\u{E007F}]/u;
const INVISIBLE =
  /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\uFFFC]|(?! )\p{Zs}/u;
const PLAIN_CONTROL = /[\n\t\r]/;
const PICTURE = /\p{Extended_Pictographic}/u;
/** Everything that could need marking, in one look: most texts have none of it. */
const SUSPECT = /[^\n\r\t\x20-\x7E]/;
const WORD = /[\p{L}\p{M}\p{N}_]+/gu;

export const codeOf = (char: string): string =>
  (char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');

function nameOf(char: string, code: string): string {
  if (TAG.test(char)) return 'tag character';
  if (/[\uFE00-\uFE0F\u{E0100}-\u{E01EF}]/u.test(char)) return 'variation selector';
  if (/\p{Zs}/u.test(char)) return NAMES[code] ?? 'unusual space';
  if (/\p{Co}/u.test(char)) return 'private use character';
  if (/\p{Cs}/u.test(char)) return 'half of a character';
  if (/\p{Cc}/u.test(char)) return 'control character';
  return NAMES[code] ?? 'invisible character';
}

// A picture's own selector and joiner are how pictures are written, not something hidden.
const belongsToPicture = (char: string, before: string): boolean =>
  (char === '\uFE0F' || char === '\u200D') && (PICTURE.test(before) || before === '\uFE0F');

/** Offsets of letters that stand in for Latin ones. */
function lookalikePositions(text: string): Set<number> {
  const found = new Set<number>();
  const latinText = /\p{Script=Latin}/u.test(text);
  for (const match of text.matchAll(WORD)) {
    const word = [...match[0]];
    const alike = word.filter((char) => LOOKALIKES.has(char)).length;
    if (alike === 0) continue;
    const latin = word.some((char) => /\p{Script=Latin}/u.test(char) && !LOOKALIKES.has(char));
    const letters = word.filter((char) => /\p{L}/u.test(char)).length;
    // A whole word drawn with foreign letters only deceives among Latin ones; real Russian or Greek text stays as it is.
    const impersonates = latin || (latinText && alike === letters && letters > 1);
    const wide = word.some((char) => /[\uFF01-\uFF5E\u{1D400}-\u{1D7FF}]/u.test(char));
    if (!impersonates && !wide) continue;
    let offset = match.index;
    for (const char of word) {
      if (LOOKALIKES.has(char)) found.add(offset);
      offset += char.length;
    }
  }
  return found;
}

function pieceOf(char: string, before: string, lookalike: boolean): Piece {
  if (!SUSPECT.test(char) || belongsToPicture(char, before)) return { kind: 'text', text: char };
  const code = codeOf(char);
  if (REORDERS.test(char)) {
    return { kind: 'reorders', text: char, code, name: NAMES[code] ?? 'direction mark', count: 1 };
  }
  if (INVISIBLE.test(char) && !PLAIN_CONTROL.test(char)) {
    const says = TAG.test(char) ? { says: String.fromCodePoint((char.codePointAt(0) ?? 0) - 0xe0000) } : {};
    return { kind: 'invisible', text: char, code, name: nameOf(char, code), count: 1, ...says };
  }
  if (lookalike) return { kind: 'lookalike', text: char, code, like: LOOKALIKES.get(char) ?? '' };
  return { kind: 'text', text: char };
}

function join(last: Piece | undefined, next: Piece): Piece | null {
  if (!last || last.kind !== next.kind) return null;
  if (last.kind === 'text') return { ...last, text: last.text + next.text };
  if (last.kind === 'invisible' && next.kind === 'invisible' && last.name === next.name) {
    const says = last.says === undefined ? {} : { says: last.says + (next.says ?? '') };
    return { ...last, text: last.text + next.text, count: last.count + 1, ...says };
  }
  return null;
}

/**
 * Cuts a text so that nothing in it can hide, reorder or impersonate. Joining the pieces' `text` gives back exactly what came in.
 */
export function piecesOf(text: string): Piece[] {
  if (!SUSPECT.test(text)) return text ? [{ kind: 'text', text }] : [];
  const alike = lookalikePositions(text);
  const pieces: Piece[] = [];
  let before = '';
  let offset = 0;
  for (const char of text) {
    const next = pieceOf(char, before, alike.has(offset));
    offset += char.length;
    const joined = join(pieces.at(-1), next);
    if (joined) pieces[pieces.length - 1] = joined;
    else pieces.push(next);
    before = char;
  }
  return pieces;
}
