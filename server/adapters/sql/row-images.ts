import type { RowImage } from '@/server/domain/footprint';
import { type RelationFacts, relationName } from './catalog-facts';
import type { Conditions } from './row-places';
import { qualified, quoteName, type Session } from './session';
import type { SubjectPath } from './subjects';
import { typedValue } from './typed-values';

/** One table's rows before or after, as the database printed them. */
export type RowSet = {
  /** Values in the order of the relation's columns; long ones are cut for display only. */
  rows: (string | null)[][];
  total: number;
  /** SHA-256 over the sorted hashes of all rows, the ones beyond the cap included; null without rows. */
  digest: string | null;
  /** Distinct people behind all rows; null entries (no person) are left out. */
  subjects: string[];
  survivors: string[];
};

const NOTHING: RowSet = { rows: [], total: 0, digest: null, subjects: [], survivors: [] };
/** Values beyond this are cut, with a mark behind them. */
export const LONGEST_VALUE = 4_000;

/**
 * How rows are recognised by their header. `young`: a deleting xid not older than ours. `any`: any xid at all, for when a concurrent
 * locker turned ours into a multixact; slower, and still exact, since what our transaction goes on seeing is taken off again.
 */
export type Recognition = 'young' | 'any';

const deleted = (recognition: Recognition): string =>
  recognition === 'young' ? "t.xmax <> '0'::xid AND age(t.xmax) <= age($2::text::xid)" : "t.xmax <> '0'::xid";

/** One table's part of what a transaction wrote: where to look (null: everywhere) and how much of it to keep. */
export type Search = { xid: string; cap: number; recognition: Recognition };

/**
 * The new versions of rows this transaction wrote, and the places of rows it only locked. In REPEATABLE READ no other transaction with
 * such a young xid is visible, so an age not above that of our own xid means it was us, subtransactions included.
 */
export const readNewRows = (
  session: Session,
  table: TouchedTable,
  { xid, cap, recognition }: Search,
  where: ((firstParam: number) => Conditions) | null,
): Promise<RowSet> =>
  readRows(session, table, cap, {
    where: `age(t.xmin) <= age($2::text::xid) OR (${deleted(recognition)})`,
    fresh: 'age(t.xmin) <= age($2::text::xid)',
    values: [xid],
    places: where?.(3) ?? null,
    // Nothing is ever compared with the new values: volatile expressions would make them differ each time.
    hashed: false,
  });

/**
 * The old versions, seen by a session that shares the snapshot: rows with a deleting xid, less those our transaction still sees (only
 * locked, or touched by somebody else).
 */
export const readOldRows = (
  session: Session,
  table: TouchedTable,
  { xid, cap, recognition }: Search,
  survivors: readonly string[],
  where: ((firstParam: number) => Conditions) | null,
): Promise<RowSet> =>
  readRows(session, table, cap, {
    where: `${deleted(recognition)} AND $2::text IS NOT NULL AND t.ctid <> ALL ($3::text[]::tid[])`,
    fresh: 'true',
    values: [xid, survivors],
    places: where?.(4) ?? null,
    hashed: true,
  });

export type TouchedTable = { relation: RelationFacts; subject: SubjectPath | null };

type Find = {
  where: string;
  fresh: string;
  values: readonly unknown[];
  places: Conditions | null;
  hashed: boolean;
};

async function readRows(
  session: Session,
  { relation, subject }: TouchedTable,
  cap: number,
  find: Find,
): Promise<RowSet> {
  const columns = (relation.columns ?? []).map(({ name }) => `t.${quoteName(name)}::text`);
  const person = subject === null ? 'NULL::text' : subject.expression('t');
  const rows = `SELECT t.ctid, (${find.fresh}) AS fresh, ARRAY[${columns.join(', ')}]::text[] AS v, ${person} AS person
  FROM ONLY ${qualified(relation.schema, relation.name)} t WHERE (${find.where})`;
  const places = find.places?.conditions ?? ['true'];
  // Each place is searched by itself, so that each is found its own quick way, and nothing twice.
  const searches = places.map((place, i) =>
    [rows, place, ...places.slice(0, i).map((earlier) => `((${earlier}) IS NOT TRUE)`)].join(' AND '),
  );
  const sql = `
WITH touched AS MATERIALIZED (
  ${searches.join(' UNION ALL ')}
)${
    find.hashed
      ? `, hashed AS (
  SELECT pg_catalog.sha256(pg_catalog.convert_to(v::text, 'UTF8')) AS h FROM touched WHERE fresh
)`
      : ''
  }
SELECT pg_catalog.json_build_object(
  'total', (SELECT pg_catalog.count(*) FROM touched WHERE fresh),
  'digest', ${find.hashed ? `(SELECT pg_catalog.encode(pg_catalog.sha256(pg_catalog.string_agg(h, ''::bytea ORDER BY h)), 'hex') FROM hashed)` : 'NULL'},
  'rows', (SELECT pg_catalog.json_agg(CASE WHEN pg_catalog.length(s.v::text) <= ${LONGEST_VALUE} THEN pg_catalog.to_json(s.v) ELSE
      (SELECT pg_catalog.json_agg(CASE WHEN pg_catalog.length(x) > ${LONGEST_VALUE}
      THEN pg_catalog.left(x, ${LONGEST_VALUE}) || '…' ELSE x END ORDER BY o) FROM pg_catalog.unnest(s.v) WITH ORDINALITY u(x, o)) END)
    FROM (SELECT v FROM touched WHERE fresh LIMIT $1::int) s),
  'subjects', (SELECT pg_catalog.json_agg(person) FROM (SELECT person FROM touched WHERE fresh AND person IS NOT NULL GROUP BY person) p),
  'survivors', (SELECT pg_catalog.json_agg(ctid::text) FROM touched WHERE NOT fresh)
)::text`;
  const found = await session.json<{ [K in keyof RowSet]: RowSet[K] | null }>(sql, [
    cap,
    ...find.values,
    ...(find.places?.values ?? []),
  ]);
  return {
    rows: found.rows ?? NOTHING.rows,
    total: found.total ?? 0,
    digest: found.digest ?? null,
    subjects: found.subjects ?? [],
    survivors: found.survivors ?? [],
  };
}

