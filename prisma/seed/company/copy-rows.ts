import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

export type Cell = string | number | boolean | Date | null;
export type Row = Readonly<Record<string, Cell>>;

const ESCAPES: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function toText(cell: Cell): string {
  if (cell === null) return '\\N';
  if (cell instanceof Date) return cell.toISOString();
  return String(cell).replace(/[\\\n\r\t]/g, (character) => ESCAPES[character] ?? character);
}

function* toLines(rows: readonly Row[], columns: readonly string[], linesPerChunk = 500): Generator<string> {
  for (let i = 0; i < rows.length; i += linesPerChunk) {
    const chunk = rows.slice(i, i + linesPerChunk);
    yield chunk.map((row) => `${columns.map((column) => toText(row[column] ?? null)).join('\t')}\n`).join('');
  }
}

/** Loads rows with COPY and moves the table's identity past them. Every row must have the columns of the first. */
export async function copyRows(client: pg.Client, table: string, rows: readonly Row[]): Promise<void> {
  const first = rows[0];
  if (!first) return;
  const columns = Object.keys(first);
  const into = client.query(copyFrom(`COPY ${table} (${columns.join(', ')}) FROM STDIN`));
  await pipeline(Readable.from(toLines(rows, columns)), into);
  if (!columns.includes('id')) return;
  await client.query(
    `SELECT setval(pg_get_serial_sequence('${table}', 'id'), (SELECT max(id) FROM ${table}))`,
  );
}
