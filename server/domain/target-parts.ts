import type { FilesParts, HttpParts, TargetParts } from './catalog';
import { formatAddress, parseConnection } from './connection-address';
import { isObject } from './json-object';
import type { FilesSettings, HttpCredentials, HttpSettings } from './target-settings';

/** What of a target is secret, as it is sealed: a database's connection, a service's credentials, nothing for files. */
export function secretOf(target: TargetParts): string {
  if (target.kind === 'postgres') return target.connection;
  return target.kind === 'http' ? JSON.stringify(target.credentials) : '';
}

/** What people see of where a target is; never a secret. */
export function addressOf(target: TargetParts): string {
  if (target.kind === 'files') return target.root;
  if (target.kind === 'http') return target.baseUrl;
  const parsed = parseConnection(target.connection);
  if (!parsed.ok) throw new Error('a connection was checked to be readable and is not');
  return formatAddress(parsed.address);
}

/** Which kind of proof a service is given, in a word. */
export function credentialWord(credentials: HttpCredentials | null): string | null {
  if (credentials === null) return null;
  if ('bearer' in credentials) return 'bearer';
  if ('basic' in credentials) return `basic ${credentials.basic.username}`;
  return 'header' in credentials ? `header ${credentials.header.name}` : `query ${credentials.query.name}`;
}

/** Everything that is neither secret nor a name: what is stored and shown of a service or a tree. */
export function settingsOf(target: HttpParts | FilesParts): HttpSettings | FilesSettings {
  if (target.kind === 'http') {
    const { baseUrl, openapi, allowedHosts, allowPrivate, limits, operations, probe, idempotencyKey } =
      target;
    return { baseUrl, openapi, allowedHosts, allowPrivate, limits, operations, probe, idempotencyKey };
  }
  const { root, include, exclude, classes, hidden, readOnly, limits } = target;
  return { root, include, exclude, classes, hidden, readOnly, limits };
}

/** A target as it is stored: its columns, and the secret opened. */
export type StoredTarget = {
  kind: string;
  searchPath: string[];
  classifications: unknown;
  subjects: unknown;
  settings: unknown;
};

/** Puts a target together again from its row and its opened secret. */
export function toParts(row: StoredTarget, secret: string): TargetParts {
  if (row.kind === 'files') return { kind: 'files', ...(row.settings as FilesSettings) };
  if (row.kind === 'http') {
    const { credential: _, ...settings } = row.settings as HttpSettings & { credential?: unknown };
    const opened: unknown = JSON.parse(secret);
    return { kind: 'http', ...settings, credentials: isObject(opened) ? (opened as HttpCredentials) : null };
  }
  return {
    kind: 'postgres',
    connection: secret,
    searchPath: row.searchPath,
    classifications: row.classifications as Record<string, string>,
    subjects: row.subjects as Record<string, string>,
  };
}
