import {
  type ArgumentLeaf,
  type ArgumentValue,
  argumentLeaves,
  embeddedDestinations,
  isDestination,
  literalsOf,
} from './argument-values';
import type { Effect } from './catalog';
import { exactNames } from './exact-names';
import type { OriginSource } from './origin-source';
import type { Destinations, OriginFact } from './origins';
import { plainForm, strictForm } from './plain-form';
import { formsOf, type ValueForms } from './value-forms';
import { readWords } from './word-index';

/** A result made ready for searching. */
export type SearchedResult = { tool: string; trusted: boolean; source: OriginSource };

/** Everything a value can have come from, made ready. `whole` is false when some of it was too much to be searched. */
export type Searched = {
  goal: OriginSource | null;
  mandate: OriginSource | null;
  /**
   * Names and addresses in their strict form. With each of a guest, what the goal has to call them by: being in the directory vouches for
   * colleagues, not for everybody somebody once worked with.
   */
  directory: ReadonlyMap<string, readonly string[] | null>;
  results: readonly SearchedResult[];
  whole: boolean;
};

export type TracedCall = {
  args: Readonly<Record<string, unknown>>;
  effects: readonly Effect[];
  isSql: boolean;
};
export type Traced = { origins: OriginFact[]; destinations: Destinations };

const MIN_LENGTH = 3;
/** Origins that are kept for the screen. Every destination is counted, kept or not. */
export const ORIGINS_MAX = 100;
/** So many values are traced in one call; what is beyond counts as not looked at. */
const TRACED_MAX = 1_000;
const VALUE_SHOWN = 200;
/** From so many words on, a text is compared by its runs. */
const TEXT_WORDS = 8;
const TEXT_WORDS_MAX = 20_000;

const GOES_TO: ReadonlySet<ArgumentValue['role']> = new Set(['recipient', 'location', 'account']);

/** Whether the value says where something goes: by its part, or by its looks where the map calls it a resource. */
const goesSomewhere = ({ role, value }: ArgumentValue): boolean =>
  GOES_TO.has(role) || (role === 'resource' && isDestination(value));

const said = {
  goal: 'Stands in the goal of the run',
  mandate: 'Stands in the mandate',
  directory: 'Known in the workspace',
  named: 'A guest of the directory, named in the goal',
  guest: 'A guest of the directory, whom the goal does not name',
  nowhere: 'Found in nothing this run was given or has read',
} as const;

type Where = Pick<OriginFact, 'origin' | 'detail' | 'trusted'>;

/** The least trusted place beside the one that counts, in words. */
function also(results: readonly SearchedResult[], forms: ValueForms): string {
  const other = results.find((r) => !r.trusted && r.source.holds(forms));
  return other === undefined ? '' : `; also in what ${other.tool} returned, for which nobody vouches`;
}

/** Where a value that goes somewhere stands just as it is: what only looks like it is not trusted. */
function exactly(
  value: string,
  from: Searched,
): { origin: 'goal' | 'mandate' | 'directory'; detail: string } | null {
  const names = exactNames(value);
  const stands = (source: OriginSource | null) => names.some((name) => source?.holdsExactly(name));
  if (stands(from.goal)) return { origin: 'goal', detail: said.goal };
  if (stands(from.mandate)) return { origin: 'mandate', detail: said.mandate };
  const entry = names.find(({ name }) => from.directory.has(strictForm(name)));
  if (entry === undefined) return null;
  const called = from.directory.get(strictForm(entry.name));
  if (called == null) return { origin: 'directory', detail: said.directory };
  return called.some((name) =>
    [from.goal, from.mandate].some((s) => s?.holdsExactly({ name, isPath: false })),
  )
    ? { origin: 'directory', detail: said.named }
    : null;
}

function inResults(value: string, forms: ValueForms, from: Searched, exact: boolean): Where | null {
  const trusted = from.results.find(
    (r) =>
      r.trusted &&
      r.source.holds(forms) &&
      (!exact || exactNames(value).some((n) => r.source.holdsExactly(n))),
  );
  const untrusted = from.results.find((r) => !r.trusted && r.source.holds(forms));
  if (trusted !== undefined) {
    const detail = `Came from ${trusted.tool}${untrusted === undefined ? '' : `; also in what ${untrusted.tool} returned, for which nobody vouches`}`;
    return { origin: 'result', detail, trusted: true };
  }
  if (untrusted === undefined) return null;
  return {
    origin: 'result',
    detail: `Came from ${untrusted.tool}, for which nobody vouches`,
    trusted: false,
  };
}