type Counts = { inserted: number; updated: number; deleted: number };

/**
 * Pairs old and new versions: by primary key, then by the columns that stayed the same where that is unambiguous (a changed key).
 * What finds no partner is an insert or a delete; the counters say whether that can be true.
 */
export function pairImages(
  relation: RelationFacts,
  before: RowSet,
  after: RowSet,
  counts: Counts,
): RowImage[] {
  const { pairs, old: deleted, fresh: inserted } = pairRows(relation, before, after, counts);
  const image = (operation: RowImage['operation'], old: Row | null, fresh: Row | null): RowImage => ({
    resource: relationName(relation),
    operation,
    key: describeKey(relation, old ?? fresh ?? []),
    before: old === null ? null : asRecord(relation, old),
    after: fresh === null ? null : asRecord(relation, fresh),
  });
  // Updates nobody could pair: both halves are shown as updates rather than as a delete and an insert that never happened.
  const loose = counts.updated > pairs.length;
  return [
    ...pairs.map(([old, fresh]) => image('update', old, fresh)),
    ...deleted.map((old) => image(loose && counts.deleted === 0 ? 'update' : 'delete', old, null)),
    ...inserted.map((fresh) => image(loose && counts.inserted === 0 ? 'update' : 'insert', null, fresh)),
  ];
}

export type Row = (string | null)[];

/** Which old version belongs to which new one; what finds no partner was deleted or inserted, as far as the counters agree. */
export function pairRows(relation: RelationFacts, before: RowSet, after: RowSet, counts: Counts) {
  const byKey = pairBy(before.rows, after.rows, (row) => keyOf(relation, row));
  if (counts.updated <= byKey.pairs.length) return byKey;
  const rest = pairBy(byKey.old, byKey.fresh, (row) => unchangedPart(relation, row));
  return { ...rest, pairs: [...byKey.pairs, ...rest.pairs] };
}

function pairBy(old: readonly Row[], fresh: readonly Row[], keyed: (row: Row) => string | null) {
  const waiting = new Map<string, Row[]>();
  for (const row of fresh) {
    const key = keyed(row);
    if (key !== null) waiting.set(key, [...(waiting.get(key) ?? []), row]);
  }
  const pairs: [Row, Row][] = [];
  const left: Row[] = [];
  const used = new Set<Row>();
  for (const row of old) {
    const key = keyed(row);
    const partners = key === null ? undefined : waiting.get(key);
    const partner = partners?.length === 1 ? partners[0] : undefined;
    if (partner === undefined || used.has(partner)) {
      left.push(row);
    } else {
      used.add(partner);
      pairs.push([row, partner]);
    }
  }
  return { pairs, old: left, fresh: fresh.filter((row) => !used.has(row)) };
}

function keyOf(relation: RelationFacts, row: Row): string | null {
  return relation.key === null
    ? null
    : JSON.stringify(relation.key.map((name) => columnValue(relation, row, name)));
}

/** Without a usable key, the columns outside it: a changed key leaves them as they were. */
function unchangedPart(relation: RelationFacts, row: Row): string | null {
  const names = (relation.columns ?? [])
    .map(({ name }) => name)
    .filter((name) => !relation.key?.includes(name));
  return names.length === 0 ? null : JSON.stringify(names.map((name) => columnValue(relation, row, name)));
}

/** The values of some columns, row by row. */
export const valuesOf = (relation: RelationFacts, rows: readonly Row[], columns: readonly string[]): Row[] =>
  rows.map((row) => columns.map((name) => columnValue(relation, row, name)));

const columnValue = (relation: RelationFacts, row: Row, column: string): string | null =>
  row[(relation.columns ?? []).findIndex(({ name }) => name === column)] ?? null;

/** A key people can read: `id=42`; without a primary key, all values. */
function describeKey(relation: RelationFacts, row: Row): string {
  const names = relation.key ?? [];
  if (names.length === 0) return `no key: ${JSON.stringify(row).slice(0, 200)}`;
  return names.map((name) => `${name}=${columnValue(relation, row, name) ?? 'null'}`).join(', ');
}

function asRecord(relation: RelationFacts, row: Row): Record<string, unknown> {
  return Object.fromEntries(
    (relation.columns ?? []).map((column, index) => [
      column.name,
      typedValue(row[index] ?? null, column.typeOid),
    ]),
  );
}
