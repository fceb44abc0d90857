import pg from 'pg';
import type { TestDatabase } from './database';
import { readLines, restoreDump } from './outside-data';

/** One statement of PostgreSQL's own regression files and what a server was seen to do with it. */
export type RegressionStatement = {
  file: string;
  n: number;
  verb: string;
  form: string;
  in_tx: boolean;
  sql: string;
  error: string | null;
  oracle: {
    relations: Record<string, { kind: string; modes: string[] }>;
    row_writes: Record<string, { inserted: number; updated: number; deleted: number }>;
  } | null;
};

const DATA: ReadonlySet<string> = new Set(['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'MERGE', 'WITH']);

/** What a footprint has to name: `schema.relation operation`, as the server was seen to do it. */
export function pairsOf({ oracle }: RegressionStatement): string[] {
  const pairs = Object.entries(oracle?.relations ?? {}).flatMap(([name, { kind, modes }]) => [
    ...(modes.includes('read') && kind !== 'sequence' ? [`${name} read`] : []),
    ...(modes.includes('write') && kind === 'sequence' ? [`${name} write`] : []),
  ]);
  for (const [name, rows] of Object.entries(oracle?.row_writes ?? {})) {
    if (rows.inserted > 0) pairs.push(`${name} insert`);
    if (rows.updated > 0) pairs.push(`${name} update`);
    if (rows.deleted > 0) pairs.push(`${name} delete`);
  }
  return pairs;
}

/** What this very server does, in a transaction of its own, told the same way: tables here may be empty that were full where they were watched. */
const DONE = `
SELECT n.nspname || '.' || c.relname AS name, c.relkind AS kind, array_agg(DISTINCT l.mode) AS modes,
  coalesce(pg_stat_get_xact_tuples_inserted(c.oid), 0)::int AS inserted, coalesce(pg_stat_get_xact_tuples_updated(c.oid), 0)::int AS updated,
  coalesce(pg_stat_get_xact_tuples_deleted(c.oid), 0)::int AS deleted
FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE l.pid = pg_backend_pid() AND l.locktype = 'relation' AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND c.relkind IN ('r', 'p', 'v', 'm', 'S') AND c.oid >= 16384
GROUP BY c.oid, n.nspname, c.relname, c.relkind`;
const COUNTED = `SELECT n.nspname || '.' || c.relname AS name, pg_stat_get_xact_tuples_inserted(c.oid)::int AS inserted,
  pg_stat_get_xact_tuples_updated(c.oid)::int AS updated, pg_stat_get_xact_tuples_deleted(c.oid)::int AS deleted
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND c.oid >= 16384`;

type Rows = { name: string; inserted: number; updated: number; deleted: number };
type Done = Rows & { kind: string; modes: string };

async function runWatched(client: pg.Client, sql: string): Promise<Set<string> | null> {
  try {
    await client.query('BEGIN');
    // Some files act as another role, whose row security lets it see other rows than whoever measures.
    const { rows: who } = await client.query('SELECT current_user = $1 AS same', [client.user]);
    // Includes what was not reported yet of earlier transactions.
    const before = new Map((await client.query<Rows>(COUNTED)).rows.map((row) => [row.name, row]));
    await client.query(sql);
    const { rows } = await client.query<Done>(DONE);
    await client.query('COMMIT');
    if (who[0]?.same !== true) return null;
    return new Set(rows.flatMap((row) => pairsDone(row, before.get(row.name))));
  } catch {
    await client.query('ROLLBACK');
    return null;
  }
}

function pairsDone(row: Done, before: Rows | undefined): string[] {
  const more = (of: 'inserted' | 'updated' | 'deleted'): boolean => row[of] > (before?.[of] ?? 0);
  return [
    ...(row.modes.includes('AccessShareLock') && row.kind !== 'S' ? [`${row.name} read`] : []),
    ...(row.modes.includes('RowExclusiveLock') && row.kind === 'S' ? [`${row.name} write`] : []),
    ...(more('inserted') ? [`${row.name} insert`] : []),
    ...(more('updated') ? [`${row.name} update`] : []),
    ...(more('deleted') ? [`${row.name} delete`] : []),
  ];
}

/**
 * Plays the files in order, each on a session of its own. Every statement that stands alone is handed over before it runs, and what it then did
 * here afterwards.
 */
export async function replay(
  db: TestDatabase,
  files: { setup: string; statements: string },
  look: (statement: RegressionStatement) => Promise<(done: ReadonlySet<string>) => void>,
): Promise<void> {
  await restoreDump(db.pool, files.setup);
  let file = '';
  let client = new pg.Client(db.url);
  await client.connect();
  for await (const line of readLines(files.statements)) {
    const statement = JSON.parse(line) as RegressionStatement;
    if (statement.file !== file) {
      await client.end();
      client = new pg.Client(db.url);
      await client.connect();
      file = statement.file;
    }
    const alone = statement.oracle !== null && !statement.in_tx && statement.error === null;
    if (!alone || statement.form !== 'sql' || !DATA.has(statement.verb)) {
      // What this server refuses says nothing about the footprint.
      await client.query(statement.sql).catch(() => undefined);
      continue;
    }
    const keep = await look(statement);
    const done = await runWatched(client, statement.sql);
    if (done !== null) keep(done);
  }
  await client.end();
}
