import type { Footprint, FootprintItem } from './footprint';
import { moneyWords } from './money';
import { type Classification, LEVELS, type Level } from './vocabulary';

/** The summary of a footprint that a person reads in ten seconds. Numbers are null when unknown, never zero by default. */
export type BlastRadius = {
  level: Level;
  rowsRead: number | null;
  /** Inserted and updated rows, cascades and triggers included. */
  rowsChanged: number | null;
  rowsDeleted: number | null;
  /** Of all the rows above, those reached through cascades, triggers and rules. */
  rowsReachedIndirectly: number | null;
  /** Distinct data subjects. */
  people: number | null;
  classes: Classification[];
  /** People who would see data because of the action; null when that could not be resolved. */
  audience: number | null;
  /** Of those, how many have no clearance for a class of it; null when that cannot be said. */
  lacking: number | null;
  /** Ways by which further people could come to see it: open links, channels anybody may join, lists outside. */
  unbounded: number;
  /** Money per currency, in minor units; a total of null is an amount nobody knows. Absent from what was measured before amounts were read. */
  money?: MoneyTotal[];
  /** People about whom somebody would learn something they do not know yet; null when that cannot be said. */
  exposed: number | null;
  /** People about whom the run has read sensitive data by then; null when somebody did not count. */
  peopleOfRun: number | null;
  reversible: boolean;
  /** How many things could not be measured. */
  unknowns: number;
  /** What the numbers of rows above count, where they are no rows. */
  things?: 'files' | 'items';
  /** Why the level is what it is, most serious first, in plain words. */
  because: string[];
};

/** `currency` is null for amounts whose currency is not known either. */
export type MoneyTotal = { currency: string | null; minor: number | null; exponent: number };

export const levelRank = (level: Level): number => LEVELS.indexOf(level);

const OPEN: ReadonlySet<string> = new Set(['public', 'internal']);
export const isSensitive = (classification: Classification): boolean => !OPEN.has(classification);

const CHANGES: ReadonlySet<string> = new Set(['insert', 'update', 'write']);
const DELETES: ReadonlySet<string> = new Set(['delete', 'truncate']);
const OUTWARD: ReadonlySet<string> = new Set(['send', 'share', 'invite', 'grant']);

/** Adds counts; one unknown makes the sum unknown, because a hole is not a zero. */
function total(items: readonly FootprintItem[]): number | null {
  let sum = 0;
  for (const item of items) {
    if (item.count === null) return null;
    sum += item.count;
  }
  return sum;
}

/**
 * The level a number reaches on a ladder of [above this, level]. An unknown number reaches the top of its ladder: otherwise an agent could lower
 * what is asked by making itself hard to measure.
 */
function climb(n: number | null, steps: readonly [number, Level][]): Level {
  let level: Level = 'low';
  for (const [above, reached] of steps) if (n === null || n > above) level = reached;
  return level;
}

const many = (n: number | null, one: string, more: string): string =>
  n === null ? `an unknown number of ${more}` : n === 1 ? `1 ${one}` : `${n.toLocaleString('en')} ${more}`;

/** What the counts are of: files, or things behind a service, where nothing else is counted. */
function thingsOf(items: readonly FootprintItem[]): BlastRadius['things'] {
  const counted = items.filter((i) => i.kind !== 'audience' && i.kind !== 'money');
  if (counted.length === 0) return undefined;
  if (counted.every((i) => i.kind === 'file')) return 'files';
  return counted.every((i) => i.kind === 'request') ? 'items' : undefined;
}

const manyOf = (n: number | null, things: BlastRadius['things']): string =>
  things === undefined ? many(n, 'row', 'rows') : many(n, things === 'files' ? 'file' : 'item', things);

type Reason = { level: Level; text: string };
type Summary = Omit<BlastRadius, 'level' | 'because'>;
type Ladder = readonly [above: number, level: Level][];

const DELETED: Ladder = [
  [0, 'moderate'],
  [20, 'high'],
  [1_000, 'critical'],
];
const CHANGED: Ladder = [
  [0, 'moderate'],
  [200, 'high'],
  [10_000, 'critical'],
];
const PEOPLE: Ladder = [
  [10, 'moderate'],
  [100, 'high'],
  [5_000, 'critical'],
];
const AUDIENCE: Ladder = [
  [0, 'moderate'],
  [25, 'high'],
  [1_000, 'critical'],
];
const LACKING: Ladder = [[0, 'high']];
/** People about whom something new becomes known, to anybody. */
const EXPOSED: Ladder = PEOPLE;
/** People over the whole run: each step of it may be small. */
const RUN_PEOPLE: Ladder = [
  [200, 'moderate'],
  [1_000, 'high'],
];
/**
 * In units of whatever currency it is: without exchange rates the same ladder for all. Ten thousand yen reach what ten thousand euros reach,
 * which asks too much rather than too little.
 */
