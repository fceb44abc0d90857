import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startPostgres } from '../../scripts/postgres.mjs';
import { applyMigrations } from './apply-migrations';

declare module 'vitest' {
  interface ProvidedContext {
    /** The administrator's URL of the server this run of tests owns. */
    postgresUrl: string;
  }
}

/** One server for the whole run, in a temporary folder, gone afterwards; every test file clones its own database in it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'holdpoint-tests-'));
  const server = await startPostgres({
    dataDir: join(folder, 'postgres'),
    durable: false,
    databases: ['holdpoint_template'],
    settings: { shared_buffers: '128MB', max_connections: '300', max_prepared_transactions: '10' },
  });
  const template = new pg.Client({ connectionString: server.url });
  await template.connect();
  try {
    await applyMigrations(template);
  } finally {
    await template.end();
  }
  project.provide('postgresUrl', server.url.replace(/\/[^/]*$/, '/postgres'));
  return async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
