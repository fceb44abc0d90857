import { isDeepStrictEqual } from 'node:util';
import { parseSync } from 'libpg-query';
import type { RelationFacts } from './catalog-facts';
import type { Preparation } from './preparation';
import { quoteName, quoteText } from './session';
import { sliceBytes, type Token, tokensOf } from './statement-text';
import { nameInSql } from './static-footprint';
import { type SubjectPath, subjectPathOf } from './subjects';
import { everyNode, type Fields, fieldsOf, isFields, listOf, nodeOf, textOf, unwrap } from './tree';

/** A table of the outermost FROM whose rows can be told apart in the result. */
export type Source = { relation: RelationFacts; alias: string; subject: SubjectPath | null };

/**
 * A second query, for measuring only, that asks the same rows for their identity instead of their values. It is cut from the text of
 * the statement and parsed again: unless FROM and WHERE come out identical it is not used. What an agent gets never comes from it.
 */
export type Companion = {
  sql: string;
  sources: Source[];
  /** `rows`: the rows returned. `feeding`: the rows an aggregate or DISTINCT was fed with. */
  counts: 'rows' | 'feeding';
  /** False when HAVING or a LIMIT over groups uses only part of what was read. */
  exact: boolean;
};

const ENDS_FROM = new Set([
  'group',
  'having',
  'window',
  'order',
  'limit',
  'offset',
  'fetch',
  'for',
  'union',
  'intersect',
  'except',
]);

/** Builds the companion, or null where the statement's shape does not allow one that is certainly equivalent. */
export function buildCompanion(prep: Preparation, kinds: FunctionKinds): Companion | null {
  const body = prep.gate.body;
  if (body === null || body.type !== 'SelectStmt' || prep.gate.explained) return null;
  const select = body.node;
  if (select.op !== 'SETOP_NONE' || listOf(select.targetList).length === 0) return null;
  const sources = sourcesOf(prep, select);
  const cut = cutSelect(body.text);
  if (sources === null || sources.length === 0 || cut === null) return null;
  const aggregating = isAggregating(select, kinds);
  const keys = sources.flatMap(({ relation, alias, subject }, i) => [
    `${keyExpression(relation, alias)} AS holdpoint_k${i}`,
    `${subject === null ? 'NULL::text' : subject.expression(quoteName(alias))} AS holdpoint_s${i}`,
  ]);
  const augmented = aggregating
    ? `${sliceBytes(body.text, 0, cut.afterSelect)} ${keys.join(', ')} ${sliceBytes(body.text, cut.from, cut.end)}`
    : `${sliceBytes(body.text, 0, cut.from)}, ${keys.join(', ')} ${sliceBytes(body.text, cut.from)}`;
  if (!isSameSource(select, augmented, keys.length, aggregating)) return null;
  return {
    sql: summaryQuery(augmented, sources, isSingleTable(select)),
    sources,
    counts: aggregating ? 'feeding' : 'rows',
    exact: !(
      aggregating &&
      (select.havingClause !== undefined ||
        (select.limitCount !== undefined && select.groupClause !== undefined))
    ),
  };
}

/** Which called names are aggregates or return sets; both change what a row of the result stands for. */
export type FunctionKinds = { aggregates: ReadonlySet<string>; sets: ReadonlySet<string> };

function isAggregating(select: Fields, kinds: FunctionKinds): boolean {
  if (['groupClause', 'havingClause', 'distinctClause'].some((name) => select[name] !== undefined))
    return true;
  for (const { key, node } of everyNode([select.targetList, select.sortClause])) {
    if (key !== 'FuncCall') continue;
    const name = textOf(nodeOf(listOf(node.funcname).at(-1), 'String')?.sval) ?? '';
    if (kinds.sets.has(name) || (node.over === undefined && kinds.aggregates.has(name))) return true;
  }
  return false;
}

function sourcesOf(prep: Preparation, select: Fields): Source[] | null {
  const sources: Source[] = [];
  const queue = [...listOf(select.fromClause)];
  for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
    const join = nodeOf(item, 'JoinExpr');
    if (join !== null) {
      if (join.alias !== undefined) return null;
      queue.push(join.larg, join.rarg);
      continue;
    }
    if (nodeOf(item, 'RangeTableSample') !== null) return null;
    const range = nodeOf(item, 'RangeVar');
    if (range === null) continue;
    const source = sourceOf(prep, range);
    if (source !== null) sources.push(source);
  }
  const aliases = new Set(sources.map(({ alias }) => alias));
  return aliases.size === sources.length ? sources : null;
}

function sourceOf(prep: Preparation, range: Fields): Source | null {
  const name = textOf(range.relname) ?? '';
  const schema = textOf(range.schemaname);
  if (schema === null && prep.gate.cteNames.has(name)) return null;
  const oid = prep.found.resolved.get(nameInSql({ schema, name }));
  const relation = oid === undefined ? undefined : prep.index.get(oid);
  if (relation === undefined || !['r', 'p', 'm'].includes(relation.kind)) return null;
  return {
    relation,
    alias: textOf(fieldsOf(range.alias)?.aliasname) ?? name,
    subject: fieldsOf(range.alias)?.colnames === undefined ? subjectPathOf(prep.paths, relation) : null,
  };
}

/** Partitions and children number their rows independently. The row of the empty side of an outer join has no identity. */
function keyExpression(relation: RelationFacts, alias: string): string {
  const row = quoteName(alias);
  if (relation.kind === 'm') return `${row}.ctid`;
  return `CASE WHEN ${row}.ctid IS NOT NULL THEN ${row}.tableoid::text || ${row}.ctid::text END`;
}

