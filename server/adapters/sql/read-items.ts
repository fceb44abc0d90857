import type { FootprintItem } from '@/server/domain/footprint';
import { type RelationFacts, relationName } from './catalog-facts';
import { classesOf, declaredClass } from './classes';
import type { Preparation } from './preparation';
import { nameInSql } from './static-footprint';

/** A relation a statement reads, with the columns used and the way there. */
export type ReadRelation = {
  relation: RelationFacts;
  columns: string[];
  via: string | null;
};

/** Every relation read by the statement: the ones it names, then what stands behind its views. */
export function readRelations(prep: Preparation): ReadRelation[] {
  const named = new Set(prep.gate.reads.flatMap((r) => prep.found.resolved.get(nameInSql(r)) ?? []));
  const targets = new Set(prep.gate.targets.flatMap((t) => prep.found.resolved.get(nameInSql(t)) ?? []));
  const returning = new Set(
    prep.gate.targets.filter((t) => t.returning).flatMap((t) => prep.found.resolved.get(nameInSql(t)) ?? []),
  );
  const direct = prep.found.relations.flatMap(({ oid, columns }) => {
    const relation = prep.index.get(oid);
    if (relation === undefined) return [];
    if (targets.has(oid) && !named.has(oid) && !returning.has(oid)) return [];
    return [{ relation, columns: namesOfColumns(prep, relation, columns), via: null as string | null }];
  });
  const reached: ReadRelation[] = [...direct, ...catalogs(prep, direct)];
  for (const view of reached) {
    if (view.relation.kind !== 'v') continue;
    for (const behind of behindView(prep, view.relation)) {
      if (!reached.some((known) => known.relation.oid === behind.relation.oid && known.via === behind.via))
        reached.push(behind);
    }
  }
  return reached;
}

/** PostgreSQL's own tables, which its dependency records leave out. */
function catalogs(prep: Preparation, direct: readonly ReadRelation[]): ReadRelation[] {
  return [...new Set(prep.gate.reads.flatMap((r) => prep.found.resolved.get(nameInSql(r)) ?? []))].flatMap(
    (oid) => {
      const relation = prep.index.get(oid);
      if (
        relation === undefined ||
        relation.schema !== 'pg_catalog' ||
        direct.some((d) => d.relation.oid === oid)
      )
        return [];
      return [{ relation, columns: namesOfColumns(prep, relation, null), via: null }];
    },
  );
}

function behindView(prep: Preparation, view: RelationFacts): ReadRelation[] {
  const columns = new Map<number, Set<number>>();
  for (const found of prep.facts.viewColumns) {
    if (found.view !== view.oid) continue;
    const numbers = columns.get(found.relation) ?? new Set();
    if (found.column > 0) numbers.add(found.column);
    columns.set(found.relation, numbers);
  }
  // A printed definition writes `*` only for a whole row inside an expression: then any column may be in there.
  const wholeRow = /\.\*/.test(view.view ?? '');
  return [...columns].flatMap(([oid, numbers]) => {
    const relation = prep.index.get(oid);
    if (relation === undefined) return [];
    const used =
      numbers.size === 0 || wholeRow ? allColumns(relation) : namesByNumber(relation, [...numbers]);
    return [{ relation, columns: used, via: `view ${relationName(view)}` }];
  });
}

const allColumns = (relation: RelationFacts): string[] => (relation.columns ?? []).map(({ name }) => name);
const namesByNumber = (relation: RelationFacts, numbers: readonly number[]): string[] =>
  (relation.columns ?? []).filter(({ number }) => numbers.includes(number)).map(({ name }) => name);

function namesOfColumns(prep: Preparation, relation: RelationFacts, numbers: number[] | null): string[] {
  if (numbers === null) {
    const all = allColumns(relation);
    return mayNameWholeRows(prep) ? all : all.filter((name) => prep.gate.columnNames.has(name));
  }
  return prep.found.wholeRows.has(relation.oid) ? allColumns(relation) : namesByNumber(relation, numbers);
}

/** From the text alone: a name that is no column of anything may be a row, or a function called on one (`t.row_to_json`). */
function mayNameWholeRows({ gate, index }: Preparation): boolean {
  if (gate.star || gate.renamesColumns) return true;
  const columns = new Set([...index.values()].flatMap(allColumns));
  return [...gate.columnNames].some((name) => !columns.has(name));
}

export type ReadCount = {
  count: number | null;
  provenance: FootprintItem['provenance'];
  subjects?: number | null;
  note?: string;
};

/** The item of one relation read. A view's own columns count as classified when somebody named them, or everything behind them is. */
export function readItem(
  prep: Preparation,
  read: ReadRelation,
  operation: 'read' | 'lock',
  counted: ReadCount,
): FootprintItem {
  const { relation, columns, via } = read;
  const opaque = relation.kind !== 'v' || behindView(prep, relation).length === 0;
  const classes = !opaque
    ? [
        ...new Set(
          columns.flatMap((column) => declaredClass(prep.target.classifications, relation, column) ?? []),
        ),
      ].sort()
    : classesOf(prep.target.classifications, relation, columns);
  return {
    kind: 'relation',
    target: prep.target.name,
    resource: relationName(relation),
    operation,
    count: counted.count,
    provenance: counted.provenance,
    columns,
    classes,
    ...(counted.subjects === undefined ? {} : { subjects: counted.subjects }),
    ...(via === null ? {} : { via }),
    ...noteOf(prep, counted),
    reversible: true,
  };
}

/** Where the database could not resolve columns, the item says that they come from names in the text: possibly more than are read. */
function noteOf(prep: Preparation, counted: ReadCount): { note?: string } {
  const notes = [
    counted.note,
    prep.found.exact ? undefined : 'columns estimated from the names in the statement',
  ];
  const note = notes.filter((text) => text !== undefined).join('; ');
  return note === '' ? {} : { note };
}
