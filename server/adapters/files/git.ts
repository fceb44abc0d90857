import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What git has of a tree: its revision, and the content of every file in it by path. */
export type Versioned = { revision: string; blobs: ReadonlyMap<string, string> };

/**
 * Only commands that read the object database are run: `status` and `diff` would run filters and monitors that a repository's
 * configuration names. Nothing of the user's own configuration counts, and no path ever stands in a command line.
 */
async function git(root: string, args: readonly string[]): Promise<string> {
  const { stdout } = await run(
    'git',
    ['--no-pager', '-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', ...args],
    {
      cwd: root,
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
  return stdout;
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
