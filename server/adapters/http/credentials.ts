import type { HttpCredentials } from '@/server/domain/target-settings';
import type { OutgoingRequest } from './guarded-client';

/** Puts a service's credentials on a call at the last moment: nothing before the client ever holds them together with it. */
export function withCredentials(
  out: Omit<OutgoingRequest, 'credentials'>,
  credentials: HttpCredentials | null,
): OutgoingRequest {
  if (credentials === null) return { ...out, credentials: {} };
  if ('bearer' in credentials)
    return { ...out, credentials: { authorization: `Bearer ${credentials.bearer}` } };
  if ('basic' in credentials) {
    const { username, password } = credentials.basic;
    const pair = Buffer.from(`${username}:${password}`, 'utf8').toString('base64');
    return { ...out, credentials: { authorization: `Basic ${pair}` } };
  }
  if ('header' in credentials) {
    return { ...out, credentials: { [credentials.header.name.toLowerCase()]: credentials.header.value } };
  }
  const url = new URL(out.url);
  url.searchParams.set(credentials.query.name, credentials.query.value);
  return { ...out, url: url.href, credentials: {} };
}
