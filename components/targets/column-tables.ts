import type { TargetView } from '@/server/domain/catalog-views';
import type { Classification } from '@/server/domain/vocabulary';

export type ColumnLine = {
  column: string;
  name: string;
  type: string;
  /** The class declared for exactly this column; null when there is none. */
  own: Classification | null;
  /** The class its table declares for every column; null when there is none. */
  inherited: Classification | null;
  suggestion: string | null;
};
export type TableLines = { table: string; lines: ColumnLine[]; open: number };

/** The columns found in a target by table, with what is declared for each under these classifications. */
export function columnTables(
  columns: NonNullable<TargetView['check']>['columns'],
  classifications: Readonly<Record<string, Classification>>,
): TableLines[] {
  const tables = new Map<string, ColumnLine[]>();
  for (const { column, type, suggestion } of columns) {
    const dot = column.lastIndexOf('.');
    const table = column.slice(0, dot);
    const line = {
      column,
      name: column.slice(dot + 1),
      type,
      own: classifications[column] ?? null,
      inherited: classifications[`${table}.*`] ?? null,
      suggestion,
    };
    tables.set(table, [...(tables.get(table) ?? []), line]);
  }
  return [...tables].map(([table, lines]) => ({
    table,
    lines,
    open: lines.filter((line) => line.own === null && line.inherited === null).length,
  }));
}

/** The classifications with every open column that has a suggestion given the suggested class. */
export function acceptSuggestions(
  tables: readonly TableLines[],
  classifications: Readonly<Record<string, Classification>>,
): Record<string, Classification> {
  const next = { ...classifications };
  for (const { lines } of tables) {
    for (const line of lines) {
      if (line.own === null && line.inherited === null && line.suggestion !== null) {
        next[line.column] = line.suggestion;
      }
    }
  }
  return next;
}

/** The classifications with one entry set, or taken out when the class is null. */
export function classify(
  classifications: Readonly<Record<string, Classification>>,
  key: string,
  to: Classification | null,
): Record<string, Classification> {
  const { [key]: _, ...rest } = classifications;
  return to === null ? rest : { ...rest, [key]: to };
}