/** The most trusted place a destination stands in; it is trusted there only when it is written just so. */
function traceDestination(value: string, from: Searched): Where {
  const forms = formsOf(value);
  const exact = exactly(value, from);
  if (exact !== null)
    return { origin: exact.origin, detail: exact.detail + also(from.results, forms), trusted: true };
  const result = inResults(value, forms, from, true);
  if (result !== null) return result;
  if (from.goal?.holds(forms)) {
    return { origin: 'goal', detail: `${said.goal}, but written differently`, trusted: false };
  }
  if (from.directory.has(strictForm(value)))
    return { origin: 'directory', detail: said.guest, trusted: false };
  return { origin: 'nowhere', detail: said.nowhere, trusted: false };
}

function traceValue(value: string, from: Searched): Where {
  const forms = formsOf(value);
  if (from.goal?.holds(forms))
    return { origin: 'goal', detail: said.goal + also(from.results, forms), trusted: true };
  if (from.mandate?.holds(forms))
    return { origin: 'mandate', detail: said.mandate + also(from.results, forms), trusted: true };
  if (from.directory.has(strictForm(value)))
    return { origin: 'directory', detail: said.directory + also(from.results, forms), trusted: true };
  return inResults(value, forms, from, false) ?? { origin: 'nowhere', detail: said.nowhere, trusted: false };
}

/** How much of a longer text was taken over word for word from results nobody vouches for, and from which most. */
function takenOver(text: string, from: Searched): { share: number; tool: string } | null {
  const words = readWords(plainForm(text.slice(0, 200_000)), TEXT_WORDS_MAX);
  if (words.count < TEXT_WORDS) return null;
  const covered = new Uint8Array(words.count);
  let most = { tool: '', words: 0 };
  for (const { tool, trusted, source } of from.results) {
    if (trusted) continue;
    const mine = source.cover(words, covered);
    if (mine > most.words) most = { tool, words: mine };
  }
  const taken = covered.reduce((sum, each) => sum + each, 0);
  return taken === 0 ? null : { share: Math.round((taken / words.count) * 100) / 100, tool: most.tool };
}

/** Whether something is left in a list of recipients that could be one more of them. */
function leavesDoubt(text: string, found: readonly ArgumentValue[]): boolean {
  let rest = text;
  for (const { start = 0, end = 0 } of [...found].reverse())
    rest = `${rest.slice(0, start)} ${rest.slice(end)}`;
  return /[@:!%\\/=]/.test(rest);
}

/** Everything in a leaf that has an origin of its own: what it goes to, or the destinations inside of it. */
function valuesIn(leaf: ArgumentLeaf): { goes: ArgumentValue[]; inside: ArgumentValue[] } {
  const embedded = embeddedDestinations(leaf.value).map((e): ArgumentValue => ({ ...leaf, ...e }));
  if (!goesSomewhere(leaf)) return { goes: [], inside: embedded };
  // `Ana <ana@acme.com>` goes to the address; a name, a URL or a path goes to itself.
  const addresses = leaf.role === 'recipient' ? embedded.filter((e) => /^[^@/]+@[^@/]+$/.test(e.value)) : [];
  if (addresses.length === 0 || addresses[0]?.value === leaf.value.trim())
    return { goes: [leaf], inside: [] };
  return { goes: leavesDoubt(leaf.value, addresses) ? [...addresses, leaf] : addresses, inside: [] };
}

type Tally = Destinations & { facts: OriginFact[] };

const factOf = (value: ArgumentValue, where: Where, alarming: boolean): OriginFact => ({
  pointer: value.pointer,
  value: value.value.slice(0, VALUE_SHOWN),
  role: value.role,
  ...(value.start === undefined ? {} : { start: value.start }),
  ...(value.end === undefined ? {} : { end: value.end }),
  ...where,
  alarming,
});

function countDestination(tally: Tally, value: ArgumentValue, from: Searched): void {
  const where = traceDestination(value.value, from);
  const untrusted = !where.trusted && where.origin === 'result';
  tally.total += 1;
  if (where.trusted) tally.asked += 1;
  if (untrusted) tally.untrusted += 1;
  if (where.origin === 'nowhere') tally.nowhere += 1;
  tally.facts.push(factOf(value, where, untrusted));
}

