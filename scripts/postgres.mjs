// Runs the PostgreSQL server that the registry delivered: as root (by dropping to an ordinary user) or as anyone else, in a
// checkout that others may not enter, and after a previous start was killed. It listens on the loopback address only, with a
// random password, because other people may have accounts on the same machine.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { explainFileError, findFreePort, PlainProblem } from './plain-problem.mjs';
import { runnableBinaries, serverUser } from './postgres-binaries.mjs';
import { isAlive, isPostgresIn, isSameProcess, processIdentity } from './process-identity.mjs';

const START_SECONDS = 60;
const STOP_SECONDS = 20;
/** Above every system's largest process id: a lock file that names it is known to be stale. */
const NOBODYS_PID = 2_147_483_647;
const DEFAULT_SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '256MB',
  max_wal_size: '2GB',
  cluster_name: 'holdpoint',
};
/** For data that may be lost with the machine: tests only. */
const NOT_DURABLE = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/**
 * How to name a folder to a server process that runs as another user. The working directory was entered before the privileges
 * were dropped, and /proc leads back to it without walking through parents that only root may enter.
 */
const dataDirFor = (dataDir, ids) =>
  ids.uid !== undefined && process.platform === 'linux' ? '/proc/self/cwd' : dataDir;

const tail = (file) => (existsSync(file) ? readFileSync(file, 'utf8').slice(-6000) : '');

function explainServerLog(text, { port, dataDir, logFile }) {
  if (/Address already in use/.test(text)) {
    return new PlainProblem(
      `Port ${port} on 127.0.0.1 is taken by another program; choose another port for PostgreSQL.`,
    );
  }
  if (/No space left on device|Disk quota exceeded/.test(text)) {
    return new PlainProblem(
      `The disk is full, so PostgreSQL could not write to ${dataDir}; free some space and start again.`,
    );
  }
  if (/Permission denied|Operation not permitted|has wrong ownership|Read-only file system/.test(text)) {
    return new PlainProblem(
      `PostgreSQL may not write to ${dataDir}; start as the user who owns that folder, or make it writable for yours.`,
    );
  }
  if (/database files are incompatible/.test(text)) {
    return new PlainProblem(
      `${dataDir} was written by another version of PostgreSQL; start the Holdpoint version that wrote it, or move the folder away.`,
    );
  }
  const worst =
    text.split('\n').findLast((line) => /FATAL|PANIC|error:/.test(line)) ?? text.split('\n').at(-2) ?? '';
  return new PlainProblem(
    `PostgreSQL did not start: ${worst.replace(/^.*?(FATAL|PANIC|error): */, '').trim()} (its log: ${logFile}).`,
  );
}

const passwordFileOf = (dataDir) => `${dataDir}.password`;
const ownerFileOf = (dataDir) => `${dataDir}.owner.json`;

function readPassword(dataDir) {
  const file = passwordFileOf(dataDir);
  if (!existsSync(file)) {
    throw new PlainProblem(
      `${file} is missing, and without it the data in ${dataDir} cannot be opened; put it back, or move the data away.`,
    );
  }
  return readFileSync(file, 'utf8').trim();
}

/** Made beside its final place and moved there when complete, so that a start killed half-way leaves nothing half-made. */
function createDataDir(native, dataDir, ids, durable) {
  const fresh = mkdtempSync(`${dataDir}.new-`);
  const secretDir = mkdtempSync(join(tmpdir(), 'holdpoint-init-'));
  const password = randomBytes(24).toString('base64url');
  const secretFile = join(secretDir, 'password');
  try {
    writeFileSync(secretFile, `${password}\n`, { mode: 0o600 });
    for (const path of ids.uid === undefined ? [] : [fresh, secretDir, secretFile])
      chownSync(path, ids.uid, ids.gid);
    const made = spawnSync(
      join(native, 'bin/initdb'),
      [
        '-D',
        dataDirFor(fresh, ids),
        '-U',
        'postgres',
        '-A',
        'scram-sha-256',
        `--pwfile=${secretFile}`,
        '--encoding=UTF8',
        '--locale=C.UTF-8',
        ...(durable ? [] : ['--no-sync']),
      ],
      { ...ids, cwd: fresh, encoding: 'utf8' },
    );
    if (made.status !== 0)
      throw explainServerLog(`${made.stderr}${made.error ?? ''}`, { dataDir, logFile: dataDir });
    writeFileSync(passwordFileOf(dataDir), `${password}\n`, { mode: 0o600 });
    chmodSync(passwordFileOf(dataDir), 0o600);
    renameSync(fresh, dataDir);
  } finally {
    rmSync(secretDir, { recursive: true, force: true });
    rmSync(fresh, { recursive: true, force: true });
  }
}

async function waitUntil(condition, seconds) {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await pause(20))
    if (condition()) return true;
  return condition();
}

async function stopServer(pid) {
  const signal = (name) => {
    try {
      process.kill(pid, name);
    } catch (error) {
      if (error.code !== 'ESRCH') throw error;
    }
  };
  signal('SIGINT');
  if (await waitUntil(() => processIdentity(pid) === null, STOP_SECONDS)) return;
  signal('SIGQUIT');
  await waitUntil(() => processIdentity(pid) === null, STOP_SECONDS);
}

/**
 * Deals with what an earlier start left behind: a server whose launcher was killed is stopped (its commits are safe), one whose
 * launcher still runs is refused, a lock file whose process id now belongs to some other program is marked stale. The rest of
 * the lock file stays, so that PostgreSQL still refuses while orphaned backends hold its shared memory.
 */
