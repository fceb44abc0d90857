import { createReadStream, existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

const CHECKOUT = resolve(import.meta.dirname, '../..');

/**
 * Where a file of optional outside data lies, or null where it is absent, so that a test can skip by name:
 * `test.skipIf(outsideData('sql/bypass_cases.jsonl') === null)(…)`.
 */
export function outsideData(path: string): string | null {
  const folder = process.env.HOLDPOINT_TEST_DATA ?? join(dirname(CHECKOUT), 'shared/data');
  const file = join(folder, path);
  return existsSync(file) ? file : null;
}

/** The lines of a text file, unpacked when its name ends in `.gz`. Only newlines end a line: data may hold other separators. */
export async function* readLines(file: string): AsyncGenerator<string> {
  const bytes = createReadStream(file);
  const text = file.endsWith('.gz') ? bytes.pipe(createGunzip()) : bytes;
  let rest = '';
  for await (const chunk of text.setEncoding('utf8')) {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    yield* parts;
  }
  if (rest !== '') yield rest;
}

/** Loads a plain-text pg_dump (optionally gzipped), COPY blocks included, over one connection and leaves its settings as they were. */
export async function restoreDump(pool: pg.Pool, file: string): Promise<void> {
  const client = await pool.connect();
  try {
    const lines = readLines(file);
    let sql: string[] = [];
    for (let line = await lines.next(); !line.done; line = await lines.next()) {
      if (/^\\(un)?restrict\b/.test(line.value)) continue;
      if (!/^COPY .* FROM stdin;$/.test(line.value)) {
        sql.push(line.value);
        continue;
      }
      await client.query(sql.join('\n'));
      sql = [];
      await pipeline(Readable.from(copyRows(lines)), client.query(copyFrom(line.value)));
    }
    await client.query(sql.join('\n'));
  } finally {
    // The dump pins an empty search_path and more: such a connection must not go back into the pool.
    client.release(true);
  }
}

async function* copyRows(lines: AsyncIterator<string>): AsyncGenerator<string> {
  for (let line = await lines.next(); !line.done && line.value !== '\\.'; line = await lines.next()) {
    yield `${line.value}\n`;
  }
}
