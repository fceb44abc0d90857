// The embedded PostgreSQL of an installation: its port, the product's own role and database, and whether the demo is in it.
import { existsSync, readFileSync } from 'node:fs';
import { isPortTaken, PlainProblem } from '../plain-problem.mjs';
import { startPostgres } from '../postgres.mjs';
import { inData } from './paths.mjs';
import { keptSecret, writePrivate } from './secrets.mjs';

const ROLE = 'holdpoint';
const DATABASE = 'holdpoint';
const COMPANY = 'company';
/** Said about a database once everything in it is complete; until then an interrupted first start begins again. */
const COMPLETE = 'holdpoint: complete';
const FIRST_PORT = 15_432;
const PORTS_TO_TRY = 200;

/** The same port on every start while it is free: targets remember where they are. */
async function choosePort() {
  const kept = existsSync(inData('postgres.port'))
    ? Number(readFileSync(inData('postgres.port'), 'utf8'))
    : null;
  if (kept && !(await isPortTaken(kept, '127.0.0.1'))) return kept;
  for (let port = FIRST_PORT; port < FIRST_PORT + PORTS_TO_TRY; port++) {
    if (await isPortTaken(port, '127.0.0.1')) continue;
    return port;
  }
  throw new PlainProblem(
    `No port from ${FIRST_PORT} to ${FIRST_PORT + PORTS_TO_TRY - 1} is free for the embedded PostgreSQL; stop one of the programs there.`,
  );
}

async function withAdmin(url, work) {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const isComplete = async (client, database) => {
  const found = await client.query(
    `SELECT shobj_description(oid, 'pg_database') AS said FROM pg_database WHERE datname = $1`,
    [database],
  );
  return found.rows[0]?.said === COMPLETE;
};

async function ensureRole(client, password) {
  const known = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [ROLE]);
  const verb = known.rowCount === 0 ? 'CREATE' : 'ALTER';
  await client.query(`${verb} ROLE ${ROLE} LOGIN PASSWORD ${client.escapeLiteral(password)}`);
}

/** Both databases belong together: the workspace in one names the other as its target. */
async function recreateDatabases(client) {
  for (const name of [DATABASE, COMPANY]) {
    await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${name} ${name === DATABASE ? `OWNER ${ROLE}` : ''}`);
    await client.query(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`);
  }
  // The role agents' statements run as must find nothing but the company.
  await client.query('REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC');
}

/**
 * Starts the embedded PostgreSQL with an empty or a complete product database. `isFresh` says that it still has to be migrated and
 * seeded, `hasMoved` that the port is another than last time; `markComplete` is to be called when that is done.
 */
export async function openOwnDatabase() {
  const server = await startPostgres({ dataDir: inData('postgres'), port: choosePort });
  try {
    const password = keptSecret('postgres-role.password', 24, 'base64url');
    const agentPassword = keptSecret('postgres-company.password', 24, 'base64url');
    const isFresh = await withAdmin(server.url, async (client) => {
      await ensureRole(client, password);
      if (await isComplete(client, DATABASE)) return false;
      await recreateDatabases(client);
      return true;
    });
    const place = `127.0.0.1:${server.port}`;
    const known = existsSync(inData('postgres.port')) ? readFileSync(inData('postgres.port'), 'utf8') : '';
    return {
      url: `postgresql://${ROLE}:${password}@${place}/${DATABASE}`,
      companyAdminUrl: server.url.replace(/\/[^/]*$/, `/${COMPANY}`),
      companyUrl: (role) => `postgresql://${role}:${agentPassword}@${place}/${COMPANY}`,
      isFresh,
      hasMoved: !isFresh && Number(known) !== server.port,
      ended: server.ended,
      stop: server.stop,
      async markComplete() {
        await withAdmin(server.url, (client) =>
          client.query(`COMMENT ON DATABASE ${DATABASE} IS '${COMPLETE}'`),
        );
        writePrivate(inData('postgres.port'), String(server.port));
      },
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}
