import { readdirSync } from 'node:fs';
import { PlainProblem } from '../plain-problem.mjs';
import { PRISMA_ENVIRONMENT } from '../prisma.mjs';
import { step } from './narrate.mjs';
import { inRoot } from './paths.mjs';
import { runProgram } from './run-program.mjs';

const shown = (url) => {
  const { hostname, port, pathname } = new URL(url);
  return `${hostname}:${port || 5432}${pathname}`;
};

function explainConnection(error, url) {
  const where = shown(url);
  if (error.code === '28P01' || error.code === '28000') {
    return new PlainProblem(
      `PostgreSQL at ${where} refuses the user or password in DATABASE_URL; correct it and start again.`,
    );
  }
  if (error.code === '3D000') {
    return new PlainProblem(
      `The database in DATABASE_URL does not exist (${where}); create it and start again.`,
    );
  }
  return new PlainProblem(
    `PostgreSQL at ${where} cannot be reached (${error.code ?? error.message}); check DATABASE_URL.`,
  );
}

/** The migrations this checkout brings that the database has not finished. Also the first time the database is spoken to. */
async function listPending(url) {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
  } catch (error) {
    throw explainConnection(error, url);
  }
  try {
    const folders = readdirSync(inRoot('prisma/migrations'), { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    const known = await client.query(`SELECT to_regclass('_prisma_migrations') IS NOT NULL AS yes`);
    const done = known.rows[0].yes
      ? await client.query(
          'SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL',
        )
      : { rows: [] };
    const finished = new Set(done.rows.map((row) => row.name));
    return folders.map((entry) => entry.name).filter((name) => !finished.has(name));
  } finally {
    await client.end();
  }
}

/** Brings the database to this checkout's schema; asks it directly first, because starting Prisma's command line takes seconds. */
export async function ensureMigrated(url) {
  try {
    new URL(url);
  } catch {
    throw new PlainProblem(
      'DATABASE_URL is not a URL; it looks like postgresql://user:password@host:5432/database.',
    );
  }
  if ((await listPending(url)).length === 0) return;
  await step('Migrating the database', () =>
    runProgram(process.execPath, [inRoot('node_modules/prisma/build/index.js'), 'migrate', 'deploy'], {
      env: { ...PRISMA_ENVIRONMENT, DATABASE_URL: url },
      failed: 'The database could not be migrated',
    }),
  );
}
