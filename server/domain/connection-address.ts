/** What may be known of a connection without its password. */
export type ConnectionAddress = { role: string; host: string; port: number; database: string };

const SSL_MODES = new Set(['disable', 'prefer', 'require', 'verify-ca', 'verify-full']);

type Parsed = { ok: true; address: ConnectionAddress } | { ok: false; fault: string };
const fault = (text: string): Parsed => ({ ok: false, fault: text });

const SHAPE =
  'Write it as postgres://role:password@host:5432/database, with special characters percent-encoded.';

/**
 * Reads who connects to where. Only what stands in the address itself counts: drivers let query parameters override user, host and
 * options, so that the connection shown and hashed would not be the one made; anything but `sslmode` is refused.
 */
export function parseConnection(connection: string): Parsed {
  let url: URL;
  try {
    url = new URL(connection);
  } catch {
    return fault(`This is not a connection string. ${SHAPE}`);
  }
  if (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:') {
    return fault(`This is not a PostgreSQL connection string. ${SHAPE}`);
  }
  if (url.hash !== '') return fault(`A "#" must be percent-encoded as %23. ${SHAPE}`);
  for (const [name, value] of url.searchParams) {
    if (name !== 'sslmode') return fault(`Remove "${name}": only sslmode may follow the "?".`);
    if (!SSL_MODES.has(value)) return fault(`sslmode is one of ${[...SSL_MODES].join(', ')}.`);
  }
  try {
    const role = decodeURIComponent(url.username);
    const host = decodeURIComponent(url.hostname);
    const database = decodeURIComponent(url.pathname.slice(1));
    if (role === '') return fault(`It names no role. ${SHAPE}`);
    if (host === '') return fault(`It names no host. ${SHAPE}`);
    if (database === '') return fault(`It names no database. ${SHAPE}`);
    return { ok: true, address: { role, host, port: url.port === '' ? 5432 : Number(url.port), database } };
  } catch {
    return fault(`A "%" in it must be written as %25. ${SHAPE}`);
  }
}

/** What people see of a connection: `role@host:port/database`. */
export function formatAddress(address: ConnectionAddress): string {
  return `${address.role}@${address.host}:${address.port}/${address.database}`;
}
