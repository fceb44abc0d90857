import type { PostgresParts } from '@/server/domain/catalog';
import type { TargetCheck, TargetFinding, TargetInspector } from '@/server/domain/ports';
import { suggestClass } from './class-suggestions';
import { ROLE_POWERS, type RolePowers } from './inspection-queries';
import { quoteName } from './quoting';
import { ConnectionLost, isDatabaseError, Session } from './session';
import { quotedTable } from './subjects';

type Target = PostgresParts;

const OLDEST_SUPPORTED = 150_000;

/** Says what is wrong with a target and its role before anything is run on it, each with the SQL that puts it right. */
export class PostgresInspector implements TargetInspector<PostgresParts> {
  /** Never throws for what the target does: an unreachable one is an answer. */
  async inspect(target: Target): Promise<TargetCheck> {
    let session: Session | null = null;
    try {
      session = await Session.open(target, { timeoutMs: 10_000 });
      await session.fixed("SET statement_timeout = '10s'");
      const tables = Object.keys(target.subjects).map(quotedTable);
      const powers = await session.json<RolePowers>(ROLE_POWERS, [target.searchPath, tables]);
      return {
        reachable: true,
        serverVersion: powers.version,
        role: powers.role,
        findings: findingsOf(powers, target),
        columns: columnsOf(powers, target),
      };
    } catch (error) {
      if (!(error instanceof ConnectionLost) && !isDatabaseError(error)) throw error;
      return {
        reachable: false,
        serverVersion: null,
        role: null,
        findings: [unreachable(error)],
        columns: [],
      };
    } finally {
      session?.discard();
    }
  }
}

const unreachable = (error: Error): TargetFinding => ({
  severity: 'error',
  code: 'unreachable',
  message: `The database could not be reached: ${error.message}. Check host, port, database, role and password of the connection.`,
});

const finding = (severity: TargetFinding['severity'], code: string, message: string): TargetFinding => ({
  severity,
  code,
  message,
});

function findingsOf(powers: RolePowers, target: Target): TargetFinding[] {
  return [
    ...ofServer(powers),
    ...ofAttributes(powers),
    ...ofMemberships(powers),
    ...ofObjects(powers),
    ...ofReach(powers),
    ...ofColumns(powers, target),
    ...ofSubjects(powers, target),
  ];
}

function ofServer(powers: RolePowers): TargetFinding[] {
  const findings: TargetFinding[] = [];
  if (powers.versionNumber < OLDEST_SUPPORTED) {
    findings.push(
      finding(
        'error',
        'server_too_old',
        `PostgreSQL ${powers.version} is too old to be measured. Use PostgreSQL 15 or later.`,
      ),
    );
  }
  if (!powers.trackCounts) {
    findings.push(
      finding(
        'error',
        'track_counts_off',
        'The server does not count rows, so writes cannot be measured. As an administrator run: ALTER SYSTEM SET track_counts = on; SELECT pg_reload_conf();',
      ),
    );
  }
  if (powers.recovery) {
    findings.push(
      finding(
        'warning',
        'read_replica',
        'This server is a read replica: only reads can be measured and run. Connect to the primary for writes.',
      ),
    );
  }
  return findings;
}

function ofAttributes(powers: RolePowers): TargetFinding[] {
  const role = quoteName(powers.role);
  const { attributes } = powers;
  const wrong: [boolean, TargetFinding['severity'], string, string, string][] = [
    [
      attributes.superuser,
      'error',
      'role_superuser',
      'is a superuser: every safeguard of the database is off for it',
      'NOSUPERUSER',
    ],
    [attributes.replication, 'error', 'role_replication', 'may stream the whole database', 'NOREPLICATION'],
    [attributes.bypassRls, 'error', 'role_bypass_rls', 'ignores row-level security', 'NOBYPASSRLS'],
    [
      attributes.createRole,
      'warning',
      'role_create_role',
      'may create roles and grant itself others',
      'NOCREATEROLE',
    ],
    [attributes.createDatabase, 'warning', 'role_create_database', 'may create databases', 'NOCREATEDB'],
  ];
  const findings = wrong
    .filter(([present]) => present)
    .map(([, severity, code, why, fix]) =>
      finding(severity, code, `The role ${powers.role} ${why}. Run: ALTER ROLE ${role} ${fix};`),
    );
  if (attributes.superuser) {
    findings.push(
      finding(
        'info',
        'role_advice',
        `Better give Holdpoint a role of its own: CREATE ROLE holdpoint_agent LOGIN PASSWORD '…'; GRANT USAGE ON SCHEMA public TO holdpoint_agent; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO holdpoint_agent;`,
      ),
    );
  }
  return findings;
}

