/** What the role can do beyond running statements, in one answer. `$1` is the search path, `$2` the tables subjects speak of. */
export const ROLE_POWERS = `
WITH me AS (SELECT r.* FROM pg_catalog.pg_roles r WHERE r.rolname = current_user),
path AS (SELECT n.oid, n.nspname FROM pg_catalog.unnest($1::text[]) s JOIN pg_catalog.pg_namespace n ON n.nspname = s)
SELECT pg_catalog.json_build_object(
  'version', pg_catalog.current_setting('server_version'),
  'versionNumber', pg_catalog.current_setting('server_version_num')::int,
  'database', pg_catalog.current_database(),
  'role', (SELECT rolname FROM me),
  'attributes', (SELECT pg_catalog.json_build_object('superuser', rolsuper, 'replication', rolreplication, 'bypassRls', rolbypassrls,
    'createRole', rolcreaterole, 'createDatabase', rolcreatedb) FROM me),
  'otherSession', session_user <> current_user,
  'memberOf', (SELECT pg_catalog.json_agg(pg_catalog.json_build_object('role', r.rolname, 'superuser', r.rolsuper,
      'stronger', r.rolsuper OR r.rolreplication OR r.rolbypassrls OR r.rolcreaterole OR r.rolcreatedb) ORDER BY r.rolname)
    FROM pg_catalog.pg_roles r, me WHERE r.oid <> me.oid AND NOT me.rolsuper AND pg_catalog.pg_has_role(me.oid, r.oid, 'MEMBER')),
  'owned', (SELECT pg_catalog.json_agg(n.nspname || '.' || c.relname ORDER BY 1) FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace, me
    WHERE n.oid IN (SELECT oid FROM path) AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relowner = me.oid),
  'creatableSchemas', (SELECT pg_catalog.json_agg(nspname ORDER BY nspname) FROM path WHERE pg_catalog.has_schema_privilege(oid, 'CREATE')),
  'missingSchemas', (SELECT pg_catalog.json_agg(s) FROM pg_catalog.unnest($1::text[]) s WHERE s NOT IN (SELECT nspname FROM path)),
  'closedSchemas', (SELECT pg_catalog.json_agg(nspname) FROM path WHERE NOT pg_catalog.has_schema_privilege(oid, 'USAGE')),
  'temp', pg_catalog.has_database_privilege(pg_catalog.current_database(), 'TEMP'),
  'createInDatabase', pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE'),
  'trackCounts', pg_catalog.current_setting('track_counts')::bool,
  'recovery', pg_catalog.pg_is_in_recovery(),
  'remoteFunctions', (SELECT pg_catalog.json_agg(DISTINCT e.extname) FROM pg_catalog.pg_extension e
    JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND d.refobjid = e.oid AND d.deptype = 'e'
    JOIN pg_catalog.pg_proc p ON d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid
    WHERE e.extname IN ('dblink', 'adminpack', 'file_fdw', 'http', 'pg_net', 'pg_cron', 'plpython3u', 'plperlu', 'pltclu')
      AND pg_catalog.has_function_privilege(p.oid, 'EXECUTE')),
  'servers', (SELECT pg_catalog.json_agg(s.srvname) FROM pg_catalog.pg_foreign_server s WHERE pg_catalog.has_server_privilege(s.oid, 'USAGE')),
  'columns', (SELECT pg_catalog.json_agg(pg_catalog.json_build_object('schema', n.nspname, 'table', c.relname, 'column', a.attname,
      'type', pg_catalog.format_type(a.atttypid, a.atttypmod), 'readable', pg_catalog.has_column_privilege(c.oid, a.attnum, 'SELECT'))
      ORDER BY n.nspname, c.relname, a.attnum)
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE n.oid IN (SELECT oid FROM path) AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition),
  'subjectTables', (SELECT pg_catalog.json_agg(pg_catalog.json_build_object('table', t, 'columns',
      (SELECT pg_catalog.json_agg(a.attname) FROM pg_catalog.pg_attribute a WHERE a.attrelid = pg_catalog.to_regclass(t) AND a.attnum > 0 AND NOT a.attisdropped)))
    FROM pg_catalog.unnest($2::text[]) t WHERE pg_catalog.to_regclass(t) IS NOT NULL)
)::text`;

export type RolePowers = {
  version: string;
  versionNumber: number;
  database: string;
  role: string;
  attributes: {
    superuser: boolean;
    replication: boolean;
    bypassRls: boolean;
    createRole: boolean;
    createDatabase: boolean;
  };
  otherSession: boolean;
  memberOf: { role: string; superuser: boolean; stronger: boolean }[] | null;
  owned: string[] | null;
  creatableSchemas: string[] | null;
  missingSchemas: string[] | null;
  closedSchemas: string[] | null;
  temp: boolean;
  createInDatabase: boolean;
  trackCounts: boolean;
  recovery: boolean;
  remoteFunctions: string[] | null;
  servers: string[] | null;
  columns: { schema: string; table: string; column: string; type: string; readable: boolean }[] | null;
  subjectTables: { table: string; columns: string[] | null }[] | null;
};
