import type { RelationFacts } from './catalog-facts';
import { qualified, quoteName } from './quoting';
import type { Conditions } from './row-places';
import type { Session } from './session';
import type { SubjectPath } from './subjects';

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

/** Asked once, not for every row. */
const OUR_AGE = '(SELECT age($2::text::xid))';

const deleted = (recognition: Recognition): string =>
  recognition === 'young' ? `t.xmax <> '0'::xid AND age(t.xmax) <= ${OUR_AGE}` : "t.xmax <> '0'::xid";

/** How a table's part of what a transaction wrote is looked for, how much of it is kept, and how many rows are to be expected. */
export type Search = { xid: string; cap: number; recognition: Recognition; expected: number };

/**
 * The new versions of rows this transaction wrote, and the places of rows it only locked. In REPEATABLE READ no other transaction with
 * such a young xid is visible, so an age not above that of our own xid means it was us, subtransactions included.
 */
export const readNewRows = (
  session: Session,
  table: TouchedTable,
  { xid, cap, recognition, expected }: Search,
  where: ((firstParam: number) => Conditions) | null,
): Promise<RowSet> =>
  readRows(session, table, {
    cap,
    expected,
    where: `age(t.xmin) <= ${OUR_AGE} OR (${deleted(recognition)})`,
    fresh: `age(t.xmin) <= ${OUR_AGE}`,
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
  { xid, cap, recognition, expected }: Search,
  survivors: readonly string[],
  where: ((firstParam: number) => Conditions) | null,
): Promise<RowSet> =>
  readRows(session, table, {
    cap,
    expected,
    where: `${deleted(recognition)} AND $2::text IS NOT NULL AND t.ctid <> ALL ($3::text[]::tid[])`,
    fresh: 'true',
    values: [xid, survivors],
    places: where?.(4) ?? null,
    hashed: true,
  });

export type TouchedTable = { relation: RelationFacts; subject: SubjectPath | null };

type Find = {
  cap: number;
  expected: number;
  where: string;
  fresh: string;
  values: readonly unknown[];
  places: Conditions | null;
  hashed: boolean;
};

async function readRows(session: Session, { relation, subject }: TouchedTable, find: Find): Promise<RowSet> {
  const columns = (relation.columns ?? []).map(({ name }) => `t.${quoteName(name)}::text`);
  const printed = `ARRAY[${columns.join(', ')}]::text[]`;
  const table = `ONLY ${qualified(relation.schema, relation.name)} t`;
  // Of more rows than are kept, only those are printed that are.
  const many = find.expected > find.cap;
  const { start, person } = followed(subject);
  const hash = find.hashed ? `, ${hashOf(relation, printed)} AS h` : '';
  const rows = `SELECT t.ctid, (${find.fresh}) AS fresh${many ? '' : `, ${printed} AS v`}${hash}, ${start} AS start
  FROM ${table} WHERE (${find.where})`;
  const shown = many
    ? `SELECT ${printed} AS v FROM ${table} WHERE t.ctid = ANY (ARRAY(SELECT ctid FROM touched WHERE fresh LIMIT $1::int))`
    : 'SELECT v FROM touched WHERE fresh LIMIT $1::int';
  const places = find.places?.conditions ?? ['true'];
  // Each place is searched by itself, so that each is found its own quick way, and nothing twice.
  const searches = places.map((place, i) =>
    [rows, place, ...places.slice(0, i).map((earlier) => `((${earlier}) IS NOT TRUE)`)].join(' AND '),
  );
  const sql = `
WITH touched AS MATERIALIZED (
  ${searches.join(' UNION ALL ')}
), shown AS MATERIALIZED (${shown})
SELECT pg_catalog.json_build_object(
  'total', (SELECT pg_catalog.count(*) FROM touched WHERE fresh),
  'digest', ${find.hashed ? `(SELECT pg_catalog.encode(pg_catalog.sha256(pg_catalog.string_agg(h, ''::bytea ORDER BY h)), 'hex') FROM touched WHERE fresh)` : 'NULL'},
  'rows', CASE WHEN EXISTS (SELECT FROM shown WHERE pg_catalog.pg_column_size(v) > ${LONGEST_VALUE}) THEN
    (SELECT pg_catalog.json_agg((SELECT pg_catalog.json_agg(CASE WHEN pg_catalog.length(x) > ${LONGEST_VALUE}
      THEN pg_catalog.left(x, ${LONGEST_VALUE}) || '…' ELSE x END ORDER BY o) FROM pg_catalog.unnest(s.v) WITH ORDINALITY u(x, o))) FROM shown s)
    ELSE (SELECT pg_catalog.json_agg(v) FROM shown) END,
  'subjects', (SELECT pg_catalog.json_agg(person) FROM (SELECT DISTINCT ${person}) p WHERE person IS NOT NULL),
  'survivors', (SELECT pg_catalog.json_agg(ctid::text) FROM touched WHERE NOT fresh)
)::text`;
  const found = await session.json<{ [K in keyof RowSet]: RowSet[K] | null }>(sql, [
    find.cap,
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

/** Types of PostgreSQL's own that have a binary form: scalars, then arrays of them. */
const SENDABLE: ReadonlySet<number> = new Set([
  16, 17, 18, 19, 20, 21, 23, 25, 26, 114, 142, 650, 700, 701, 790, 829, 869, 1042, 1043, 1082, 1083, 1114,
  1184, 1186, 1266, 1560, 1562, 1700, 2950, 3802, 199, 1000, 1005, 1007, 1009, 1014, 1015, 1016, 1021, 1022,
  1115, 1182, 1185, 1231, 2951, 3807,
]);

/** The binary form of a row is had for less than its printed one. */
const hashOf = (relation: RelationFacts, printed: string): string =>
  relation.columns?.every(({ typeOid }) => SENDABLE.has(typeOid)) === true
    ? 'pg_catalog.sha256(pg_catalog.record_send(t.*))'
    : `pg_catalog.sha256(pg_catalog.convert_to((${printed})::text, 'UTF8'))`;

/** What each row contributes, and who is behind it. Many rows lead to one person by the same value, which is followed once. */
function followed(subject: SubjectPath | null): { start: string; person: string } {
  const all = 'FROM touched WHERE fresh';
  if (subject === null) return { start: 'NULL::text', person: `NULL::text AS person ${all}` };
  if (subject.direct) return { start: subject.expression('t'), person: `start AS person ${all}` };
  const column = quoteName(subject.column);
  return {
    start: `t.${column}`,
    person: `${subject.expression('s')} AS person FROM (SELECT DISTINCT start AS ${column} ${all}) s`,
  };
}
