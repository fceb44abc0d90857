// One start per data folder. A file names the process that holds it, by id and start time, so that a killed start never blocks the next.
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { PlainProblem } from '../plain-problem.mjs';
import { commandOf, isSameProcess, parentOf, processIdentity } from '../process-identity.mjs';
import { inData } from './paths.mjs';

const LOCK = inData('launch.json');
const HANDOVER_SECONDS = 25;

/** The npm that runs us, if one does: when it is killed, we are to end as well, although nobody tells us. */
export function findNpm() {
  if (!process.env.npm_lifecycle_event) return null;
  for (let pid = process.ppid, steps = 0; pid && pid > 1 && steps < 4; pid = parentOf(pid), steps++) {
    if (/\bnpm\b/.test(commandOf(pid).split(' -c ')[0])) return processIdentity(pid);
  }
  return null;
}

function readLock() {
  try {
    return JSON.parse(readFileSync(LOCK, 'utf8'));
  } catch {
    return null;
  }
}

function tryCreate(content) {
  try {
    writeFileSync(LOCK, JSON.stringify(content), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Moves a stale lock aside; only one of several starts succeeds in moving the same file. */
function setAside() {
  const aside = `${LOCK}.${process.pid}`;
  try {
    renameSync(LOCK, aside);
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
  rmSync(aside, { force: true });
}

/**
 * Takes the lock or throws a PlainProblem that names who holds it. A holder whose npm was killed is on its way out: it is waited for.
 */
export async function takeLock(address) {
  const us = { ...processIdentity(process.pid), npm: findNpm(), address };
  for (const end = Date.now() + HANDOVER_SECONDS * 1000; ; await pause(100)) {
    if (tryCreate(us)) return us;
    const holder = readLock();
    if (!holder || !isSameProcess(holder)) {
      setAside();
      continue;
    }
    const isLeaving = holder.npm && !isSameProcess(holder.npm);
    if (!isLeaving || Date.now() > end) {
      throw new PlainProblem(
        `Holdpoint is already running in this folder (process ${holder.pid}) at ${holder.address}; use that one, or stop it first with Ctrl-C or "kill ${holder.pid}".`,
      );
    }
  }
}

export function releaseLock() {
  if (readLock()?.pid === process.pid) rmSync(LOCK, { force: true });
}
