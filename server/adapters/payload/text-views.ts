/** A way to read a text, and where in the text something read that way stands. */
export type View = { text: string; place(start: number, end: number): [start: number, end: number] };

const UNSEEN = /[\p{Default_Ignorable_Code_Point}\p{Cf}]/u;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the question is whether anything is outside of ASCII
const BEYOND_ASCII = /[^\x00-\x7f]/;
const ESCAPED = /^(?:%[0-9a-f]{2})+/i;
const BASE64 = /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{16,}(?:\r?\n[A-Za-z0-9+/_-]+)*={0,2}/g;
const HEX = /(?<![0-9a-f])(?:[0-9a-f]{2}[ :]?){11,}[0-9a-f]{2}(?![0-9a-f])/gi;
const SPACED =
  /(?<![A-Za-z0-9])[A-Za-z0-9@+/=]([ ._*|,-])(?:[A-Za-z0-9@+/=]\1){5,}[A-Za-z0-9@+/=](?![A-Za-z0-9])/g;
/** Decoded texts inside a chunk that are read as well; more of them only cost time. */
const DECODED_MAX = 2_000;

/** Builds a text piece by piece and remembers where each of its characters came from. */
function mapped(pieces: Iterable<[text: string, start: number, end: number]>): View {
  let text = '';
  const starts: number[] = [];
  const ends: number[] = [];
  for (const [piece, start, end] of pieces) {
    text += piece;
    for (let i = 0; i < piece.length; i += 1) {
      starts.push(start);
      ends.push(end);
    }
  }
  return { text, place: (start, end) => [starts[start] ?? 0, ends[Math.max(start, end - 1)] ?? 0] };
}

/** What is left when full-width and other compatible forms are made plain and what draws nothing is taken out. */
function* plainPieces(text: string): Iterable<[string, number, number]> {
  let at = 0;
  for (const char of text) {
    const end = at + char.length;
    if (!UNSEEN.test(char)) yield [char < '\u0080' ? char : char.normalize('NFKC'), at, end];
    at = end;
  }
}

function* unescapedPieces(text: string): Iterable<[string, number, number]> {
  for (let at = 0; at < text.length; ) {
    const run = text[at] === '%' ? (ESCAPED.exec(text.slice(at, at + 600))?.[0] ?? '') : '';
    const end = at + (run.length || 1);
    yield [run === '' ? (text[at] ?? '') : decoded(run), at, end];
    at = end;
  }
}

function decoded(run: string): string {
  try {
    return decodeURIComponent(run);
  } catch {
    return run;
  }
}

/** Bytes that are text somebody wrote, not chance. */
function readable(bytes: Buffer): string | null {
  const text = bytes.toString('utf8');
  if (text.length < 8) return null;
  const odd = [...text].filter((c) => c === '\ufffd' || (c < ' ' && !'\n\r\t'.includes(c))).length;
  return odd / text.length > 0.05 ? null : text;
}

function* hiddenTexts(text: string): Iterable<View> {
  for (const [pattern, encoding] of [
    [BASE64, 'base64'],
    [HEX, 'hex'],
  ] as const) {
    for (const { 0: run, index } of text.matchAll(pattern)) {
      const inside = readable(Buffer.from(run.replace(/[\s:]/g, ''), encoding));
      if (inside !== null) yield { text: inside, place: () => [index, index + run.length] };
    }
  }
  for (const { 0: run, index } of text.matchAll(SPACED)) {
    yield mapped(
      [...run].flatMap((c, i) =>
        /[A-Za-z0-9@+/=]/.test(c) ? [[c, index + i, index + i + 1] as [string, number, number]] : [],
      ),
    );
  }
}

/**
 * Every way to read a text in which data could hide: as it is, without invisible and full-width characters, URL decoded, and what stands in it
 * as base64, hexadecimal or letter by letter. Bounded by the text's length.
 */
export function viewsOf(text: string): View[] {
  const views: View[] = [{ text, place: (start, end) => [start, end] }];
  if (BEYOND_ASCII.test(text)) views.push(mapped(plainPieces(text)));
  if (/%[0-9a-f]{2}/i.test(text)) views.push(mapped(unescapedPieces(text)));
  let room = DECODED_MAX;
  for (const view of [...views]) {
    for (const hidden of hiddenTexts(view.text)) {
      room -= 1;
      if (room < 0) return views;
      views.push({ text: hidden.text, place: (start, end) => view.place(...hidden.place(start, end)) });
    }
  }
  return views;
}
