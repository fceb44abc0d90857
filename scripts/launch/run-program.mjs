import { spawn } from 'node:child_process';
import { PlainProblem } from '../plain-problem.mjs';
import { ROOT } from './paths.mjs';

const running = new Set();

/** Ends every program a step of the start is waiting for; used when the start itself is interrupted. */
export function stopPrograms() {
  for (const child of running) child.kill('SIGTERM');
}

/** Runs a program quietly and resolves with what it printed; shows it only when the program fails. */
export function runProgram(command, args, { env = {}, failed, advice = 'what it said is above' }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output = (output + text).slice(-200_000);
      });
    }
    child.once('error', reject);
    child.once('close', (code, signal) => {
      running.delete(child);
      if (code === 0) resolve(output);
      else reject(explainFailure(output, { failed, advice, how: signal ?? code }));
    });
  });
}

function explainFailure(output, { failed, advice, how }) {
  if (/ENOSPC|No space left on device/.test(output)) {
    return new PlainProblem(`${failed}: the disk is full. Free some space and start again.`);
  }
  if (/EACCES|EPERM|EROFS/.test(output)) {
    return new PlainProblem(
      `${failed}: a folder is not writable. Make this checkout writable for your user and start again.`,
    );
  }
  // npm adds its whole manual to some errors.
  const end = output
    .replace(/^npm error Clean install a project[\s\S]*/m, '')
    .trim()
    .split('\n')
    .slice(-25)
    .join('\n');
  return new PlainProblem(`${end}\n\n${failed} (${how}); ${advice}.`);
}
