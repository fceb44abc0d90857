import { hkdfSync } from 'node:crypto';
import { decode } from 'next-auth/jwt';

/** How sessions are kept in the browser; next-auth writes the cookie, the API reads it, so both take this from here. */
export type SessionCookie = { name: string; secret: string; secure: boolean };

/** Over https the name has a prefix that makes browsers refuse the cookie from anywhere insecure. */
export function sessionCookie(installation: { url: string; secret: Uint8Array }): SessionCookie {
  const secure = installation.url.startsWith('https://');
  const key = hkdfSync('sha256', installation.secret, new Uint8Array(0), 'holdpoint/session-cookie/v1', 32);
  return {
    name: `${secure ? '__Secure-' : ''}next-auth.session-token`,
    secret: Buffer.from(key).toString('base64'),
    secure,
  };
}

/** One cookie's value out of a Cookie header. The first of a name wins, as browsers send the most specific first. */
export function readCookie(header: string | undefined, name: string): string | null {
  for (const part of header?.split(';') ?? []) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return null;
}

/** The session a cookie names, or null for anything this installation did not encrypt itself or that is past its end. */
export async function sessionIdIn(
  cookieHeader: string | undefined,
  cookie: SessionCookie,
): Promise<string | null> {
  const token = readCookie(cookieHeader, cookie.name);
  if (token === null || token.length > 4096) return null;
  const claims = await decode({ token, secret: cookie.secret }).catch(() => null);
  return typeof claims?.sid === 'string' ? claims.sid : null;
}
