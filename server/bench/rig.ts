import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'next-auth/jwt';
import pg from 'pg';
import { startPostgres } from '../../scripts/postgres.mjs';
import { sessionCookie } from '../api/auth/session-cookie';
import { createContainer } from '../container';
import { readEnv } from '../env';
import { applyDocument } from '../operations/apply-document';
import { newId } from '../store/new-id';
import { applyMigrations } from '../testing/apply-migrations';

/** What an operator would have declared: one tool that only reads what everybody may know, one that pays. */
const DOCUMENT = {
  apiVersion: 'holdpoint/v1',
  people: [
    { email: 'ana@bench.example', name: 'Ana', roles: ['reviewer'], clearances: ['internal', 'personal'] },
    { email: 'sam@bench.example', name: 'Sam', roles: ['reviewer'] },
  ],
  groups: [
    { name: 'reviewers', members: [{ group: 'payments' }, 'ana@bench.example'] },
    { name: 'payments', members: ['ana@bench.example'] },
  ],
  agents: [{ name: 'support-assistant', owner: 'sam@bench.example', clearances: ['public'] }],
  tools: [
    {
      name: 'handbook.read',
      execution: 'agent',
      inputSchema: {
        type: 'object',
        required: ['article'],
        properties: {
          article: { type: 'string' },
          language: { type: 'string' },
          sections: { type: 'array', items: { type: 'integer' } },
        },
      },
      effects: [{ effect: 'read', resource: '$.article', classes: ['public'] }],
    },
    {
      name: 'refund',
      execution: 'agent',
      inputSchema: { type: 'object', required: ['amount'], properties: { amount: { type: 'number' } } },
      effects: [{ effect: 'pay', amount: '$.amount', classes: ['financial'], reversible: false }],
    },
  ],
};

export type Rig = Awaited<ReturnType<typeof createRig>>;

/** The environment of a server on this database. */
const serverEnv = (url: string, port: number, secret: Buffer): Record<string, string> => ({
  NODE_ENV: 'production',
  DATABASE_URL: url,
  PORT: String(port),
  HOLDPOINT_URL: `http://127.0.0.1:${port}`,
  HOLDPOINT_SECRET: secret.toString('base64'),
  HOLDPOINT_LOG: 'error',
  // One agent sends everything here; the limit that protects agents from each other is not what is measured.
  HOLDPOINT_AGENT_CALLS_PER_SECOND: '1000000',
});

/** Ids and secrets of everything the measurements act as. */
async function createWorkspace(env: Record<string, string>) {
  const container = createContainer(readEnv(env));
  const { world, secret } = container;
  const { pool } = world.db;
  const workspaceId = newId('workspace');
  try {
    await pool.query('INSERT INTO workspace (id, name) VALUES ($1, $2)', [workspaceId, 'Bench']);
    const author = { kind: 'operator', workspaceId, name: 'Bench' } as const;
    const applied = await applyDocument(world, author, { document: DOCUMENT });
    if (!applied.ok) throw new Error(applied.message);
    const agent = await pool.query('SELECT id FROM agent WHERE workspace_id = $1', [workspaceId]);
    const tool = await pool.query(`SELECT id FROM tool WHERE workspace_id = $1 AND name = 'refund'`, [
      workspaceId,
    ]);
    /** A session as signing in would have left it, and the cookie that names it. */
    const signIn = async (email: string) => {
      const id = newId('session');
      await pool.query(
        `INSERT INTO session (id, workspace_id, person_id, expires_at)
         SELECT $1, workspace_id, id, now() + interval '1 day' FROM person WHERE email = $2`,
        [id, email],
      );
      const cookie = sessionCookie({ url: world.url, secret });
      return `${cookie.name}=${await encode({ token: { sid: id }, secret: cookie.secret })}`;
    };
    return {
      workspaceId,
      agentId: agent.rows[0].id as string,
      agentKey: applied.value.agents[0]?.key ?? '',
      toolId: tool.rows[0].id as string,
      cookie: await signIn('ana@bench.example'),
      /** Sam owns every agent, so no hold ever needs Sam: whoever looks for one has to look at all of them. */
      ownerCookie: await signIn('sam@bench.example'),
    };
  } finally {
    await container.close();
  }
}

async function prepareDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await applyMigrations(client);
    for (const file of ['floor.sql', 'fill.sql']) {
      await client.query(await readFile(join(import.meta.dirname, file), 'utf8'));
    }
    await client.query('CREATE EXTENSION pg_stat_statements');
  } finally {
    await client.end();
  }
}

/**
 * A PostgreSQL of the benchmark's own, as durable as in production (fsync on), with the product's schema and one workspace. Commit times
 * and statements are counted by the server itself, so that nothing has to be measured from inside the product.
 */
export async function createRig(httpPort: number, profileFolder: string | null) {
  const folder = await mkdtemp(join(tmpdir(), 'holdpoint-bench-'));
  const postgres = await startPostgres({
    dataDir: join(folder, 'postgres'),
    databases: ['holdpoint_bench', 'company_bench'],
    settings: {
      shared_preload_libraries: 'pg_stat_statements',
      track_commit_timestamp: 'on',
      // Room for a million rows: a checkpoint in the middle of one measurement and not of the other would be luck.
      max_wal_size: '8GB',
      checkpoint_timeout: '30min',
      shared_buffers: '512MB',
    },
  });
  const env = serverEnv(postgres.url, httpPort, randomBytes(32));
  const remove = async () => {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await prepareDatabase(postgres.url);
    const workspace = await createWorkspace(env);
    return {
      url: postgres.url,
      companyUrl: postgres.url.replace(/\/[^/]*$/, '/company_bench'),
      port: httpPort,
      env,
      profileFolder,
      ...workspace,
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
