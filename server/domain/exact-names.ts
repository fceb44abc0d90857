/** A spelling that names a destination. A path names what lies below it too, and never what lies above. */
export type ExactName = { name: string; isPath: boolean };

const PREFIXES_MAX = 12;
const LEAVES_FOLDER = /(?:^|[/\\])\.{1,2}(?:[/\\]|$)|%2e|%2f|%5c/i;

/** `acme.com/a/b?c` → itself, `acme.com/a/b`, `acme.com/a`, `acme.com`. */
function prefixesOf(path: string): string[] {
  const names = [path];
  let rest = path.replace(/[?#].*$/s, '').replace(/\/+$/, '');
  while (rest !== '' && names.length < PREFIXES_MAX) {
    names.push(rest);
    const cut = rest.lastIndexOf('/');
    if (cut <= 0) break;
    rest = rest.slice(0, cut);
  }
  // `/` and `~` would vouch for everything.
  return [...new Set(names)].filter((name) => name.length > 2);
}

/** Where a URL really leads: what stands before an @ in it is no host. Null when it is none. */
function readUrl(value: string): string | null {
  if (!/^[a-z][a-z\d+.-]*:\/\/|^\/\/|^www\.|^[a-z\d-]+(\.[a-z\d-]+)+(\/|$)/i.test(value)) return null;
  try {
    const url = new URL(/^[a-z][a-z\d+.-]*:/i.test(value) ? value : `https://${value.replace(/^\/\//, '')}`);
    return url.hostname === '' ? null : `${url.host}${url.pathname}${url.search}`;
  } catch {
    return null;
  }
}

/**
 * The spellings under which a source may name this destination: a URL or path by itself or by what it lies below, an account with and without
 * spaces, a handle with and without its sign.
 */
export function exactNames(value: string): ExactName[] {
  const bare = value.trim().replace(/^mailto:/i, '');
  const url = readUrl(bare);
  if (url !== null) {
    return [{ name: bare, isPath: true }, ...prefixesOf(url).map((name) => ({ name, isPath: true }))];
  }
  if (/^(?:~|\.{0,2})?\//.test(bare) && !LEAVES_FOLDER.test(bare)) {
    return prefixesOf(bare).map((name) => ({ name, isPath: true }));
  }
  const account = /^[a-z]{2}\d{2}[a-z\d ]{8,40}$/i.test(bare) ? bare.replaceAll(' ', '') : null;
  const names = [
    bare,
    ...(/^[@#][^@]+$/.test(bare) ? [bare.slice(1)] : []),
    ...(account === null ? [] : [account, account.replace(/(.{4})(?=.)/g, '$1 ')]),
  ];
  return [...new Set(names)].map((name) => ({ name, isPath: false }));
}
