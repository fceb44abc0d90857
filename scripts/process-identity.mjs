import { spawnSync } from 'node:child_process';
import { readFileSync, readlinkSync, realpathSync } from 'node:fs';

/** True while a process with this id exists, whoever owns it. */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function ps(pid, field) {
  const answer = spawnSync('ps', ['-o', `${field}=`, '-p', String(pid)], { encoding: 'utf8' });
  return answer.status === 0 ? answer.stdout.trim() : '';
}

/** Fields of /proc/<pid>/stat after the command, which may itself hold spaces and brackets; null where there is no /proc. */
function procStat(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

/**
 * Names one life of a process: ids are reused, an id with its start time is not. Null when it has ended.
 * A file that stores this can be trusted after a crash or a reboot.
 */
export function processIdentity(pid) {
  if (!isAlive(pid)) return null;
  const stat = procStat(pid);
  if (stat) return stat[0] === 'Z' ? null : { pid, started: `${bootId()}:${stat[19]}` };
  const started = ps(pid, 'lstart');
  return started ? { pid, started } : null;
}

function bootId() {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}

/** True when the very process that was recorded still runs. */
export function isSameProcess(recorded) {
  if (!Number.isInteger(recorded?.pid)) return false;
  const now = processIdentity(recorded.pid);
  return now !== null && now.started === recorded.started;
}

/** The parent of a process, or null when it is gone. */
export function parentOf(pid) {
  const stat = procStat(pid);
  const parent = stat ? Number(stat[1]) : Number(ps(pid, 'ppid'));
  return parent > 0 ? parent : null;
}

/** The program a process runs, as far as the system tells. */
export function commandOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return ps(pid, 'command');
  }
}

/** Whether this process is a PostgreSQL server working in this data folder. */
export function isPostgresIn(pid, dataDir) {
  if (!isAlive(pid)) return false;
  const command = commandOf(pid);
  if (!/(^|\/)postgres(\s|$)/.test(command)) return false;
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(dataDir);
  } catch {
    return command.includes(dataDir);
  }
}