async function settleLeftovers(dataDir) {
  const lockFile = join(dataDir, 'postmaster.pid');
  if (!existsSync(lockFile)) return;
  const [first, ...rest] = readFileSync(lockFile, 'utf8').split('\n');
  const pid = Number(first);
  if (isPostgresIn(pid, dataDir)) {
    const owner = existsSync(ownerFileOf(dataDir))
      ? JSON.parse(readFileSync(ownerFileOf(dataDir), 'utf8'))
      : null;
    if (isSameProcess(owner)) {
      throw new PlainProblem(
        `The database in ${dataDir} is in use by process ${owner.pid}; stop that one first.`,
      );
    }
    await stopServer(pid);
  } else if (isAlive(pid)) {
    writeFileSync(lockFile, [NOBODYS_PID, ...rest].join('\n'));
  }
}

function launch(native, dataDir, ids, port, settings, logFile) {
  const log = openSync(logFile, 'w', 0o600);
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  // A process group of its own: Ctrl-C in the terminal must reach the launcher alone, which closes things in order.
  const server = spawn(
    join(native, 'bin/postgres'),
    ['-D', dataDirFor(dataDir, ids), '-p', String(port), ...options],
    {
      ...ids,
      cwd: dataDir,
      detached: true,
      stdio: ['ignore', 'ignore', log],
    },
  );
  closeSync(log);
  server.once('error', () => {}); // told by the missing process id below
  if (server.pid === undefined)
    throw new PlainProblem(`PostgreSQL could not be started in ${dataDir}; check who may enter it.`);
  server.unref();
  const dismissGuard = guard(server, dataDir);
  const endWithUs = () => server.kill('SIGINT');
  process.once('exit', endWithUs);
  const letGo = () => {
    dismissGuard();
    process.removeListener('exit', endWithUs);
  };
  return { server, letGo };
}

/** Ends the server when this process is killed without a chance to do it: the pipe closes, the guard reads its end. */
function guard(server, dataDir) {
  const script = 'read -r _; [ "$(head -n 1 "$2/postmaster.pid" 2>/dev/null)" = "$1" ] && kill -INT "$1"';
  const child = spawn('/bin/sh', ['-c', script, 'sh', String(server.pid), dataDir], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.unref();
  child.stdin.unref();
  child.stdin.on('error', () => {});
  return () => child.kill('SIGKILL');
}

async function waitUntilReady(server, dataDir, about) {
  // The file may still be the one a killed server left, which was ready too.
  const isReady = () => {
    try {
      const lines = readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n');
      return Number(lines[0]) === server.pid && lines[7]?.trim() === 'ready';
    } catch {
      return false;
    }
  };
  const settled = await waitUntil(
    () => server.exitCode !== null || server.signalCode !== null || isReady(),
    START_SECONDS,
  );
  if (settled && server.exitCode === null && server.signalCode === null) return;
  server.kill('SIGQUIT');
  throw explainServerLog(tail(about.logFile), about);
}

async function createDatabases(url, databases) {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const name of databases) {
      const known = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
      if (known.rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
    }
  } finally {
    await client.end();
  }
}

async function launchWithPatience(native, dataDir, ids, port, settings, about) {
  for (let attempt = 1; ; attempt++) {
    const started = launch(native, dataDir, ids, port, settings, about.logFile);
    try {
      await waitUntilReady(started.server, dataDir, about);
      return started;
    } catch (error) {
      started.letGo();
      // Backends of a killed server take a moment to notice; starting over them would corrupt the data, so PostgreSQL refuses.
      const busy = /pre-existing shared memory block/.test(tail(about.logFile));
      if (!busy || attempt === 20) throw error;
      await pause(250);
    }
  }
}

/**
 * Starts PostgreSQL on data kept in `dataDir` and resolves once it accepts connections. `url` is the administrator's, to the
 * first of `databases`, which are created when missing. `stop()` resolves once the server has ended. Rejects with a PlainProblem
 * for everything a person can fix.
 */
export async function startPostgres({
  dataDir: folder,
  port: wanted,
  settings = {},
  databases = [],
  durable = true,
}) {
  const dataDir = resolve(folder);
  const ids = serverUser(dataDir);
  const native = runnableBinaries(ids);
  try {
    mkdirSync(dirname(dataDir), { recursive: true, mode: 0o700 });
    if (existsSync(join(dataDir, 'PG_VERSION'))) await settleLeftovers(dataDir);
    else createDataDir(native, dataDir, ids, durable);
    writeFileSync(ownerFileOf(dataDir), JSON.stringify(processIdentity(process.pid)), { mode: 0o600 });
  } catch (error) {
    throw explainFileError(error, 'prepare its database');
  }
  const password = readPassword(dataDir);
  // Only now: a server left over from before may have held the very port that is wanted.
  const port = typeof wanted === 'function' ? await wanted() : (wanted ?? (await findFreePort()));
  const about = { dataDir, logFile: `${dataDir}.log`, port };
  const all = { ...DEFAULT_SETTINGS, ...(durable ? {} : NOT_DURABLE), ...settings };
  const { server, letGo } = await launchWithPatience(native, dataDir, ids, port, all, about);
  const ended = new Promise((resolve) => server.once('exit', () => resolve()));
  const urlTo = (database) => `postgresql://postgres:${password}@127.0.0.1:${port}/${database}`;
  const stop = async () => {
    letGo();
    await stopServer(server.pid);
    rmSync(ownerFileOf(dataDir), { force: true });
  };
  try {
    await createDatabases(urlTo('postgres'), databases);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: urlTo(databases[0] ?? 'postgres'), port, pid: server.pid, ended, stop };
}