const MONEY: Ladder = [
  [0, 'high'],
  [10_000, 'critical'],
];
const READ: Ladder = [
  [1_000, 'moderate'],
  [100_000, 'high'],
];

/** Unknowns behind which any number of rows could hide; the rest leave the counts intact. */
const HIDES_MAGNITUDE: ReadonlySet<string> = new Set([
  'rehearsal_failed',
  'rehearsal_refused',
  'opaque_function',
  'side_effect',
  'timeout',
  'lock_busy',
  'target_unreachable',
  'remote_table',
  'effect_undeclared',
  'audience_unresolved',
  'amount_unknown',
  'resource_unknown',
  'analyzer_error',
  'definition_changed',
]);

/** Whether any number of rows could hide behind something that was not measured. */
export const hidesMagnitude = (footprint: Footprint): boolean =>
  footprint.unknowns.some((u) => HIDES_MAGNITUDE.has(u.code));

/** What items of money add up to, per currency and in the order of their codes. One unknown amount makes its currency's total unknown. */
function moneyOf(items: readonly FootprintItem[]): MoneyTotal[] {
  const totals = new Map<string, MoneyTotal>();
  for (const { kind, count, money } of items) {
    if (kind !== 'money') continue;
    const currency = money?.currency ?? null;
    const before = totals.get(currency ?? '');
    const sum =
      count === null || money === undefined || before?.minor === null ? null : count + (before?.minor ?? 0);
    const minor = sum !== null && Number.isSafeInteger(sum) ? sum : null;
    totals.set(currency ?? '', { currency, minor, exponent: money?.exponent ?? 0 });
  }
  return [...totals.values()].sort((a, b) => (a.currency ?? '').localeCompare(b.currency ?? ''));
}

/** Whole units over all currencies, rounded up; null as soon as one amount is not known. */
export function unitsOf(money: readonly MoneyTotal[]): number | null {
  let units = 0;
  for (const { minor, exponent } of money) {
    if (minor === null) return null;
    units += Math.ceil(minor / 10 ** exponent);
  }
  return units;
}

const amountIn = ({ currency, minor, exponent }: MoneyTotal): string =>
  currency === null || minor === null
    ? 'an unknown amount of money'
    : moneyWords({ currency, minor, exponent });
const moneyIn = (money: readonly MoneyTotal[]): string => money.map(amountIn).join(' and ') || 'money';

function effectReasons(items: readonly FootprintItem[], radius: Summary): Reason[] {
  const has = (test: (item: FootprintItem) => boolean) => items.some(test);
  const reasons: Reason[] = [];
  const add = (level: Level, text: string) => reasons.push({ level, text });
  if (has((i) => i.operation === 'define')) add('critical', 'It changes the structure of the database');
  if (has((i) => i.operation === 'truncate')) add('critical', 'It empties a whole table');
  if (has((i) => DELETES.has(i.operation))) {
    add(climb(radius.rowsDeleted, DELETED), `It deletes ${manyOf(radius.rowsDeleted, radius.things)}`);
  }
  if (has((i) => CHANGES.has(i.operation))) {
    add(climb(radius.rowsChanged, CHANGED), `It changes ${manyOf(radius.rowsChanged, radius.things)}`);
  }
  if (has((i) => i.operation === 'lock')) add('moderate', 'It locks rows against everyone else');
  if (has((i) => OUTWARD.has(i.operation))) {
    add(climb(radius.audience, AUDIENCE), `${many(radius.audience, 'person', 'people')} would see it`);
    add(
      climb(radius.lacking, LACKING),
      `${many(radius.lacking, 'person', 'people')} without clearance would see it`,
    );
    if (radius.unbounded > 0) add('high', 'Further people could come to see it later');
  }
  const { money = [] } = radius;
  const pays = has((i) => i.operation === 'pay');
  if (pays) add('high', `It moves ${moneyIn(money)}`);
  if (money.length > 0)
    add(climb(unitsOf(money), MONEY), `It ${pays ? 'moves' : 'is about'} ${moneyIn(money)}`);
  return reasons;
}

/** What becomes known to whom, over what is known already, and where the call got its values from. */
function exposureReasons(footprint: Footprint, radius: Summary): Reason[] {
  const reasons: Reason[] = [];
  const add = (level: Level, text: string) => reasons.push({ level, text });
  const sensitive = radius.classes.some(isSensitive);
  const { exposure, origins = [], payload } = footprint;
  if (exposure?.classes.some(isSensitive) || (exposure !== undefined && radius.exposed === null)) {
    add(
      climb(radius.exposed, EXPOSED),
      `Somebody would learn something new about ${many(radius.exposed, 'person', 'people')}`,
    );
  }
  if (exposure !== undefined && sensitive) {
    const text = `Its run would have read about ${many(radius.peopleOfRun, 'person', 'people')}`;
    add(climb(radius.peopleOfRun, RUN_PEOPLE), text);
  }
  if (origins.some((o) => o.alarming)) {
    add('high', 'Where it goes comes only from content nobody vouches for');
  }
  if (payload?.truncated) add('high', 'Not all of what it carries was looked at');
  return reasons;
}

