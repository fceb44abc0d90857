import { z } from 'zod';

/** Where one value of the arguments came from. */
export const originFact = z.object({
  /** JSON pointer into the arguments. */
  pointer: z.string(),
  value: z.string(),
  origin: z.enum(['goal', 'mandate', 'directory', 'result', 'reason', 'nowhere']),
  detail: z.string(),
  trusted: z.boolean(),
  /** It says where something goes (a recipient, an account, a URL, a path) and came only from content nobody vouches for. */
  alarming: z.boolean(),
});
export type OriginFact = z.infer<typeof originFact>;

/** Where values of this run can have come from, in order of trust. */
export type OriginSources = {
  goal: string | null;
  mandate: unknown;
  /** E-mail addresses and names of the workspace's people and groups. */
  directory: readonly string[];
  results: readonly { tool: string; text: string; trusted: boolean }[];
};

const MIN_LENGTH = 3;
const MAX_VALUES = 60;
const MAX_RESULT_CHARACTERS = 1_000_000;
const SQL_LITERAL = /'((?:[^']|'')*)'|\b(\d{3,})\b/g;

/** Case, white space, quotes and URL encoding differ between where a value was read and where it is used. */
export function normalise(text: string): string {
  let plain = text;
  try {
    plain = decodeURIComponent(text);
  } catch {
    // Not URL encoded: a lone % is ordinary text.
  }
  return plain
    .normalize('NFKC')
    .toLowerCase()
    .replace(/["'`\s]+/g, ' ')
    .trim();
}

/** Characters that make a value part of a longer one: `e@acme.com` does not stand in `finance@acme.com`, nor `100` in `1000`. */
const JOINS_BEFORE = /[\p{L}\p{N}@._%+-]$/u;
const JOINS_AFTER = /^(?:[\p{L}\p{N}@_%+-]|\.[\p{L}\p{N}])/u;

/** Whether the text holds the value as a whole. Both normalised. */
function standsIn(text: string, needle: string): boolean {
  if (needle === '') return false;
  for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1)) {
    const end = at + needle.length;
    // Two code units hold the one character before or after, whatever plane it is from.
    if (
      !JOINS_BEFORE.test(text.slice(Math.max(0, at - 2), at)) &&
      !JOINS_AFTER.test(text.slice(end, end + 3))
    )
      return true;
  }
  return false;
}

function leaves(value: unknown, pointer: string, out: { pointer: string; value: string }[]): void {
  if (out.length >= MAX_VALUES) return;
  if (typeof value === 'string' || typeof value === 'number') out.push({ pointer, value: String(value) });
  else if (Array.isArray(value)) for (const [i, v] of value.entries()) leaves(v, `${pointer}/${i}`, out);
  else if (value !== null && typeof value === 'object') {
    for (const [key, v] of Object.entries(value))
      leaves(v, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`, out);
  }
}

/** A statement is the agent's own text; what matters are the values it carries. */
function literalsOf(statement: string): { pointer: string; value: string }[] {
  return [...statement.matchAll(SQL_LITERAL)].map((m) => ({
    pointer: '/statement',
    value: m[1]?.replaceAll("''", "'") ?? m[2] ?? '',
  }));
}

function valuesOf(
  args: Readonly<Record<string, unknown>>,
  isSql: boolean,
): { pointer: string; value: string }[] {
  const out: { pointer: string; value: string }[] = [];
  for (const [key, value] of Object.entries(args)) {
    if (isSql && key === 'statement' && typeof value === 'string') out.push(...literalsOf(value));
    else leaves(value, `/${key}`, out);
  }
  const seen = new Set<string>();
  return out
    .filter(
      (v) =>
        v.value.trim().length >= MIN_LENGTH &&
        !seen.has(`${v.pointer} ${v.value}`) &&
        seen.add(`${v.pointer} ${v.value}`),
    )
    .slice(0, MAX_VALUES);
}

/** An e-mail address, a URL or host, an IBAN, a file path: values that decide where something goes. */
const DESTINATION =
  /^[^\s@]+@[^\s@]+\.[^\s@]+$|^[a-z][a-z\d+.-]*:\/\/|^(www\.)?[a-z\d-]+(\.[a-z\d-]+)*\.[a-z]{2,}(\/|$)|^[a-z]{2}\d{2}( ?[a-z\d]){11,30}$|^(~|\.{0,2})?\/\S|^[a-z]:\\/i;

/** For each value in the arguments, the most trustworthy place it stands in; `nowhere` when the agent made it up. Bounded by the sizes above. */
export function originsOf(
  args: Readonly<Record<string, unknown>>,
  sources: OriginSources,
  isSql: boolean,
): OriginFact[] {
  const goal = normalise(sources.goal ?? '');
  const mandate = normalise(sources.mandate ? JSON.stringify(sources.mandate) : '');
  const directory = new Set(sources.directory.map(normalise));
  const results = sources.results.map((r) => ({
    ...r,
    text: normalise(r.text.slice(0, MAX_RESULT_CHARACTERS)),
  }));
  return valuesOf(args, isSql).map(({ pointer, value }) => {
    const needle = normalise(value);
    const view = (origin: OriginFact['origin'], detail: string, trusted: boolean): OriginFact => ({
      pointer,
      value,
      origin,
      detail,
      trusted,
      alarming: !trusted && origin === 'result' && DESTINATION.test(value.trim()),
    });
    if (standsIn(goal, needle)) return view('goal', 'Stands in the goal of the run', true);
    if (standsIn(mandate, needle)) return view('mandate', 'Stands in the mandate', true);
    if (directory.has(needle)) return view('directory', 'Known in the workspace', true);
    const hits = results.filter((r) => standsIn(r.text, needle));
    const best = hits.find((r) => r.trusted) ?? hits[0];
    if (best) {
      return view(
        'result',
        `Came from ${best.tool}${best.trusted ? '' : ', for which nobody vouches'}`,
        best.trusted,
      );
    }
    return view('nowhere', 'Found in nothing this run was given or has read', false);
  });
}
