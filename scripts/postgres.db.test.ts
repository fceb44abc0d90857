import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { startPostgres } from './postgres.mjs';

const folders: string[] = [];
let dataDir: string;
beforeEach(async () => {
  // Closed to everyone else, as a checkout in somebody's home is: mkdtemp makes it 0700.
  const folder = await mkdtemp(join(tmpdir(), 'holdpoint-launcher-'));
  folders.push(folder);
  dataDir = join(folder, 'data', 'postgres');
});
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

const start = (options: { port?: number } = {}) =>
  startPostgres({
    dataDir,
    durable: false,
    databases: ['app'],
    settings: { shared_buffers: '16MB' },
    ...options,
  });

async function query<T extends pg.QueryResultRow>(url: string, sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** A launcher in a process of its own, so that it can be killed; resolves once its server is ready. */
async function startElsewhere(): Promise<{ launcher: ChildProcess; url: string }> {
  const code = `import { startPostgres } from ${JSON.stringify(join(import.meta.dirname, 'postgres.mjs'))};
    const server = await startPostgres({ dataDir: ${JSON.stringify(dataDir)}, durable: false, databases: ['app'], settings: { shared_buffers: '16MB' } });
    console.log(server.url);
    setInterval(() => {}, 1000);`;
  const launcher = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(launcher.stdout, 'data');
  return { launcher, url: String(line).trim() };
}

test('what was committed is there after a stop and a start', async () => {
  const first = await start();
  await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  await first.stop();
  const second = await start();
  expect(await query(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  await second.stop();
});

test('nobody gets in without the password, which only its owner can read', async () => {
  const server = await start();
  const url = new URL(server.url);
  url.password = 'guess';
  await expect(query(url.toString(), 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  expect((await stat(`${dataDir}.password`)).mode & 0o777).toBe(0o600);
  const [settings] = await query<{ auth: string; at: string; sockets: string }>(
    server.url,
    `SELECT (SELECT string_agg(DISTINCT auth_method, ',') FROM pg_hba_file_rules) AS auth,
            current_setting('listen_addresses') AS at, current_setting('unix_socket_directories') AS sockets`,
  );
  expect(settings).toEqual({ auth: 'scram-sha-256', at: '127.0.0.1', sockets: '' });
  await server.stop();
});

test('a launcher killed without warning leaves nothing that blocks the next start, and no commit is lost', async () => {
  const { launcher, url } = await startElsewhere();
  await query(url, 'CREATE TABLE kept AS SELECT 7 AS answer');
  launcher.kill('SIGKILL');
  await once(launcher, 'exit');
  const next = await start();
  expect(await query(next.url, 'SELECT answer FROM kept')).toEqual([{ answer: 7 }]);
  await next.stop();
});

test('a server that is in use is refused, not stopped', async () => {
  const { launcher, url } = await startElsewhere();
  await expect(start()).rejects.toThrow(`in use by process ${launcher.pid}`);
  expect(await query(url, 'SELECT 1 AS alive')).toEqual([{ alive: 1 }]);
  launcher.kill('SIGKILL');
  await once(launcher, 'exit');
});

test('a lock file whose process id now belongs to another program does not block', async () => {
  const first = await start();
  await first.stop();
  const bystander = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  await writeFile(
    join(dataDir, 'postmaster.pid'),
    `${bystander.pid}\n${dataDir}\n1\n5432\n\n127.0.0.1\n  1 1\nready\n`,
  );
  const second = await start();
  expect(bystander.exitCode).toBeNull();
  await second.stop();
  bystander.kill();
});

test('a taken port is said in one sentence that names it', async () => {
  const occupant = createServer();
  await new Promise<void>((resolve) => occupant.listen(0, '127.0.0.1', resolve));
  const address = occupant.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  await expect(start({ port })).rejects.toThrow(
    `Port ${port} on 127.0.0.1 is taken by another program; choose another`,
  );
  await new Promise((resolve) => occupant.close(resolve));
});

test('a lost password file is said, and the data is left alone', async () => {
  const server = await start();
  await server.stop();
  await rm(`${dataDir}.password`);
  await expect(start()).rejects.toThrow(`${dataDir}.password is missing`);
  expect(await readFile(join(dataDir, 'PG_VERSION'), 'utf8')).toBe('18\n');
});
