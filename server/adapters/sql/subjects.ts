import type { PostgresTarget } from '@/server/domain/catalog';
import type { RelationFacts } from './catalog-facts';
import { namesOf } from './classes';
import { qualified, quoteName } from './quoting';
import type { Session } from './session';

type Hop = { table: string; column: string; next: string | null; referenced: string | null };

/** Ways from tables to the people their rows are about, as declared for the target and completed from its foreign keys. */
export type SubjectPaths = ReadonlyMap<string, Hop>;

const MAX_HOPS = 8;

/** Where each declared `column -> schema.table` arrives: the column its foreign key references, else the table's single-column key. */
const REFERENCED = `
SELECT pg_catalog.json_agg(pg_catalog.json_build_object('from', h.f, 'column', h.c, 'referenced', COALESCE(
  (SELECT a.attname FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = k.confkey[1]
    JOIN pg_catalog.pg_attribute o ON o.attrelid = k.conrelid AND o.attnum = k.conkey[1]
    WHERE k.contype = 'f' AND k.conrelid = pg_catalog.to_regclass(h.f) AND k.confrelid = pg_catalog.to_regclass(h.t)
      AND o.attname = h.c AND pg_catalog.cardinality(k.conkey) = 1 LIMIT 1),
  (SELECT a.attname FROM pg_catalog.pg_index x JOIN pg_catalog.pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = x.indkey[0]
    WHERE x.indrelid = pg_catalog.to_regclass(h.t) AND x.indisprimary AND x.indnkeyatts = 1)
)))::text FROM ROWS FROM (pg_catalog.unnest($1::text[]), pg_catalog.unnest($2::text[]), pg_catalog.unnest($3::text[])) AS h(f, c, t)`;

const PATHS = 'holdpoint_subject_paths';
/** Has the server plan the question. */
export const warmSubjectPaths = (session: Session): Promise<unknown> =>
  session.json(REFERENCED, [[], [], []], PATHS);

/** Reads the declared paths; one round trip, and only where a path leads to another table. */
export async function readSubjectPaths(
  session: Session,
  subjects: PostgresTarget['subjects'],
): Promise<SubjectPaths> {
  const paths = new Map<string, Hop>();
  for (const [table, declared] of Object.entries(subjects)) {
    const [column, next] = declared.split('->').map((part) => part.trim());
    if (column) paths.set(table, { table, column, next: next || null, referenced: null });
  }
  const hops = [...paths.values()].filter((hop) => hop.next !== null);
  if (hops.length === 0) return paths;
  type Found = { from: string; column: string; referenced: string | null };
  const found = await session.json<Found[] | null>(
    REFERENCED,
    [
      hops.map((hop) => quotedTable(hop.table)),
      hops.map((hop) => hop.column),
      hops.map((hop) => quotedTable(hop.next ?? '')),
    ],
    PATHS,
  );
  for (const hop of hops) {
    const match = found?.find((f) => f.from === quotedTable(hop.table) && f.column === hop.column);
    paths.set(hop.table, { ...hop, referenced: match?.referenced ?? null });
  }
  return paths;
}

/** `schema.table` as declared, in SQL. */
export function quotedTable(name: string): string {
  const dot = name.indexOf('.');
  return dot === -1 ? quoteName(name) : qualified(name.slice(0, dot), name.slice(dot + 1));
}

export type SubjectPath = {
  /** Whose identities the expression yields: two paths with the same domain may be counted together. */
  domain: string;
  /** The person's identity as text, for a row of the relation under `alias`. */
  expression(alias: string): string;
  /** The column of the relation the path starts from. */
  column: string;
  /** True when the first column already is the identity: no other table has to be asked. */
  direct: boolean;
};

/** The way from this relation to a person; null when none is declared or it leads nowhere. */
export function subjectPathOf(paths: SubjectPaths, relation: RelationFacts): SubjectPath | null {
  const hop = namesOf(relation)
    .map((name) => paths.get(name))
    .find((found) => found !== undefined);
  if (hop === undefined || !relation.columns?.some(({ name }) => name === hop.column)) return null;
  return follow(paths, hop, 0);
}

function follow(paths: SubjectPaths, hop: Hop, depth: number): SubjectPath | null {
  const column = hop.column;
  const own = (alias: string): string => `${alias}.${quoteName(column)}`;
  if (hop.next === null) {
    return { domain: hop.table, column, direct: true, expression: (alias) => `${own(alias)}::text` };
  }
  const nextHop = paths.get(hop.next);
  if (nextHop === undefined || depth >= MAX_HOPS) return null;
  const rest = follow(paths, nextHop, depth + 1);
  if (rest === null) return null;
  const referenced = hop.referenced ?? (nextHop.next === null ? nextHop.column : null);
  if (referenced === null) return null;
  if (rest.direct && rest.column === referenced) {
    return { domain: rest.domain, column, direct: true, expression: (alias) => `${own(alias)}::text` };
  }
  const inner = `s${depth}`;
  const table = quotedTable(hop.next);
  return {
    domain: rest.domain,
    column,
    direct: false,
    expression: (alias) =>
      `(SELECT ${rest.expression(inner)} FROM ${table} ${inner} WHERE ${inner}.${quoteName(referenced)} = ${own(alias)})`,
  };
}

/** Whether a relation holds data about people, by its classes, though no path says about whom. */
export const concernsPeople = (classes: readonly string[]): boolean =>
  classes.some((name) => name === 'personal' || name === 'health');
