import type { FootprintItem } from '@/server/domain/footprint';
import { type RelationFacts, relationName } from './catalog-facts';
import type { Preparation } from './preparation';
import { DEFINITION_ONLY } from './reads-inside-functions';
import { parseSelect } from './select-leaves';
import { everyNode, listOf } from './tree';

/**
 * Marks the items whose rows another item of the list counts already: partitions of a listed table, tables behind a listed view, or the view
 * where only those tables could be counted. In doubt an item stands for itself: rows are rather counted twice than not at all.
 */
export function markRestatements(prep: Preparation, items: readonly FootprintItem[]): FootprintItem[] {
  const relations = new Map([...prep.index.values()].map((relation) => [relationName(relation), relation]));
  return items.map((item) => {
    const relation = relations.get(item.resource);
    if (item.kind !== 'relation' || relation === undefined) return item;
    const isRead = item.operation === 'read' || item.operation === 'lock';
    const restates = isRead
      ? restatesRead(item, relation, items, relations)
      : restatesWrite(item, relation, items, relations);
    return restates ? { ...item, restates } : item;
  });
}

type Relations = ReadonlyMap<string, RelationFacts>;

const listed = (
  items: readonly FootprintItem[],
  resource: string,
  operation: FootprintItem['operation'],
): FootprintItem | undefined =>
  items.find((item) => item.resource === resource && item.operation === operation && item.count !== null);

function restatesRead(
  item: FootprintItem,
  relation: RelationFacts,
  items: readonly FootprintItem[],
  relations: Relations,
): boolean {
  const { operation } = item;
  // Its rows, where any were touched, are those of its partitions.
  if (item.via === DEFINITION_ONLY) return true;
  if (relation.ancestors?.some(({ name }) => listed(items, name, operation) !== undefined)) return true;
  const parents = relation.isPartition ? [] : (relation.parents ?? []);
  for (const [name, { oid }] of relations) {
    // Rows of a child are among those of its parent only where these were told apart; rows merely fetched are counted table by table.
    if (parents.includes(oid) && listed(items, name, operation)?.provenance === 'measured') return true;
  }
  const view = relations.get(item.via?.replace(/^view /, '') ?? '');
  if (view?.kind === 'v' && isPlain(view) && listed(items, relationName(view), operation) !== undefined)
    return true;
  if (relation.kind !== 'v' || (isPlain(relation) && item.count !== null)) return false;
  const behind = items.filter(
    (other) => other.via === `view ${item.resource}` && other.operation === operation,
  );
  return behind.length > 0 && behind.every(({ count }) => count !== null);
}

/** One row of the view for one row of the one table behind it. */
const isPlain = (view: RelationFacts): boolean => showsItsRows(view) && !/\bjoin\b/i.test(view.view ?? '');

/** Whether a view shows the rows it reads: nothing is summed up or left out on the way. Any call may be an aggregate. */
export function showsItsRows(view: RelationFacts): boolean {
  const select = parseSelect(view.view?.replace(/;\s*$/, '') ?? '');
  if (select === null || select.op !== 'SETOP_NONE') return false;
  if (listOf(select.fromClause).length !== 1 || select.withClause !== undefined) return false;
  if (
    ['groupClause', 'havingClause', 'distinctClause', 'limitCount'].some((name) => select[name] !== undefined)
  )
    return false;
  for (const { key } of everyNode(select))
    if (['FuncCall', 'SubLink', 'RangeSubselect'].includes(key)) return false;
  return true;
}

function restatesWrite(
  item: FootprintItem,
  relation: RelationFacts,
  items: readonly FootprintItem[],
  relations: Relations,
): boolean {
  for (const { name } of relation.ancestors ?? []) {
    if (listed(items, name, item.operation) !== undefined) return true;
    // An update that moves rows deletes them from one partition and inserts as many into others.
    if (listed(items, name, 'update') !== undefined && isMove(item, name, items, relations)) return true;
  }
  const view = relations.get(item.via?.replace(/^view /, '') ?? '');
  if (view?.kind !== 'v') return false;
  return listed(items, relationName(view), item.operation)?.count === item.count;
}

function isMove(
  item: FootprintItem,
  parent: string,
  items: readonly FootprintItem[],
  relations: Relations,
): boolean {
  if (item.operation !== 'insert' && item.operation !== 'delete') return false;
  if (
    ['insert', 'delete'].some((operation) =>
      items.some((i) => i.resource === parent && i.operation === operation),
    )
  )
    return false;
  const below = items.filter(({ resource }) =>
    relations.get(resource)?.ancestors?.some(({ name }) => name === parent),
  );
  const sum = (operation: string): number =>
    below.filter((i) => i.operation === operation).reduce((total, { count }) => total + (count ?? 0), 0);
  return sum('insert') === sum('delete');
}
