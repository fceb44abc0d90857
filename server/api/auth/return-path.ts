/**
 * Where to go after signing in: a path of this installation, whatever the link said. `//host`, `/\host`, other schemes and addresses all
 * lead home: an open redirect would lend our name to somebody else's page.
 */
export function returnPath(asked: string | string[] | undefined): string {
  if (typeof asked !== 'string') return '/';
  const base = 'http://holdpoint.invalid';
  try {
    // An absolute address is next-auth's way to say a path; only its path counts, so its host does not matter.
    const url = new URL(asked, base);
    if (url.protocol !== 'http:' && url.protocol !== 'https:') return '/';
    if (url.origin !== base && !/^https?:\/\//i.test(asked)) return '/';
    const path = `${url.pathname}${url.search}${url.hash}`;
    return /^\/(?![/\\])/.test(path) && !/^\/(sign-in|api)(\/|\?|#|$)/.test(path) ? path : '/';
  } catch {
    return '/';
  }
}
