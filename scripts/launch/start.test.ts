import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';

const START = join(import.meta.dirname, '../start.mjs');
const folders: string[] = [];
let data: string;
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'holdpoint-start-'));
  folders.push(data);
});
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

const environment = (more: Record<string, string>) => {
  const { npm_lifecycle_event: _, ...rest } = process.env;
  return { ...rest, HOLDPOINT_DATA: data, ...more };
};

async function start(more: Record<string, string>): Promise<{ code: number; said: string }> {
  const child = spawn(process.execPath, [START], {
    env: environment(more),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const [code] = await once(child, 'close');
  return { code, said: said.trim() };
}

async function occupyPort(): Promise<{ port: string; free(): Promise<void> }> {
  const occupant = createServer();
  await new Promise<void>((resolve) => occupant.listen(0, '127.0.0.1', resolve));
  const address = occupant.address();
  const port = typeof address === 'object' && address ? String(address.port) : '';
  return { port, free: () => new Promise((resolve) => occupant.close(() => resolve())) };
}

/** Another start of the same folder that has got as far as taking the lock. */
async function holdLock(): Promise<ChildProcess> {
  const code = `const { takeLock } = await import(${JSON.stringify(join(import.meta.dirname, 'launch-lock.mjs'))});
    await takeLock('http://localhost:4321');
    console.log('held');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    env: environment({}),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

const isOneSentence = (said: string) => said.split('\n').length === 1 && !/\bat .*:\d+:\d+/.test(said);

test('a taken port is named with how to choose another, in one sentence, with code 1', async () => {
  const { port, free } = await occupyPort();
  const { code, said } = await start({ PORT: port });
  expect(code).toBe(1);
  expect(said).toMatch(
    new RegExp(
      `^Port ${port} is taken by another program; choose another one, for example PORT=\\d+ npm start\\.$`,
    ),
  );
  await free();
});

test.each(['abc', '0', '70000', '30.5'])('PORT=%s is refused in one sentence', async (port) => {
  const { code, said } = await start({ PORT: port });
  expect(code).toBe(1);
  expect(said).toContain(`PORT is "${port}", which is not a port`);
  expect(isOneSentence(said)).toBe(true);
});

test('a data folder that cannot be one is said in one sentence', async () => {
  await writeFile(join(data, 'file'), '');
  const { code, said } = await start({ HOLDPOINT_DATA: join(data, 'file') });
  expect(code).toBe(1);
  expect(said).toContain(join(data, 'file'));
  expect(isOneSentence(said)).toBe(true);
});

test('a second start in one folder says who runs there, and touches nothing', async () => {
  const first = await holdLock();
  const { code, said } = await start({ PORT: '4322' });
  expect(code).toBe(1);
  expect(said).toContain(`already running in this folder (process ${first.pid}) at http://localhost:4321`);
  expect(isOneSentence(said)).toBe(true);
  expect(first.exitCode).toBeNull();
  first.kill('SIGKILL');
  await once(first, 'exit');
});

test('a start killed without warning does not block the next', async () => {
  const first = await holdLock();
  first.kill('SIGKILL');
  await once(first, 'exit');
  expect(existsSync(join(data, 'launch.json'))).toBe(true);
  // The port is taken so that the next start ends right after it has got the lock.
  const { port, free } = await occupyPort();
  const { said } = await start({ PORT: port });
  expect(said).toContain(`Port ${port} is taken`);
  expect(existsSync(join(data, 'launch.json'))).toBe(false);
  await free();
});
