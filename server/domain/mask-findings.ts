import type { Footprint } from './footprint';
import { toPointer } from './json-pointer';
import { type Sight, sightOf } from './masking';
import type { OriginFact } from './origins';
import type { PayloadFinding } from './payload';

/** Stands for each character of what is not shown, so that every other offset stays true. */
const HIDDEN = '•';

type Seen = { args: Record<string, unknown>; origins: OriginFact[]; footprint: Footprint | null };

const cover = (text: string, findings: readonly PayloadFinding[]): string => {
  let covered = text;
  for (const { start, end } of findings)
    covered = covered.slice(0, start) + HIDDEN.repeat(Math.max(0, end - start)) + covered.slice(end);
  return covered;
};

/** A number that is a finding becomes text: there are no digits left. */
function coverLeaves(
  value: unknown,
  path: readonly PropertyKey[],
  at: ReadonlyMap<string, PayloadFinding[]>,
): unknown {
  if (Array.isArray(value)) return value.map((each, i) => coverLeaves(each, [...path, i], at));
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, coverLeaves(each, [...path, key], at)]),
    );
  }
  const here = at.get(toPointer(path));
  return here === undefined || value === null ? value : cover(String(value), here);
}

/** What of a value stands where a finding stands. */
function coverOrigin(origin: OriginFact, at: ReadonlyMap<string, PayloadFinding[]>): OriginFact {
  const begin = origin.start ?? 0;
  const here = (at.get(origin.pointer) ?? [])
    .map((f) => ({
      ...f,
      start: Math.max(0, f.start - begin),
      end: Math.min(origin.value.length, f.end - begin),
    }))
    .filter((f) => f.end > f.start);
  return here.length === 0 ? origin : { ...origin, value: cover(origin.value, here) };
}

const textAt = (args: unknown, pointer: string): string => {
  let value = args;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    value = (value as Record<string, unknown> | null | undefined)?.[key];
  }
  return String(value ?? '');
};

/** The address of a request repeats parts of the arguments. */
function coverUrl(url: string, args: unknown, findings: readonly PayloadFinding[]): string {
  let covered = url;
  for (const { pointer, start, end } of findings) {
    const text = textAt(args, pointer).slice(start, end);
    for (const written of [text, encodeURIComponent(text), encodeURIComponent(text).replaceAll('%20', '+')])
      if (written !== '') covered = covered.replaceAll(written, HIDDEN.repeat(text.length));
  }
  return covered;
}

/**
 * What a call carries as one person may see it (P10): what scanning found of classes beyond their clearance, or not revealed yet, is covered
 * character by character, wherever the call is shown.
 */
export function maskFindings(seen: Seen, sight: Sight): Seen {
  const findings = (seen.footprint?.payload?.findings ?? []).filter(
    (f) => sightOf(f.class, sight) !== 'shown',
  );
  if (findings.length === 0) return seen;
  const at = new Map<string, PayloadFinding[]>();
  for (const finding of findings) at.set(finding.pointer, [...(at.get(finding.pointer) ?? []), finding]);
  const { footprint } = seen;
  return {
    args: coverLeaves(seen.args, [], at) as Record<string, unknown>,
    origins: seen.origins.map((origin) => coverOrigin(origin, at)),
    footprint:
      footprint?.request === undefined
        ? footprint
        : {
            ...footprint,
            request: { ...footprint.request, url: coverUrl(footprint.request.url, seen.args, findings) },
          },
  };
}
