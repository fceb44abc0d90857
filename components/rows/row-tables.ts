import type { Footprint } from '@/server/domain/footprint';
import type { RowView } from '@/server/domain/views';

/** One tab of the data: a table and what happens to its rows. */
export type RowTable = {
  key: string;
  resource: string;
  operation: RowView['operation'];
  count: number | null;
};

const WITH_ROWS: ReadonlySet<string> = new Set(['read', 'insert', 'update', 'delete']);
const ORDER = ['delete', 'update', 'insert', 'read'];

/** Tables whose rows can be looked at, changes before reads, one tab however many ways lead to them. */
export function rowTables(footprint: Footprint): RowTable[] {
  const tables = new Map<string, RowTable>();
  for (const item of footprint.items) {
    if (item.kind !== 'relation' || !WITH_ROWS.has(item.operation)) continue;
    const operation = item.operation as RowView['operation'];
    const key = `${item.resource}/${operation}`;
    const known = tables.get(key);
    const count =
      known && (known.count === null || item.count === null) ? null : (known?.count ?? 0) + (item.count ?? 0);
    tables.set(key, { key, resource: item.resource, operation, count: item.count === null ? null : count });
  }
  const all = [...tables.values()].filter((table) => table.count !== 0);
  const changes = all.some((table) => table.operation !== 'read');
  return all
    .filter((table) => !changes || table.operation !== 'read' || !footprint.readOnly)
    .sort((a, b) => ORDER.indexOf(a.operation) - ORDER.indexOf(b.operation));
}