function reasonsOf(footprint: Footprint, radius: Summary): Reason[] {
  const reasons = [...effectReasons(footprint.items, radius), ...exposureReasons(footprint, radius)];
  const add = (level: Level, text: string) => reasons.push({ level, text });
  const sensitive = radius.classes.filter(isSensitive);
  if (sensitive.length > 0) {
    add(
      climb(radius.people, PEOPLE),
      `${sensitive.join(', ')} data of ${many(radius.people, 'person', 'people')}`,
    );
  }
  if (radius.classes.includes('credential')) add('high', 'It touches credentials');
  if (footprint.forbidden) add('critical', 'It is of a kind that is never run');
  if (!radius.reversible) add('high', 'It cannot be undone');
  if (radius.unknowns > 0) {
    add(
      hidesMagnitude(footprint) ? 'critical' : 'high',
      `${many(radius.unknowns, 'thing', 'things')} could not be measured`,
    );
  }
  add(climb(radius.rowsRead, READ), `It reads ${manyOf(radius.rowsRead, radius.things)}`);
  return reasons.filter((r) => r.level !== 'low').sort((a, b) => levelRank(b.level) - levelRank(a.level));
}

/** Something goes out and nobody could say to whom: a hole, not an empty room. */
const namesNobody = (items: readonly FootprintItem[]): boolean =>
  items.some((i) => OUTWARD.has(i.operation) && i.kind !== 'audience' && i.restates !== true);

/** Everybody who would see it; null when somebody may be missing or it is open to anyone. Who may join a channel is one of ours. */
function audienceCount(footprint: Footprint): number | null {
  const items = footprint.items.filter((i) => i.kind === 'audience');
  const { audience } = footprint;
  if (namesNobody(footprint.items)) return null;
  if (audience === undefined) return total(items);
  if (total(items) === null || audience.truncated) return null;
  if (audience.recipients.some((r) => r.count === null)) return null;
  if (audience.unbounded.some((way) => way.why !== 'joinable')) return null;
  return Math.max(audience.resolved, ...items.map((i) => i.count ?? 0));
}

function lackingCount(footprint: Footprint): number | null {
  if (footprint.audience !== undefined) return footprint.audience.lacking;
  return footprint.items.some((i) => i.kind === 'audience' || OUTWARD.has(i.operation)) ? null : 0;
}

/** Distinct people over the whole action; never fewer than one of its parts touches. */
const peopleOf = (footprint: Footprint): number | null =>
  footprint.subjects === null
    ? null
    : Math.max(footprint.subjects, ...footprint.items.map((i) => i.subjects ?? 0));

/** Kinds of data it touches, and those it carries outwards. */
const classesOf = (footprint: Footprint): Classification[] =>
  [
    ...new Set([
      ...footprint.items.flatMap((i) => i.classes ?? []),
      ...(footprint.payload?.classes ?? []).map((c) => c.class),
    ]),
  ].sort();

/**
 * Summarises a footprint. Monotone: adding an item, a class, a subject or an unknown, or making a count larger or unknown, never lowers the
 * level (a property test holds it to that). docs/BLAST-RADIUS.md has its ladders.
 */
export function blastRadius(footprint: Footprint): BlastRadius {
  // A sequence's numbers are no rows; what restates another item would be counted twice.
  const rows = footprint.items.filter((i) => i.kind !== 'sequence' && i.restates !== true);
  const of = (test: (item: FootprintItem) => boolean) => total(rows.filter(test));
  const uncounted = footprint.items.filter((i) => i.count === null).length;
  const things = thingsOf(footprint.items);
  const summary = {
    rowsRead: of((i) => i.operation === 'read'),
    rowsChanged: of((i) => CHANGES.has(i.operation)),
    rowsDeleted: of((i) => DELETES.has(i.operation)),
    rowsReachedIndirectly: of((i) => i.via !== undefined && i.operation !== 'read'),
    people: peopleOf(footprint),
    classes: classesOf(footprint),
    audience: audienceCount(footprint),
    lacking: lackingCount(footprint),
    unbounded: footprint.audience?.unbounded.length ?? 0,
    money: moneyOf(rows),
    exposed: footprint.exposure === undefined ? 0 : footprint.exposure.subjects,
    peopleOfRun: footprint.exposure === undefined ? 0 : footprint.exposure.runSubjects,
    reversible: footprint.items.every((i) => i.reversible !== false),
    unknowns: Math.max(footprint.unknowns.length, uncounted),
    ...(things === undefined ? {} : { things }),
  };
  const reasons = reasonsOf(footprint, summary);
  return {
    ...summary,
    level: reasons[0]?.level ?? 'low',
    because: [...new Set(reasons.map((r) => r.text))],
  };
}
