import type { CompanionPart, Source } from './companion';
import { quoteName, quoteText } from './quoting';

export type RelationSummary = { oid: number; rows: number; people: number | null };
export type Summary = {
  relations: RelationSummary[];
  /** Distinct people, the digest over them, and they themselves unless there are too many to hand over. */
  people: number;
  digest: string | null;
  list: string[] | null;
};

/** People are handed over one by one only up to here; beyond, their number and digest have to do. */
const LONGEST_LIST_OF_PEOPLE = 20_000;

type Use = { part: number; column: number; source: Source };

/** Which relations the parts read, with every place they are read at. */
export function usesOf(parts: readonly CompanionPart[]): ReadonlyMap<number, Use[]> {
  const uses = new Map<number, Use[]>();
  for (const [part, { sources }] of parts.entries()) {
    for (const [column, source] of sources.entries()) {
      uses.set(source.relation.oid, [...(uses.get(source.relation.oid) ?? []), { part, column, source }]);
    }
  }
  return uses;
}

/**
 * One query over all parts: how many rows of each relation they read, however often, and about how many people. `types` are those of the
 * statement's parameters, some of which only stand in what was cut away.
 */
export function summaryQuery(parts: readonly CompanionPart[], types: readonly string[]): string {
  const uses = usesOf(parts);
  const grouped = (part: number): boolean => {
    const [source] = parts[part]?.sources ?? [];
    return parts[part]?.single === true && uses.get(source?.relation.oid ?? 0)?.length === 1;
  };
  const typed = types.map((type, i) => `$${i + 1}::${type}`).join(', ');
  const ctes = [
    ...(types.length === 0 ? [] : [`holdpoint_types AS (SELECT ${typed})`]),
    ...parts.map(
      (part, i) => `holdpoint_${i} AS MATERIALIZED (${grouped(i) ? groupedRows(part) : allRows(part)})`,
    ),
  ];
  const relations: string[] = [];
  const people: string[] = [];
  for (const [oid, used] of uses) {
    const subject = used.every((use) => use.source.subject !== null) ? used[0]?.source.subject : null;
    const only = used.length === 1 && grouped(used[0]?.part ?? -1) ? used[0] : undefined;
    const rows =
      only === undefined
        ? distinctRows(used)
        : `(SELECT COALESCE(pg_catalog.sum(holdpoint_n), 0) FROM holdpoint_${only.part})`;
    if (subject === null || subject === undefined) {
      relations.push(row(oid, rows, 'NULL'));
      continue;
    }
    const told = `SELECT ${subject.expression(`holdpoint_d${oid}`)} AS s FROM holdpoint_d${oid}`;
    // The way to a person is asked once for each value it starts from, not once for each row.
    ctes.push(
      `holdpoint_d${oid} AS MATERIALIZED (SELECT s AS ${quoteName(subject.column)} FROM (${each(used, 's')}) u WHERE s IS NOT NULL GROUP BY s)`,
      `holdpoint_p${oid} AS MATERIALIZED (${subject.direct ? told : `SELECT s FROM (${told}) u WHERE s IS NOT NULL GROUP BY s`})`,
    );
    people.push(`SELECT ${quoteText(`${subject.domain} `)} || s AS p FROM holdpoint_p${oid}`);
    relations.push(row(oid, rows, `(SELECT pg_catalog.count(*) FROM holdpoint_p${oid})`));
  }
  const everybody = people.length > 0 ? people.join(' UNION ') : 'SELECT NULL::text AS p WHERE false';
  return `WITH ${ctes.join(',\n')},
holdpoint_people AS MATERIALIZED (${everybody}),
holdpoint_total AS MATERIALIZED (SELECT pg_catalog.count(*) AS n FROM holdpoint_people)
SELECT pg_catalog.json_build_object(
  'relations', pg_catalog.json_build_array(${relations.join(', ')}),
  'people', (SELECT n FROM holdpoint_total),
  'digest', (SELECT pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.string_agg(p, E'\\n' ORDER BY p COLLATE "C"), 'UTF8')), 'hex') FROM holdpoint_people),
  'list', CASE WHEN (SELECT n FROM holdpoint_total) <= ${LONGEST_LIST_OF_PEOPLE} THEN (SELECT pg_catalog.json_agg(p) FROM holdpoint_people) END
)::text`;
}

const row = (oid: number, rows: string, people: string): string =>
  `pg_catalog.json_build_object('oid', ${oid}, 'rows', ${rows}, 'people', ${people})`;

const allRows = ({ sql, sources }: CompanionPart): string =>
  `SELECT ${sources.flatMap((_, i) => [`holdpoint_k${i}`, `holdpoint_s${i}`]).join(', ')} FROM (${sql}\n) holdpoint_inner`;

/** Of a single table it is enough to know how many rows lead to each person. */
const groupedRows = ({ sql }: CompanionPart): string =>
  `SELECT holdpoint_s0, pg_catalog.count(*) AS holdpoint_n FROM (${sql}\n) holdpoint_inner GROUP BY holdpoint_s0`;

const each = (uses: readonly Use[], letter: 'k' | 's'): string =>
  uses
    .map((use) => `SELECT holdpoint_${letter}${use.column} AS ${letter} FROM holdpoint_${use.part}`)
    .join(' UNION ALL ');

const distinctRows = (uses: readonly Use[]): string =>
  `(SELECT pg_catalog.count(*) FROM (SELECT 1 FROM (${each(uses, 'k')}) u WHERE k IS NOT NULL GROUP BY k) d)`;
