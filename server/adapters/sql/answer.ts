import type pg from 'pg';

/** A column of a result; `tableOid` and `columnNumber` are 0 for what was computed. */
export type Field = { name: string; typeOid: number; tableOid: number; columnNumber: number };
export type Answer = {
  fields: Field[];
  rows: (string | null)[][];
  rowCount: number;
  command: string;
  /** The different values of the watched column over all rows; null where it is not in the answer, or holds too many. */
  distinct?: ReadonlySet<string> | null;
};

export const toField = (field: pg.FieldDef): Field => ({
  name: field.name,
  typeOid: field.dataTypeID,
  tableOid: field.tableID,
  columnNumber: field.columnID,
});

/** Everything an answer arrives as text: what becomes a number is decided per type, once, in `typed-values`. */
export const AS_TEXT = { getTypeParser: () => (value: unknown) => value } as unknown as pg.CustomTypesConfig;
