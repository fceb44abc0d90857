import { type Fields, fieldsOf, listOf, nodeOf, textOf } from './tree';

export type WriteOperation = 'insert' | 'update' | 'delete';

/** A relation a statement (or a CTE in it) names as the target of a write. */
export type WriteTarget = {
  schema: string | null;
  name: string;
  alias: string;
  operations: WriteOperation[];
  /** Columns given a value, per operation; null where the text leaves it to the table's definition (all of them). */
  columns: Partial<Record<WriteOperation, string[] | null>>;
  /** Whether rows come back to whoever asked. */
  returning: boolean;
};

/** The target of a node that writes; null for every other node. */
export function readWriteTarget(type: string, node: Fields): WriteTarget | null {
  const relation = fieldsOf(node.relation);
  const name = textOf(relation?.relname);
  if (relation === null || name === null) return null;
  const columns = columnsOf(type, node);
  if (columns === null) return null;
  return {
    schema: textOf(relation.schemaname),
    name,
    alias: textOf(fieldsOf(relation.alias)?.aliasname) ?? name,
    operations: Object.keys(columns) as WriteOperation[],
    columns,
    returning: listOf(node.returningList).length > 0 || fieldsOf(node.returningClause) !== null,
  };
}

function columnsOf(type: string, node: Fields): WriteTarget['columns'] | null {
  if (type === 'DeleteStmt') return { delete: null };
  if (type === 'UpdateStmt') return { update: names(node.targetList) };
  if (type === 'InsertStmt') {
    const conflict = fieldsOf(node.onConflictClause);
    const columns: WriteTarget['columns'] = { insert: names(node.cols) };
    if (conflict?.action === 'ONCONFLICT_UPDATE') columns.update = names(conflict.targetList);
    return columns;
  }
  return type === 'MergeStmt' ? mergeColumns(node) : null;
}

function mergeColumns(node: Fields): WriteTarget['columns'] {
  const columns: WriteTarget['columns'] = {};
  for (const item of listOf(node.mergeWhenClauses)) {
    const clause = nodeOf(item, 'MergeWhenClause');
    const written = names(clause?.targetList);
    if (clause?.commandType === 'CMD_INSERT') columns.insert = merged(columns.insert, written);
    if (clause?.commandType === 'CMD_UPDATE') columns.update = merged(columns.update, written);
    if (clause?.commandType === 'CMD_DELETE') columns.delete = null;
  }
  return columns;
}

const merged = (a: string[] | null | undefined, b: string[] | null): string[] | null =>
  a === null || b === null ? null : [...new Set([...(a ?? []), ...b])];

function names(list: unknown): string[] | null {
  const found = listOf(list).flatMap((item) => textOf(nodeOf(item, 'ResTarget')?.name) ?? []);
  return found.length > 0 ? found : null;
}
