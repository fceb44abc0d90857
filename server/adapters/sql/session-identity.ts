/** Who a session turned out to be, and what the server under it is. */
export type SessionIdentity = {
  role: string;
  serverVersion: number;
  superuser: boolean;
  /** Everything about the role that changes what a statement sees or may do; part of the definitions digest. */
  attributes: unknown;
  backendPid: number;
  canCreateTemp: boolean;
  countsRows: boolean;
  /** The role may still open a session like this one. */
  mayConnect: boolean;
};

/** Asks for one. */
export const IDENTITY = `
SELECT pg_catalog.json_build_object(
  'role', r.rolname,
  'serverVersion', pg_catalog.current_setting('server_version_num')::int,
  'superuser', r.rolsuper,
  'backendPid', pg_catalog.pg_backend_pid(),
  'canCreateTemp', pg_catalog.has_database_privilege(pg_catalog.current_database(), 'TEMP'),
  'countsRows', pg_catalog.current_setting('track_counts')::bool,
  'mayConnect', r.rolcanlogin AND pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CONNECT')
    AND COALESCE(r.rolvaliduntil > pg_catalog.now(), true),
  'attributes', pg_catalog.json_build_object('oid', r.oid, 'super', r.rolsuper, 'bypass', r.rolbypassrls,
    'inherit', r.rolinherit, 'session', session_user, 'replication_role', pg_catalog.current_setting('session_replication_role'),
    'member_of', (SELECT pg_catalog.array_agg(m.roleid ORDER BY m.roleid) FROM pg_catalog.pg_auth_members m WHERE m.member = r.oid))
)::text AS identity
FROM pg_catalog.pg_roles r WHERE r.rolname = current_user`;
