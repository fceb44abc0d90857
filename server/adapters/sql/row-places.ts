import type { ForeignKeyFacts, RelationFacts } from './catalog-facts';
import type { Preparation } from './preparation';
import { qualified, quoteName } from './quoting';
import { isDatabaseError, type Session } from './session';
import { targetCompanion } from './target-companion';

/** Where in a table the rows that were written lie; beyond `MOST_PLACES` only between which two places. */
export type Places = {
  count: number;
  tids: readonly string[];
  low: string;
  high: string;
  /** Instead: the values of columns by which they hang on rows already known. */
  hanging?: readonly Hanging[];
};

export type Hanging = { columns: readonly string[]; values: readonly (readonly (string | null)[])[] };

/** Places named one by one. */
export const MOST_PLACES = 2_000;
const MOST_RANGES = 8;

/** Conditions on a table `t`, each quick to evaluate by itself, and their parameters. */
export type Conditions = { conditions: string[]; values: unknown[] };

/**
 * Finds the rows an UPDATE or DELETE is about to replace, by its own condition, in a session that sees what it sees. It only says where to
 * look: an empty answer means that everything has to be looked through.
 */
export async function locateTargets(
  observer: Session,
  prep: Preparation,
  snapshot: string,
): Promise<ReadonlyMap<number, Places>> {
  const companion = targetCompanion(prep);
  if (companion === null) return new Map();
  const types = prep.found.parameterTypes.map((type, i) => `$${i + 1}::${type}`);
  const typed = types.length === 0 ? '' : `holdpoint_types AS (SELECT ${types.join(', ')}), `;
  shareSnapshot(observer, snapshot);
  try {
    const sql = `WITH ${typed}found AS MATERIALIZED (SELECT t, c FROM (${companion}\n) holdpoint_inner) ${SUMMARY}`;
    return byTable(await observer.json<Found[] | null>(sql, prep.params));
  } catch (error) {
    if (!isDatabaseError(error)) throw error;
    return new Map();
  } finally {
    observer.ahead('ROLLBACK');
  }
}

type Found = Places & { oid: number };

const SUMMARY = `
SELECT pg_catalog.json_agg(pg_catalog.json_build_object('oid', g.t, 'count', g.n, 'low', g.low::text, 'high', g.high::text, 'tids',
  CASE WHEN g.n <= ${MOST_PLACES} THEN (SELECT pg_catalog.json_agg(f.c::text) FROM found f WHERE f.t = g.t) END))::text
FROM (SELECT t, pg_catalog.count(*) AS n, pg_catalog.min(c) AS low, pg_catalog.max(c) AS high FROM found GROUP BY t) g`;

const byTable = (found: readonly Found[] | null): Map<number, Places> =>
  new Map((found ?? []).map((place) => [place.oid, { ...place, tids: place.tids ?? [] }]));

/** Lets the observer see exactly what the statement's own transaction saw when it began. */
export function shareSnapshot(observer: Session, snapshot: string): void {
  observer.ahead(
    `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET TRANSACTION SNAPSHOT '${snapshot.replaceAll("'", '')}';
     SET LOCAL statement_timeout = '30s'; SET LOCAL lock_timeout = '200ms'`,
  );
}

/** The rows of `relation` with one of these values in these columns: children of deleted rows, or what a trigger sums up above them. */
export async function locateByValues(
  observer: Session,
  relation: RelationFacts,
  columns: readonly string[],
  values: readonly (readonly (string | null)[])[],
): Promise<Places | null> {
  const match = matching(relation, columns, values, 1);
  if (match === null) return null;
  const table = qualified(relation.schema, relation.name);
  const sql = `WITH found AS MATERIALIZED (SELECT ${relation.oid}::int8 AS t, t.ctid AS c FROM ONLY ${table} t WHERE ${match.conditions[0]}) ${SUMMARY}`;
  const found = byTable(await observer.json<Found[] | null>(sql, match.values));
  return found.get(relation.oid) ?? { count: 0, tids: [], low: '(0,0)', high: '(0,0)' };
}

/** `t.a = ANY(…)`, or its form for several columns; null when a column is unknown or nothing is asked for. */
export function matching(
  relation: RelationFacts,
  columns: readonly string[],
  values: readonly (readonly (string | null)[])[],
  firstParam: number,
): Conditions | null {
  const types = columns.map((name) => relation.columns?.find((column) => column.name === name)?.type);
  if (columns.length === 0 || types.includes(undefined)) return null;
  const lists = columns.map((_, i) => values.map((row) => row[i] ?? null));
  const names = columns.map((name) => `t.${quoteName(name)}`);
  const arrays = types.map((_, i) => `$${firstParam + i}::text[]`);
  if (columns.length === 1)
    return { conditions: [`${names[0]} = ANY (${arrays[0]}::${types[0]}[])`], values: lists };
  const casts = types.map((type, i) => `u.v${i}::${type}`);
  const source = `ROWS FROM (${arrays.map((array) => `pg_catalog.unnest(${array})`).join(', ')}) u(${casts.map((_, i) => `v${i}`).join(', ')})`;
  return {
    conditions: [`(${names.join(', ')}) IN (SELECT ${casts.join(', ')} FROM ${source})`],
    values: lists,
  };
}

