import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';

const MIGRATIONS = join(import.meta.dirname, '../../prisma/migrations');

/** Brings an empty database to the newest schema with the very files a deployment uses, in the same order. */
export async function applyMigrations(client: pg.Client): Promise<void> {
  const entries = await readdir(MIGRATIONS, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  for (const folder of folders.sort()) {
    const sql = await readFile(join(MIGRATIONS, folder, 'migration.sql'), 'utf8');
    try {
      await client.query(sql);
    } catch (error) {
      throw new Error(`Migration ${folder} does not apply`, { cause: error });
    }
  }
}
