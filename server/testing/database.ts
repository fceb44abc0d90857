import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

export type TestDatabase = {
  url: string;
  pool: pg.Pool;
  /** Ends the pool and removes the database, whoever else is still connected. */
  drop(): Promise<void>;
};

const TEMPLATES = {
  holdpoint: 'holdpoint_template',
  demo_company: 'company_template',
  empty: 'template0',
} as const;
/** Two workers must not build the same template at once; any constant does. */
const TEMPLATE_LOCK = 4_717_001;

const urlTo = (database: string): string => {
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/${database}`;
  return url.toString();
};

async function asAdministrator<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: inject('postgresUrl') });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function ensureCompanyTemplate(admin: pg.Client): Promise<void> {
  await admin.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
  const known = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [TEMPLATES.demo_company]);
  if (known.rowCount === 0) {
    await admin.query('CREATE DATABASE company_draft TEMPLATE template0');
    const { createCompany } = await import('../../prisma/seed/company/create-company');
    await createCompany({ url: urlTo('company_draft') });
    await admin.query(`ALTER DATABASE company_draft RENAME TO ${TEMPLATES.demo_company}`);
  }
  await admin.query('SELECT pg_advisory_unlock($1)', [TEMPLATE_LOCK]);
}

/**
 * A database nobody else uses, cloned from a template: the product's own schema (`holdpoint`), the demo company with its rows
 * (`demo_company`), or nothing at all (`empty`). The connection is the administrator's. Call `drop` when the file is done.
 */
export async function freshDatabase(
  options: { template?: keyof typeof TEMPLATES } = {},
): Promise<TestDatabase> {
  const template = options.template ?? 'holdpoint';
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asAdministrator(async (admin) => {
    if (template === 'demo_company') await ensureCompanyTemplate(admin);
    await admin.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATES[template]}`);
  });
  const url = urlTo(name);
  const pool = new pg.Pool({ connectionString: url, max: 20 });
  // A connection the server ends (DROP … FORCE, a test that kills backends) is no failure of the pool.
  pool.on('error', () => {});
  return {
    url,
    pool,
    async drop() {
      await pool.end();
      await asAdministrator((admin) => admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
    },
  };
}