function countInside(tally: Tally, value: ArgumentValue, from: Searched): void {
  const where = traceDestination(value.value, from);
  const planted = !where.trusted && where.origin === 'result';
  if (planted) tally.planted += 1;
  tally.facts.push(factOf(value, where, planted));
}

function describeLeaf(tally: Tally, leaf: ArgumentLeaf, from: Searched): void {
  if (leaf.value.trim().length < MIN_LENGTH) return;
  const where = isDestination(leaf.value) ? traceDestination(leaf.value, from) : traceValue(leaf.value, from);
  if (where.origin !== 'nowhere') {
    tally.facts.push(
      factOf(leaf, where, where.origin === 'result' && !where.trusted && isDestination(leaf.value)),
    );
    return;
  }
  const taken = takenOver(leaf.value, from);
  if (taken === null) {
    tally.facts.push(factOf(leaf, where, false));
    return;
  }
  const percent = `${Math.round(taken.share * 100)} %`;
  const detail = `${percent} of it stands word for word in what ${taken.tool} returned, for which nobody vouches`;
  tally.facts.push({
    ...factOf(leaf, { origin: 'result', detail, trusted: false }, false),
    share: taken.share,
  });
}

/** Alarms first, then where it goes, then the rest; a list that is cut short must not hide them. */
const weightOf = (fact: OriginFact): number =>
  fact.alarming ? 0 : fact.role !== undefined && GOES_TO.has(fact.role) ? 1 : 2;

function mostTelling(facts: readonly OriginFact[]): OriginFact[] {
  const kept = new Set([...facts].sort((a, b) => weightOf(a) - weightOf(b)).slice(0, ORIGINS_MAX));
  return facts.filter((fact) => kept.has(fact));
}

function distinct(facts: readonly OriginFact[]): OriginFact[] {
  const seen = new Set<string>();
  return facts.filter((f) => {
    const key = `${f.pointer} ${f.value} ${f.start ?? ''}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** Whether the leaf has something to say beside the destinations it names. */
const isTold = ({
  leaf,
  goes,
  inside,
}: {
  leaf: ArgumentLeaf;
  goes: ArgumentValue[];
  inside: ArgumentValue[];
}): boolean => goes.length === 0 && !inside.some((each) => each.value === leaf.value.trim());

/** Of a SQL call the literals and parameters count; what it touches is measured, not told. */
function sqlLeaves({ args }: TracedCall): ArgumentLeaf[] {
  const { statement, ...rest } = args;
  const literals = typeof statement === 'string' ? literalsOf(statement) : [];
  return [
    ...literals.map((l) => ({ ...l, pointer: '/statement', role: 'other' as const })),
    ...argumentLeaves(rest, []).leaves,
  ];
}

/**
 * For each value of a call, the most trusted place it stands in, and the least trusted one by name. Values that say where something goes are
 * trusted only when they are written just as they stand there; suspicion survives case, spaces, quotes, URL encoding, HTML entities,
 * punctuation and other notations of numbers and dates. Bounded: what is not looked at makes `destinations.whole` false.
 */
export function traceOrigins(call: TracedCall, from: Searched): Traced {
  const { leaves, whole } = call.isSql
    ? { leaves: sqlLeaves(call), whole: true }
    : argumentLeaves(call.args, call.effects);
  const tally: Tally = {
    total: 0,
    asked: 0,
    untrusted: 0,
    nowhere: 0,
    planted: 0,
    whole: whole && from.whole,
    facts: [],
  };
  const values = call.isSql ? [] : leaves.map((leaf) => ({ leaf, ...valuesIn(leaf) }));
  const budget = { left: TRACED_MAX };
  const spend = (): boolean => {
    budget.left -= 1;
    if (budget.left < 0) tally.whole = false;
    return budget.left >= 0;
  };
  for (const { goes } of values) {
    for (const value of goes) {
      if (spend()) countDestination(tally, value, from);
      else tally.total += 1;
    }
  }
  for (const { inside } of values) for (const value of inside) if (spend()) countInside(tally, value, from);
  const rest = call.isSql ? leaves : values.filter(isTold).map((v) => v.leaf);
  for (const leaf of rest.slice(0, ORIGINS_MAX)) describeLeaf(tally, leaf, from);
  const { facts, ...destinations } = tally;
  return { origins: mostTelling(distinct(facts)), destinations };
}
