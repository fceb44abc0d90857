import type { FootprintItem, RowImage, UnknownFact } from '@/server/domain/footprint';
import { type RelationFacts, relationName } from './catalog-facts';
import { classesOf } from './classes';
import { countOf, pathTo, type RowCounts } from './paths-of-effect';
import type { Preparation } from './preparation';
import { nameInSql } from './static-footprint';
import { concernsPeople, subjectPathOf } from './subjects';
import type { TouchedRows } from './touched-rows';
import type { WriteOperation, WriteTarget } from './write-targets';

const OPERATIONS: readonly WriteOperation[] = ['insert', 'update', 'delete'];

type Named = { target: WriteTarget; relation: RelationFacts };

/** What each write target of the statement resolved to. Names of the same relation in several CTEs stay apart. */
export function namedTargets(prep: Preparation): Named[] {
  return prep.gate.targets.flatMap((target) => {
    const oid = prep.found.resolved.get(nameInSql(target));
    const relation = oid === undefined ? undefined : prep.index.get(oid);
    return relation === undefined ? [] : [{ target, relation }];
  });
}

/**
 * One item per relation and operation, from what PostgreSQL counted: the relations the statement names first, then everything
 * reached from there with the way it was reached.
 */
export function writtenItems(
  prep: Preparation,
  counts: readonly RowCounts[],
  touched: TouchedRows,
  statementRows: number,
): { items: FootprintItem[]; unknowns: UnknownFact[] } {
  const named = namedTargets(prep);
  const operations = operationsByRelation(named);
  const items = [
    ...directItems(prep, named, operations, counts, touched, statementRows),
    ...reachedItems(prep, named, operations, counts, touched),
  ];
  const all = withLeastOne(items, named, prep, touched);
  return { items: all, unknowns: unnamedPeople(prep, all) };
}

type Operations = ReadonlyMap<number, ReadonlySet<WriteOperation>>;

function operationsByRelation(named: readonly Named[]): Operations {
  const operations = new Map<number, Set<WriteOperation>>();
  for (const { target, relation } of named) {
    const known = operations.get(relation.oid) ?? new Set();
    for (const operation of target.operations) known.add(operation);
    operations.set(relation.oid, known);
  }
  return operations;
}

function directItems(
  prep: Preparation,
  named: readonly Named[],
  operations: Operations,
  counts: readonly RowCounts[],
  touched: TouchedRows,
  statementRows: number,
): FootprintItem[] {
  return [...operations].flatMap(([oid, ops]) => {
    const relation = prep.index.get(oid);
    if (relation === undefined) return [];
    return [...ops].flatMap((operation) => {
      const count = directCount(prep, relation, operation, ops, counts, statementRows);
      if (count === 0 && ops.size > 1) return [];
      return [buildItem(prep, relation, operation, count, touched, columnsGiven(named, relation, operation))];
    });
  });
}

function reachedItems(
  prep: Preparation,
  named: readonly Named[],
  operations: Operations,
  counts: readonly RowCounts[],
  touched: TouchedRows,
): FootprintItem[] {
  const direct = new Set(operations.keys());
  return counts.flatMap((row) => {
    const relation = prep.index.get(row.oid);
    if (relation === undefined) return [];
    const done = OPERATIONS.filter((op) => countOf(row, op) > 0 && !operations.get(row.oid)?.has(op));
    return done.map((operation) => {
      const via = pathTo(relation, operation, { facts: prep.facts, index: prep.index, direct, counts });
      const columns =
        columnsGiven(named, relation, operation) ?? changedColumns(relation, operation, touched.images);
      return { ...buildItem(prep, relation, operation, countOf(row, operation), touched, columns), via };
    });
  });
}

/** MERGE and ON CONFLICT may have done nothing: then the first operation named is shown with 0 rather than nothing at all. */
function withLeastOne(
  items: FootprintItem[],
  named: Named[],
  prep: Preparation,
  touched: TouchedRows,
): FootprintItem[] {
  const missing = named.filter(
    ({ relation }) => !items.some((item) => item.resource === relationName(relation)),
  );
  const added = missing.flatMap(({ relation, target }) => {
    const operation = target.operations[0];
    return operation === undefined
      ? []
      : [buildItem(prep, relation, operation, 0, touched, target.columns[operation] ?? null)];
  });
  return [...items, ...added];
}

