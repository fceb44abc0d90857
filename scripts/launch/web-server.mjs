import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { PlainProblem } from '../plain-problem.mjs';
import { inRoot, ROOT } from './paths.mjs';

const READY_SECONDS = 90;
const STOP_SECONDS = 10;

/** What a server says while it starts matters only when it fails to; once shown, everything is passed on as it comes. */
function holdBack(child) {
  let held = [];
  for (const [stream, out] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ]) {
    stream.on('data', (data) => {
      if (held) held.push(data);
      else out.write(data);
    });
  }
  return { all: () => process.stderr.write(Buffer.concat(held ?? [])), fromNowOn: () => (held = null) };
}

async function answers(url) {
  try {
    await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(30_000) });
    return true;
  } catch {
    return false;
  }
}

/**
 * Starts server/main.ts and resolves once it answers. Its own process group keeps Ctrl-C away from it: the launcher asks it to stop,
 * then stops the database. `stop` never takes longer than ten seconds, whatever streams are open.
 */
export async function startWebServer({ env, port, host }) {
  const preload = pathToFileURL(inRoot('scripts/launch/exit-with-launcher.mjs')).href;
  const child = spawn(process.execPath, ['--import', preload, '--import', 'tsx', inRoot('server/main.ts')], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const show = holdBack(child);
  let exit = null;
  const ended = new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      exit = signal ?? code;
      resolve(exit);
    });
  });
  const stop = async () => {
    if (exit !== null) return;
    child.kill('SIGTERM');
    await Promise.race([ended, pause(STOP_SECONDS * 1000, undefined, { ref: false })]);
    if (exit === null) child.kill('SIGKILL');
    await ended;
  };
  const probe = `http://${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host}:${port}/`;
  for (const end = Date.now() + READY_SECONDS * 1000; !(await answers(probe)); await pause(50)) {
    if (exit === null && Date.now() < end) continue;
    show.all();
    if (exit !== null) {
      throw new PlainProblem(`The server ended while starting (${exit}); what it said is above.`);
    }
    await stop();
    throw new PlainProblem(
      `The server did not answer on ${probe} within ${READY_SECONDS} seconds; what it said is above.`,
    );
  }
  show.fromNowOn();
  return { ended, stop };
}
