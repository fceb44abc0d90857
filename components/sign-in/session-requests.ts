/** next-auth's own endpoints, asked directly: relative, so that either name of this machine works. */
async function post(path: string, fields: Record<string, string>): Promise<URL | null> {
  const csrf = (await (await fetch('/api/auth/csrf')).json()) as { csrfToken: string };
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ ...fields, csrfToken: csrf.csrfToken, json: 'true' }),
  });
  const { url } = (await answer.json().catch(() => ({}))) as { url?: string };
  return url === undefined ? null : new URL(url, window.location.href);
}

/** Null when signed in; otherwise the word for why not (see sign-in-words.ts). */
export async function signInWithPassword(email: string, password: string): Promise<string | null> {
  try {
    const url = await post('/api/auth/callback/credentials', { email, password, callbackUrl: '/' });
    if (url === null) return 'unavailable';
    if (url.searchParams.has('csrf')) return 'cookies';
    return url.searchParams.get('error');
  } catch {
    return 'unreachable';
  }
}

/** Leaves for the provider's page; answers a word only when that did not work. */
export async function signInWithProvider(id: string, returnPath: string): Promise<string | null> {
  try {
    const url = await post(`/api/auth/signin/${id}`, { callbackUrl: returnPath });
    if (url === null) return 'unavailable';
    window.location.assign(url);
    return null;
  } catch {
    return 'unreachable';
  }
}

/** Ends the session on the server, then leaves. */
export async function signOut(): Promise<void> {
  await post('/api/auth/signout', { callbackUrl: '/sign-in' });
  window.location.assign('/sign-in');
}
