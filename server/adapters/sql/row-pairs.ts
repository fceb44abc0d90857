import type { RowImage } from '@/server/domain/footprint';
import { type RelationFacts, relationName } from './catalog-facts';
import type { RowSet } from './row-images';
import { converterOf } from './typed-values';

type Counts = { inserted: number; updated: number; deleted: number };
export type Row = (string | null)[];

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
  const resource = relationName(relation);
  const keyIn = keyWords(relation);
  const recordOf = asRecord(relation);
  const image = (operation: RowImage['operation'], old: Row | null, fresh: Row | null): RowImage => ({
    resource,
    operation,
    key: keyIn(old ?? fresh ?? []),
    before: old === null ? null : recordOf(old),
    after: fresh === null ? null : recordOf(fresh),
  });
  // Updates nobody could pair: both halves are shown as updates rather than as a delete and an insert that never happened.
  const loose = counts.updated > pairs.length;
  return [
    ...pairs.map(([old, fresh]) => image('update', old, fresh)),
    ...deleted.map((old) => image(loose && counts.deleted === 0 ? 'update' : 'delete', old, null)),
    ...inserted.map((fresh) => image(loose && counts.inserted === 0 ? 'update' : 'insert', null, fresh)),
  ];
}

/** Which old version belongs to which new one; what finds no partner was deleted or inserted, as far as the counters agree. */
export function pairRows(relation: RelationFacts, before: RowSet, after: RowSet, counts: Counts) {
  const byKey = pairBy(before.rows, after.rows, together(relation, relation.key ?? []));
  if (counts.updated <= byKey.pairs.length) return byKey;
  const rest = pairBy(byKey.old, byKey.fresh, together(relation, outsideKey(relation)));
  return { ...rest, pairs: [...byKey.pairs, ...rest.pairs] };
}

type Keyed = ((row: Row) => string) | null;

function pairBy(old: readonly Row[], fresh: readonly Row[], keyed: Keyed) {
  const pairs: [Row, Row][] = [];
  if (keyed === null || old.length === 0 || fresh.length === 0)
    return { pairs, old: [...old], fresh: [...fresh] };
  const waiting = new Map<string, Row[]>();
  for (const row of fresh) {
    const key = keyed(row);
    const known = waiting.get(key);
    if (known === undefined) waiting.set(key, [row]);
    else known.push(row);
  }
  const left: Row[] = [];
  const used = new Set<Row>();
  for (const row of old) {
    const partners = waiting.get(keyed(row));
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

/** Without a usable key, the columns outside it: a changed key leaves them as they were. */
const outsideKey = (relation: RelationFacts): string[] =>
  (relation.columns ?? []).map(({ name }) => name).filter((name) => !relation.key?.includes(name));

/** Where in a row these columns are; -1 for one it does not have. */
const placesOf = (relation: RelationFacts, columns: readonly string[]): number[] =>
  columns.map((column) => (relation.columns ?? []).findIndex(({ name }) => name === column));

/** The values of some columns of a row as one text; null when nothing tells rows apart. */
function together(relation: RelationFacts, columns: readonly string[]): Keyed {
  if (columns.length === 0) return null;
  const at = placesOf(relation, columns);
  return (row) => JSON.stringify(at.map((place) => row[place] ?? null));
}

/** The values of some columns, row by row. */
export function valuesOf(relation: RelationFacts, rows: readonly Row[], columns: readonly string[]): Row[] {
  const at = placesOf(relation, columns);
  return rows.map((row) => at.map((place) => row[place] ?? null));
}

/** A key people can read: `id=42`; without a primary key, all values. */
function keyWords(relation: RelationFacts): (row: Row) => string {
  const names = relation.key ?? [];
  if (names.length === 0) return (row) => `no key: ${JSON.stringify(row).slice(0, 200)}`;
  const at = placesOf(relation, names);
  return (row) => names.map((name, i) => `${name}=${row[at[i] ?? -1] ?? 'null'}`).join(', ');
}

/** A row as an object. Thousands are made at once, so what depends on the column alone is found out once. */
function asRecord(relation: RelationFacts): (row: Row) => Record<string, unknown> {
  const columns = (relation.columns ?? []).map(({ name, typeOid }) => ({
    name,
    convert: converterOf(typeOid),
  }));
  // Assigning to this name would set something else.
  if (columns.some(({ name }) => name === '__proto__')) {
    return (row) =>
      Object.fromEntries(columns.map(({ name, convert }, i) => [name, convert(row[i] ?? null)]));
  }
  return (row) => {
    const record: Record<string, unknown> = {};
    let i = 0;
    for (const { name, convert } of columns) record[name] = convert(row[i++] ?? null);
    return record;
  };
}
