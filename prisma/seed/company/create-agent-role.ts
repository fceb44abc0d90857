import pg from 'pg';

/** What Holdpoint itself connects as when it measures and executes: enough to change rows, too little to change anything else. */
export const AGENT_ROLE = 'holdpoint_agent';

/**
 * Gives a login role the least it needs in the database `url` names: rows of its tables and temporary functions. No schema changes,
 * no other database, and the record of salary changes can be added to but not rewritten. Sets the password anew when the role exists.
 */
export async function createAgentRole(options: {
  url: string;
  password: string;
  role?: string;
}): Promise<void> {
  const client = new pg.Client({ connectionString: options.url });
  await client.connect();
  try {
    const role = client.escapeIdentifier(options.role ?? AGENT_ROLE);
    const database = client.escapeIdentifier(client.database ?? '');
    const known = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [
      options.role ?? AGENT_ROLE,
    ]);
    await client.query(
      `${known.rowCount === 0 ? 'CREATE' : 'ALTER'} ROLE ${role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS
       CONNECTION LIMIT 40 PASSWORD ${client.escapeLiteral(options.password)}`,
    );
    await client.query(`
      REVOKE ALL ON DATABASE ${database} FROM PUBLIC;
      GRANT CONNECT, TEMPORARY ON DATABASE ${database} TO ${role};
      REVOKE CREATE ON SCHEMA public FROM PUBLIC;
      GRANT USAGE ON SCHEMA public TO ${role};
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${role};
      REVOKE UPDATE, DELETE ON salary_changes FROM ${role};
    `);
  } finally {
    await client.end();
  }
}