function directCount(
  prep: Preparation,
  relation: RelationFacts,
  operation: WriteOperation,
  operations: ReadonlySet<WriteOperation>,
  counts: readonly RowCounts[],
  statementRows: number,
): number {
  const own = countOf(
    counts.find(({ oid }) => oid === relation.oid),
    operation,
  );
  if (relation.kind === 'v') return operations.size === 1 ? statementRows : own;
  if (relation.kind !== 'p') return own;
  const leaves = counts.filter((row) =>
    prep.index.get(row.oid)?.ancestors?.some(({ oid }) => oid === relation.oid),
  );
  const sum = (which: WriteOperation): number =>
    leaves.reduce((total, row) => total + countOf(row, which), 0);
  // An update that moves a row to another partition is a delete there and an insert here.
  return operation === 'update' && operations.size === 1 ? sum('update') + sum('delete') : sum(operation);
}

/** Columns the statement gives a value to, for the relation it names and for partitions and base tables below it. */
function columnsGiven(
  named: readonly Named[],
  relation: RelationFacts,
  operation: WriteOperation,
): string[] | null {
  const family = new Set([relation.oid, ...(relation.ancestors ?? []).map(({ oid }) => oid)]);
  const matching = named.filter((n) => family.has(n.relation.oid) && n.target.operations.includes(operation));
  const columns = matching.map(({ target }) => target.columns[operation] ?? null);
  if (columns.length === 0 || columns.includes(null)) return null;
  const computed = (relation.columns ?? [])
    .filter(({ generated }) => generated !== '')
    .map(({ name }) => name);
  return [
    ...new Set([...columns.flatMap((list) => list ?? []), ...(operation === 'update' ? [] : computed)]),
  ];
}

/** For what the statement does not name: the columns whose values really differ, as far as rows were read. */
function changedColumns(
  relation: RelationFacts,
  operation: WriteOperation,
  images: readonly RowImage[],
): string[] | null {
  if (operation !== 'update') return null;
  const changed = new Set<string>();
  for (const { resource, before, after } of images) {
    if (resource !== relationName(relation) || before === null || after === null) continue;
    for (const name of Object.keys(after)) {
      if (JSON.stringify(before[name]) !== JSON.stringify(after[name])) changed.add(name);
    }
  }
  return changed.size > 0 ? [...changed] : null;
}

function buildItem(
  prep: Preparation,
  relation: RelationFacts,
  operation: WriteOperation,
  count: number,
  touched: TouchedRows,
  given: readonly string[] | null,
): FootprintItem {
  const all = (relation.columns ?? []).map(({ name }) => name);
  const columns = given === null ? all : all.filter((name) => given.includes(name));
  const classes = classesOf(prep.target.classifications, relation, columns);
  const known = touched.peopleIn(relation, operation);
  const people =
    known === undefined && count === 0 && subjectPathOf(prep.paths, relation) !== null ? 0 : known;
  return {
    kind: 'relation',
    target: prep.target.name,
    resource: relationName(relation),
    operation,
    count,
    provenance: 'measured',
    columns,
    classes,
    ...(people === undefined ? {} : { subjects: people }),
    reversible: true,
  };
}

function unnamedPeople(prep: Preparation, items: readonly FootprintItem[]): UnknownFact[] {
  return items.flatMap((item) => {
    const relation = [...prep.index.values()].find((r) => relationName(r) === item.resource);
    if (
      relation === undefined ||
      !concernsPeople(item.classes ?? []) ||
      subjectPathOf(prep.paths, relation) !== null
    )
      return [];
    return [
      {
        code: 'subjects_unknown' as const,
        resource: item.resource,
        message: `${item.resource} holds data about people, but the target does not say which column identifies them. Add it to the target's subjects.`,
      },
    ];
  });
}
