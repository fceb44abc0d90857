import { decodeHTML } from 'entities';

const BACKSLASHED = /\\(?:u([0-9a-f]{4})|x([0-9a-f]{2})|[nrt])/gi;
const ESCAPED = /(?:%[0-9a-f]{2})+/gi;
const UNSEEN = /[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the question is whether anything is outside of ASCII
const BEYOND_ASCII = /[^\x00-\x7f]/;

/** Undoes URL encoding run by run: a lone % is ordinary text, and one broken run must not keep the others encoded. */
function decodeEscapes(text: string): string {
  if (!text.includes('%')) return text;
  return text.replace(ESCAPED, (run) => {
    try {
      return decodeURIComponent(run);
    } catch {
      return run;
    }
  });
}

/** Texts inside texts (YAML, logs, code) keep their escapes: without this, what follows a `\\n` would have another first letter. */
const decodeBackslashes = (text: string): string =>
  text.replace(BACKSLASHED, (_, wide?: string, narrow?: string) => {
    const code = wide ?? narrow;
    return code === undefined ? ' ' : String.fromCharCode(Number.parseInt(code, 16));
  });

/**
 * A text as it is compared: case, URL encoding, HTML entities, backslash escapes, full-width and other compatible forms, and characters that draw nothing make no
 * difference. Spaces, quotes and punctuation stay: what compares words passes over them.
 */
export function plainForm(text: string): string {
  let plain = text.includes('&') ? decodeHTML(text) : text;
  plain = decodeEscapes(plain);
  if (plain.includes('\\')) plain = decodeBackslashes(plain);
  if (BEYOND_ASCII.test(plain)) plain = plain.normalize('NFKC').replace(UNSEEN, '');
  return plain.toLowerCase();
}

/**
 * A text as it is compared where being equal means being trusted: only case, composition and runs of spaces make no difference. An address that
 * is merely written like a trusted one is another address.
 */
export const strictForm = (text: string): string =>
  text.normalize('NFC').toLowerCase().replace(/\s+/g, ' ').trim();

/** Characters that make a value part of a longer one: `e@acme.com` does not stand in `finance@acme.com`, nor `100` in `1000`. */
const JOINS_BEFORE = /[\p{L}\p{N}@._%+-]$/u;
const JOINS_AFTER = /^(?:[\p{L}\p{N}@_%+-]|\.[\p{L}\p{N}])/u;

/** Whether what stands between these offsets is whole, and no part of a longer address, number or path. */
const standsAlone = (text: string, start: number, end: number): boolean =>
  // Two code units hold the one character before or after, whatever plane it is from.
  !JOINS_BEFORE.test(text.slice(Math.max(0, start - 2), start)) &&
  !JOINS_AFTER.test(text.slice(end, end + 3));

/** Whether the text holds the value as a whole. Both in the same form. A path is whole only where no longer path goes on from it. */
export function holdsWhole(text: string, value: string, isPath = false): boolean {
  if (value === '') return false;
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) {
    const end = at + value.length;
    if (standsAlone(text, at, end) && !(isPath && /^[/?#&=]\S/.test(text.slice(end, end + 2)))) return true;
  }
  return false;
}