function cutSelect(text: string): { afterSelect: number; from: number; end: number } | null {
  const tokens = atTopLevel(tokensOf(text));
  const selects = tokens.filter((token) => token.text === 'select');
  const [select] = selects;
  if (select === undefined || selects.length > 1) return null;
  const from = tokens.find(
    (token, i) => token.start > select.start && token.text === 'from' && tokens[i - 1]?.text !== 'distinct',
  );
  if (from === undefined) return null;
  const end = tokens.find((token) => token.start > from.start && ENDS_FROM.has(token.text));
  return { afterSelect: select.end, from: from.start, end: end?.start ?? Buffer.byteLength(text) };
}

function atTopLevel(tokens: readonly Token[]): Token[] {
  let depth = 0;
  return tokens.filter((token) => {
    if (token.text === '(' || token.text === '[') depth++;
    if (token.text === ')' || token.text === ']') depth--;
    return depth === 0;
  });
}

/** The proof that cutting text did not change meaning: the grammar sees the same FROM, WHERE and CTEs, and our columns at the end. */
function isSameSource(select: Fields, augmented: string, added: number, aggregating: boolean): boolean {
  let again: Fields | null;
  try {
    const [statement, ...more] = listOf(fieldsOf(parseSync(augmented))?.stmts);
    again = more.length > 0 ? null : (unwrap(fieldsOf(statement)?.stmt)?.node ?? null);
  } catch {
    return false;
  }
  if (
    again === null ||
    listOf(again.targetList).length !== (aggregating ? 0 : listOf(select.targetList).length) + added
  )
    return false;
  const kept = aggregating
    ? ['fromClause', 'whereClause', 'withClause']
    : Object.keys({ ...select, ...again }).filter((k) => k !== 'targetList');
  if (paramsIn(select) !== paramsIn(again)) return false;
  return kept.every((name) => isDeepStrictEqual(withoutPlaces(select[name]), withoutPlaces(again[name])));
}

function paramsIn(root: unknown): string {
  const numbers = new Set<number>();
  for (const { key, node } of everyNode(root)) if (key === 'ParamRef') numbers.add(Number(node.number ?? 0));
  return [...numbers].sort((a, b) => a - b).join(',');
}

/** Where something stood in the text; lists say where they start and end since PostgreSQL 18. */
const PLACE = /^(location|\w+_location|(\w+_)?list_(start|end))$/;

function withoutPlaces(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPlaces);
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !PLACE.test(name))
      .map(([name, inner]) => [name, withoutPlaces(inner)]),
  );
}

/** Without a join every row fed to the result is one row of the table: no need to tell them apart. */
const isSingleTable = (select: Fields): boolean =>
  listOf(select.fromClause).length === 1 && nodeOf(listOf(select.fromClause)[0], 'RangeVar') !== null;

/** People are handed over one by one only up to here; beyond, their number and digest have to do. */
const LONGEST_LIST_OF_PEOPLE = 20_000;

function summaryQuery(augmented: string, sources: readonly Source[], single: boolean): string {
  const columns = sources.flatMap((_, i) => [`holdpoint_k${i}`, `holdpoint_s${i}`]);
  const people = sources.flatMap(({ subject }, i) =>
    subject === null
      ? []
      : [
          `SELECT ${quoteText(`${subject.domain} `)} || holdpoint_s${i} AS p FROM holdpoint WHERE holdpoint_s${i} IS NOT NULL`,
        ],
  );
  const distinct = (column: string): string =>
    `(SELECT pg_catalog.count(*) FROM (SELECT 1 FROM holdpoint WHERE ${column} IS NOT NULL GROUP BY ${column}) d)`;
  const keys = sources.map((_, i) =>
    single ? '(SELECT pg_catalog.count(*) FROM holdpoint)' : distinct(`holdpoint_k${i}`),
  );
  const subjects = sources.map(({ subject }, i) => (subject === null ? '0' : distinct(`holdpoint_s${i}`)));
  return `WITH holdpoint AS MATERIALIZED (SELECT ${columns.join(', ')} FROM (${augmented}\n) holdpoint_inner),
holdpoint_people AS MATERIALIZED (${people.length > 0 ? `SELECT p FROM (${people.join(' UNION ALL ')}) a GROUP BY p` : 'SELECT NULL::text AS p WHERE false'}),
holdpoint_total AS MATERIALIZED (SELECT pg_catalog.count(*) AS n FROM holdpoint_people)
SELECT pg_catalog.json_build_object(
  'rows', (SELECT pg_catalog.count(*) FROM holdpoint),
  'keys', pg_catalog.json_build_array(${keys.join(', ')}),
  'subjects', pg_catalog.json_build_array(${subjects.join(', ')}),
  'people', (SELECT n FROM holdpoint_total),
  'digest', (SELECT pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.string_agg(p, E'\\n' ORDER BY p COLLATE "C"), 'UTF8')), 'hex') FROM holdpoint_people),
  'list', (SELECT pg_catalog.json_agg(p) FROM holdpoint_people WHERE (SELECT n FROM holdpoint_total) <= ${LONGEST_LIST_OF_PEOPLE})
)::text`;
}

export type Summary = {
  rows: number;
  keys: number[];
  subjects: number[];
  /** Distinct people, the digest over them, and they themselves unless there are too many to hand over. */
  people: number;
  digest: string | null;
  list: string[] | null;
};