const SERVER_ROLES: ReadonlySet<string> = new Set([
  'pg_execute_server_program',
  'pg_read_server_files',
  'pg_write_server_files',
  'pg_signal_backend',
  'pg_checkpoint',
  'pg_create_subscription',
  'pg_maintain',
  'pg_write_all_data',
  'pg_read_all_data',
  'pg_read_all_settings',
  'pg_monitor',
]);
const WORST: ReadonlySet<string> = new Set([
  'pg_execute_server_program',
  'pg_read_server_files',
  'pg_write_server_files',
]);

function ofMemberships(powers: RolePowers): TargetFinding[] {
  return (powers.memberOf ?? []).flatMap(({ role, stronger, superuser }) => {
    if (!stronger && !SERVER_ROLES.has(role)) return [];
    const fix = `REVOKE ${quoteName(role)} FROM ${quoteName(powers.role)};`;
    const severity = superuser || WORST.has(role) || stronger ? 'error' : 'warning';
    const why = stronger ? `can become the stronger role ${role} with SET ROLE` : `is a member of ${role}`;
    return [
      finding(
        severity,
        stronger ? 'role_can_become_stronger' : 'role_server_powers',
        `The role ${powers.role} ${why}. Run: ${fix}`,
      ),
    ];
  });
}

function ofObjects(powers: RolePowers): TargetFinding[] {
  const role = quoteName(powers.role);
  const findings: TargetFinding[] = [];
  const owned = powers.attributes.superuser ? [] : (powers.owned ?? []);
  if (owned.length > 0) {
    const [first = ''] = owned;
    findings.push(
      finding(
        'warning',
        'role_owns_tables',
        `The role ${powers.role} owns ${owned.length} relation${owned.length === 1 ? '' : 's'} (${listed(owned)}): row-level security does not bind an owner, and it may alter or drop them. Run for each, as an administrator: ALTER TABLE ${quotedTable(first)} OWNER TO <owner>;`,
      ),
    );
  }
  for (const schema of powers.attributes.superuser ? [] : (powers.creatableSchemas ?? [])) {
    findings.push(
      finding(
        'warning',
        'role_creates_in_path',
        `The role ${powers.role} may create objects in ${schema}, which is in the search path: a new table there could stand in for a real one. Run: REVOKE CREATE ON SCHEMA ${quoteName(schema)} FROM ${role}, PUBLIC;`,
      ),
    );
  }
  for (const schema of powers.missingSchemas ?? []) {
    findings.push(
      finding(
        'error',
        'schema_missing',
        `The search path names the schema ${schema}, which does not exist. Correct searchPath, or run: CREATE SCHEMA ${quoteName(schema)};`,
      ),
    );
  }
  for (const schema of powers.closedSchemas ?? []) {
    findings.push(
      finding(
        'error',
        'schema_closed',
        `The role ${powers.role} may not use the schema ${schema}. Run: GRANT USAGE ON SCHEMA ${quoteName(schema)} TO ${role};`,
      ),
    );
  }
  return findings;
}

