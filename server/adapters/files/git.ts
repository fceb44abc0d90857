import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What git has of a tree: its revision, and the content of every file in it by path. */
export type Versioned = { revision: string; blobs: ReadonlyMap<string, string> };

/**
 * Only commands that read the object database are run: `status` and `diff` would run filters and monitors that a repository's
 * configuration names. Nothing of the user's own configuration counts, and no path ever stands in a command line.
 */
async function git(root: string, args: readonly string[]): Promise<string> {
  return (await gitBytes(root, args)).toString('utf8');
}

async function gitBytes(root: string, args: readonly string[], input = ''): Promise<Buffer> {
  const running = run(
    'git',
    ['--no-pager', '-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', ...args],
    {
      cwd: root,
      encoding: 'buffer',
      timeout: 10_000,
      maxBuffer: 64 * 1024 * 1024,
      env: {
        PATH: '/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin',
        NODE_ENV: 'production',
        LC_ALL: 'C',
        HOME: '/nonexistent',
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_OPTIONAL_LOCKS: '0',
        GIT_TERMINAL_PROMPT: '0',
        GIT_NO_LAZY_FETCH: '1',
      },
    },
  );
  running.child.stdin?.on('error', () => undefined).end(input);
  return (await running).stdout;
}

/** The committed state of a tree; null where there is no git, no repository or no commit, and nothing can be restored from it. */
export async function readVersioned(root: string): Promise<Versioned | null> {
  try {
    const revision = (await git(root, ['rev-parse', '--verify', 'HEAD^{commit}'])).trim();
    const listing = await git(root, ['ls-tree', '-r', '-z', revision]);
    const blobs = new Map<string, string>();
    for (const line of listing.split('\0')) {
      const found = /^100\d{3} blob ([0-9a-f]+)\t(.+)$/s.exec(line);
      if (found?.[1] && found[2]) blobs.set(found[2], found[1]);
    }
    return { revision, blobs };
  } catch {
    return null;
  }
}

/** Whether a file is in git exactly as it is now, so that git can bring it back. */
export function isRestorable(
  versioned: Versioned | null,
  file: { path: string; blobs: readonly string[] },
): boolean {
  const committed = versioned?.blobs.get(file.path);
  return committed !== undefined && file.blobs.includes(committed);
}

const NAME = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/**
 * The content of blobs by the names git has for them, together at most `limit` bytes; null when git does not have every one of them, or what it has
 * is not what its name says.
 */
export async function readBlobs(
  root: string,
  names: readonly string[],
  limit: number,
): Promise<ReadonlyMap<string, Buffer> | null> {
  const wanted = [...new Set(names)];
  if (wanted.length === 0) return new Map();
  if (!wanted.every((name) => NAME.test(name))) return null;
  const lines = wanted.map((name) => `${name}\n`).join('');
  try {
    const sizes = (
      await gitBytes(root, ['cat-file', '--batch-check=%(objecttype) %(objectsize)'], lines)
    ).toString();
    const sum = sizes
      .trim()
      .split('\n')
      .reduce((bytes, line) => bytes + Number(/^blob (\d+)$/.exec(line)?.[1] ?? Number.NaN), 0);
    if (!(sum <= limit)) return null;
    return takeBlobs(await gitBytes(root, ['cat-file', '--batch'], lines), wanted);
  } catch {
    return null;
  }
}

/** What `cat-file --batch` answers: a line `<name> blob <size>`, the bytes and a line's end, for each that was asked for. */
function takeBlobs(answer: Buffer, wanted: readonly string[]): ReadonlyMap<string, Buffer> | null {
  const blobs = new Map<string, Buffer>();
  let at = 0;
  for (const name of wanted) {
    const end = answer.indexOf(10, at);
    const size = Number(/^[0-9a-f]+ blob (\d+)$/.exec(answer.toString('latin1', at, end))?.[1] ?? Number.NaN);
    if (end < 0 || Number.isNaN(size)) return null;
    const content = answer.subarray(end + 1, end + 1 + size);
    const hash = createHash(name.length === 40 ? 'sha1' : 'sha256')
      .update(`blob ${size}\0`)
      .update(content);
    if (hash.digest('hex') !== name) return null;
    blobs.set(name, content);
    at = end + 1 + size + 1;
  }
  return blobs;
}
