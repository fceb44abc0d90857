import type pg from 'pg';
import Cursor from 'pg-cursor';
import { type Answer, AS_TEXT, toField } from './answer';

/** A column of a table whose values are collected while an answer passes by. */
export type Watched = { oid: number; number: number };

/** Reads an answer in parts and keeps its first rows; `onPart` is called before each part. */
export async function readCapped(
  client: pg.Client,
  text: string,
  values: readonly unknown[],
  { keepRows, watched }: { keepRows: number; watched: Watched | null },
  onPart: () => void,
): Promise<Answer> {
  const cursor = client.query(
    new Cursor<(string | null)[]>(text, [...values], { rowMode: 'array', types: AS_TEXT }),
  );
  const rows: (string | null)[][] = [];
  let returned = 0;
  const collecting = new Collecting(watched);
  for (;;) {
    onPart();
    const batch = await readBatch(cursor, Math.max(1, Math.min(5_000, keepRows + 1)));
    returned += batch.rows.length;
    collecting.take(batch);
    for (const row of batch.rows) if (rows.length < keepRows) rows.push(row);
    if (batch.rows.length > 0 && batch.result.command === null) continue;
    return {
      fields: (batch.result.fields ?? []).map(toField),
      rows,
      rowCount:
        batch.result.command === 'SELECT' || batch.result.rowCount === null
          ? returned
          : batch.result.rowCount,
      command: batch.result.command ?? '',
      distinct: collecting.values,
    };
  }
}

type Batch = {
  rows: (string | null)[][];
  result: { command: string | null; rowCount: number | null; fields: pg.FieldDef[] };
};

/** More different values than this are not kept in memory. */
const MOST_DISTINCT = 1_000_000;

class Collecting {
  values: Set<string> | null;
  private index: number | undefined;

  constructor(private readonly watched: Watched | null) {
    this.values = watched === null ? null : new Set();
  }

  take({ rows, result }: Batch): void {
    if (this.values === null) return;
    this.index ??= (result.fields ?? []).findIndex(
      (field) => field.tableID === this.watched?.oid && field.columnID === this.watched.number,
    );
    if (this.index === -1 || this.values.size > MOST_DISTINCT) {
      this.values = null;
      return;
    }
    for (const row of rows) {
      const value = row[this.index];
      if (value !== null && value !== undefined) this.values.add(value);
    }
  }
}

function readBatch(cursor: Cursor<(string | null)[]>, count: number): Promise<Batch> {
  return new Promise((resolve, reject) => {
    cursor.read(count, (error, rows, result) => {
      if (error) reject(error);
      else resolve({ rows, result: result as unknown as Batch['result'] });
    });
  });
}