export const noPlaces: Places = { count: 0, tids: [], low: '(0,0)', high: '(0,0)' };

/** Both sets of places together; null when that would be too many to name. */
export function joinPlaces(a: Places, b: Places): Places | null {
  const tids = [...new Set([...a.tids, ...b.tids])];
  if (a.count > a.tids.length || b.count > b.tids.length || tids.length > MOST_PLACES) return null;
  return { count: tids.length, tids, low: '(0,0)', high: '(0,0)' };
}

/** The places themselves. */
export function atPlaces(relation: RelationFacts, places: Places, firstParam: number): Conditions {
  if (places.hanging !== undefined) {
    const all: Conditions = { conditions: [], values: [] };
    for (const { columns, values } of places.hanging) {
      const match = matching(relation, columns, values, firstParam + all.values.length);
      all.conditions.push(...(match?.conditions ?? ['false']));
      all.values.push(...(match?.values ?? []));
    }
    return all;
  }
  if (places.count > places.tids.length) return between(places.low, places.high, firstParam);
  return { conditions: [`t.ctid = ANY ($${firstParam}::text[]::tid[])`], values: [places.tids] };
}

const between = (low: string, high: string, firstParam: number): Conditions => ({
  conditions: [`t.ctid >= $${firstParam}::tid AND t.ctid <= $${firstParam + 1}::tid`],
  values: [low, high],
});

/**
 * Where new versions of rows at these places can be: in the same blocks, at the end of the table, under the same keys, or under the numbers a
 * sequence has just handed out.
 */
export function nearPlaces(
  relation: RelationFacts,
  places: Places,
  written: { fresh: number; sequence: number | null; inserted: number },
  keys: readonly (readonly (string | null)[])[],
  firstParam: number,
): Conditions {
  const all: Conditions = { conditions: [], values: [] };
  const add = (more: (param: number) => Conditions | null): void => {
    const found = more(firstParam + all.values.length);
    if (found === null) return;
    all.conditions.push(...found.conditions);
    all.values.push(...found.values);
  };
  add((param) => atPlaces(relation, places, param));
  if (written.fresh === 0) return all;
  for (const [first, last] of blockRanges(places)) {
    add((param) => between(`(${first},0)`, `(${last},65535)`, param));
  }
  add(() => ({ conditions: [`t.ctid >= (${TAIL(relation.oid, written.fresh)})`], values: [] }));
  const [key] = relation.key ?? [];
  if (key !== undefined && keys.length > 0) {
    add((param) => matching(relation, relation.key ?? [], keys, param));
  }
  if (key !== undefined && written.sequence !== null && written.inserted > 0) {
    const last = `(SELECT pg_catalog.currval(${written.sequence}::oid::regclass) WHERE pg_catalog.has_sequence_privilege(${written.sequence}::oid, 'USAGE, SELECT'))`;
    const name = `t.${quoteName(key)}`;
    // Others take numbers from the same sequence, so the range is wider than what was inserted.
    add(() => ({
      conditions: [`${name} BETWEEN ${last} - ${written.inserted * 2 + 1_000} AND ${last}`],
      values: [],
    }));
  }
  return all;
}

/**
 * New rows go to the last pages unless there is room elsewhere. How many pages they need is known from the rows already there; somebody who tried the
 * same before and took it back has left as many behind.
 */
const TAIL = (oid: number, rows: number): string =>
  `SELECT ('(' || GREATEST(0, pg_catalog.pg_relation_size(c.oid) / pg_catalog.current_setting('block_size')::int8
    - 8 - pg_catalog.ceil(${rows} * 3 * CASE WHEN c.reltuples > 0 THEN c.relpages / c.reltuples ELSE 0.05 END)::int8) || ',0)')::tid
   FROM pg_catalog.pg_class c WHERE c.oid = ${oid}`;

function blockRanges(places: Places): [number, number][] {
  const blockOf = (tid: string): number => Number(/^\((\d+),/.exec(tid)?.[1] ?? 0);
  if (places.count > places.tids.length) return [[blockOf(places.low), blockOf(places.high)]];
  const blocks = [...new Set(places.tids.map(blockOf))].sort((a, b) => a - b);
  const ranges: [number, number][] = [];
  for (const block of blocks) {
    const last = ranges.at(-1);
    if (last !== undefined && block - last[1] <= 2) last[1] = block;
    else ranges.push([block, block]);
  }
  return ranges.length <= MOST_RANGES ? ranges : [];
}

/** The columns by which rows of `relation` hang on, or are hung on by, rows of `other`; null where no foreign key joins them. */
export function linkBetween(
  keys: readonly ForeignKeyFacts[],
  relation: RelationFacts,
  other: RelationFacts,
): { columns: string[]; otherColumns: string[] } | null {
  const down = keys.find((key) => key.child === relation.oid && key.parent === other.oid);
  if (down !== undefined) return { columns: down.columns, otherColumns: down.parentColumns };
  const up = keys.find((key) => key.parent === relation.oid && key.child === other.oid);
  return up === undefined ? null : { columns: up.parentColumns, otherColumns: up.columns };
}
