import { isDeepStrictEqual } from 'node:util';
import type { RelationFacts } from './catalog-facts';
import type { Preparation } from './preparation';
import { quoteName } from './quoting';
import { parseSelect, type SelectLeaf, selectLeaves } from './select-leaves';
import { atTopLevel, sliceBytes, tokensOf } from './statement-text';
import { nameInSql } from './static-footprint';
import { type SubjectPath, subjectPathOf } from './subjects';
import { everyNode, type Fields, fieldsOf, listOf, nodeOf, textOf, withoutPlaces } from './tree';

/** A table in a FROM whose rows can be told apart in what its SELECT yields. */
export type Source = { relation: RelationFacts; alias: string; subject: SubjectPath | null };

/** One SELECT of the statement that yields, beside or instead of its own columns, the identity of the rows behind them. */
export type CompanionPart = {
  sql: string;
  sources: Source[];
  /** Exactly one table, no join: each row of it is one row of the table. */
  single: boolean;
  /** `rows`: the rows returned. `feeding`: the rows an aggregate, DISTINCT or an outer SELECT was fed with. */
  counts: 'rows' | 'feeding';
  /** False when HAVING or a LIMIT over groups uses only part of what was read. */
  exact: boolean;
  outermost: boolean;
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

/** Which called names are aggregates or return sets; both change what a row of the result stands for. */
export type FunctionKinds = { aggregates: ReadonlySet<string>; sets: ReadonlySet<string> };

/**
 * Queries, for measuring only, that ask the same rows for their identity instead of their values: one for each SELECT of the statement that
 * can be asked by itself. They are cut from its text and parsed again: unless FROM and WHERE come out identical one is not used. What an
 * agent gets never comes from them.
 */
export function buildCompanion(prep: Preparation, kinds: FunctionKinds): CompanionPart[] {
  // A CTE named like a table would stand in for it in some places and not in others.
  for (const name of prep.gate.cteNames)
    if (prep.found.resolved.has(nameInSql({ schema: null, name }))) return [];
  const { leaves, ctes } = selectLeaves(prep.gate);
  return leaves.flatMap((leaf) => buildPart(prep, kinds, leaf, ctes) ?? []);
}

function buildPart(
  prep: Preparation,
  kinds: FunctionKinds,
  { node: select, text, outermost }: SelectLeaf,
  ctes: string,
): CompanionPart | null {
  const sources = sourcesOf(prep, select);
  const cut = cutSelect(text);
  if (sources === null || sources.length === 0 || cut === null) return null;
  const aggregating = isAggregating(select, kinds);
  const keys = sources.flatMap(({ relation, alias, subject }, i) => [
    `${keyExpression(prep, relation, alias)} AS holdpoint_k${i}`,
    `${subject === null ? 'NULL::text' : `${quoteName(alias)}.${quoteName(subject.column)}`} AS holdpoint_s${i}`,
  ]);
  const augmented = aggregating
    ? `${sliceBytes(text, 0, cut.afterSelect)} ${keys.join(', ')} ${sliceBytes(text, cut.from, cut.end)}`
    : `${sliceBytes(text, 0, cut.from)}, ${keys.join(', ')} ${sliceBytes(text, cut.from)}`;
  if (!isSameSource(select, augmented, keys.length, aggregating)) return null;
  const limited = select.limitCount !== undefined || select.limitOffset !== undefined;
  return {
    sql: `${ctes} ${augmented}`,
    sources,
    single: isSingleTable(select),
    counts: aggregating || !outermost ? 'feeding' : 'rows',
    exact: !(
      aggregating &&
      (select.havingClause !== undefined || (limited && select.groupClause !== undefined))
    ),
    outermost,
  };
}

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
  if (aliases.size !== sources.length) return null;
  // The rows of a view have no identity: they can be counted where each of them is one row of the SELECT.
  return isSingleTable(select) ? sources : sources.filter(({ relation }) => relation.kind !== 'v');
}

function sourceOf(prep: Preparation, range: Fields): Source | null {
  const name = textOf(range.relname) ?? '';
  const schema = textOf(range.schemaname);
  if (schema === null && prep.gate.cteNames.has(name)) return null;
  const oid = prep.found.resolved.get(nameInSql({ schema, name }));
  const relation = oid === undefined ? undefined : prep.index.get(oid);
  if (relation === undefined || !['r', 'p', 'm', 'v'].includes(relation.kind)) return null;
  return {
    relation,
    alias: textOf(fieldsOf(range.alias)?.aliasname) ?? name,
    subject: fieldsOf(range.alias)?.colnames === undefined ? subjectPathOf(prep.paths, relation) : null,
  };
}

/** Partitions and children number their rows independently. The row of the empty side of an outer join has no identity. */
function keyExpression(prep: Preparation, relation: RelationFacts, alias: string): string {
  if (relation.kind === 'v') return 'NULL::text';
  const row = quoteName(alias);
  const hasChildren = prep.facts.relations.some(({ parents }) => parents?.includes(relation.oid));
  if (relation.kind !== 'p' && !hasChildren) return `${row}.ctid`;
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

/** The proof that cutting text did not change meaning: the grammar sees the same FROM and WHERE, and our columns at the end. */
function isSameSource(select: Fields, augmented: string, added: number, aggregating: boolean): boolean {
  const again = parseSelect(augmented);
  if (
    again === null ||
    listOf(again.targetList).length !== (aggregating ? 0 : listOf(select.targetList).length) + added
  )
    return false;
  const kept = aggregating
    ? ['fromClause', 'whereClause']
    : Object.keys({ ...select, ...again }).filter((k) => k !== 'targetList' && k !== 'withClause');
  return kept.every((name) => isDeepStrictEqual(withoutPlaces(select[name]), withoutPlaces(again[name])));
}

/** Without a join every row fed to the result is one row of the table: no need to tell them apart. */
const isSingleTable = (select: Fields): boolean =>
  listOf(select.fromClause).length === 1 && nodeOf(listOf(select.fromClause)[0], 'RangeVar') !== null;