function ofReach(powers: RolePowers): TargetFinding[] {
  const role = quoteName(powers.role);
  const findings: TargetFinding[] = [];
  if (!powers.temp) {
    findings.push(
      finding(
        'warning',
        'temp_missing',
        `The role ${powers.role} may not create temporary objects, so columns are estimated from names instead of being resolved by the database. Run: GRANT TEMPORARY ON DATABASE ${quoteName(powers.database)} TO ${role};`,
      ),
    );
  }
  for (const extension of powers.attributes.superuser ? [] : (powers.remoteFunctions ?? [])) {
    findings.push(
      finding(
        'error',
        'extension_leaves_database',
        `The role ${powers.role} may call functions of the extension ${extension}, which reach outside the database and are not undone by a rollback. Run for the functions of ${extension}: REVOKE EXECUTE ON FUNCTION … FROM PUBLIC, ${role};`,
      ),
    );
  }
  for (const server of powers.attributes.superuser ? [] : (powers.servers ?? [])) {
    findings.push(
      finding(
        'error',
        'foreign_server_usable',
        `The role ${powers.role} may use the foreign server ${server}; what happens there cannot be measured or undone. Run: REVOKE USAGE ON FOREIGN SERVER ${quoteName(server)} FROM ${role}, PUBLIC;`,
      ),
    );
  }
  return findings;
}

function ofColumns(powers: RolePowers, target: Target): TargetFinding[] {
  const columns = columnsOf(powers, target);
  const open = columns.filter(({ classification }) => classification === null);
  const findings: TargetFinding[] = [];
  if (open.length > 0) {
    findings.push(
      finding(
        'warning',
        'columns_unclassified',
        `${open.length} of ${columns.length} columns have no classification and count as sensitive: ${listed(open.map(({ column }) => column))}. Add them to the target's classifications; suggestions are listed with the columns.`,
      ),
    );
  }
  const known = new Set(
    columns.flatMap(({ column }) => [column, `${column.slice(0, column.lastIndexOf('.'))}.*`]),
  );
  const paths = new Set(target.searchPath);
  const stray = Object.keys(target.classifications).filter(
    (name) => paths.has(name.split('.')[0] ?? '') && !known.has(name),
  );
  if (stray.length > 0) {
    findings.push(
      finding(
        'warning',
        'classification_without_column',
        `Classified but not found in the database: ${listed(stray)}. Correct the names as schema.table.column, or remove them.`,
      ),
    );
  }
  return findings;
}

function ofSubjects(powers: RolePowers, target: Target): TargetFinding[] {
  const tables = new Map((powers.subjectTables ?? []).map(({ table, columns }) => [table, columns ?? []]));
  return Object.entries(target.subjects).flatMap(([table, declared]) => {
    const [column = '', next] = declared.split('->').map((part) => part.trim());
    const columns = tables.get(quotedTable(table));
    if (columns === undefined)
      return [
        finding(
          'error',
          'subject_table_missing',
          `The subjects name the table ${table}, which does not exist or is not visible to ${powers.role}. Correct or remove it.`,
        ),
      ];
    if (!columns.includes(column))
      return [
        finding(
          'error',
          'subject_column_missing',
          `The subjects of ${table} name the column ${column}, which it does not have. Correct it.`,
        ),
      ];
    if (next !== undefined && !Object.hasOwn(target.subjects, next)) {
      return [
        finding(
          'error',
          'subject_path_open',
          `The subjects of ${table} lead to ${next}, which has no entry of its own. Add \`${next}: <column>\`.`,
        ),
      ];
    }
    return [];
  });
}

function columnsOf(powers: RolePowers, target: Target): TargetCheck['columns'] {
  return (powers.columns ?? []).map(({ schema, table, column, type }) => {
    const own = (key: string): string | undefined =>
      Object.hasOwn(target.classifications, key) ? target.classifications[key] : undefined;
    const classification = own(`${schema}.${table}.${column}`) ?? own(`${schema}.${table}.*`) ?? null;
    return {
      column: `${schema}.${table}.${column}`,
      type,
      classification,
      suggestion: classification === null ? suggestClass(table, column) : null,
    };
  });
}

const listed = (names: readonly string[]): string =>
  `${names.slice(0, 6).join(', ')}${names.length > 6 ? ` and ${names.length - 6} more` : ''}`;
