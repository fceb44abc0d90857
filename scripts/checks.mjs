// Every rule of the project is a tool's. Each check counts as one, and all of them run even when one fails.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const bin = (name) => join(root, 'node_modules/.bin', name);

export const CHECKS = [
  { name: 'types', say: 'the compiler accepts every file', command: [bin('tsc'), '--noEmit', '-p', '.'] },
  {
    name: 'lint',
    say: 'formatting and lint rules hold (npx biome check --write fixes most)',
    command: [bin('biome'), 'check', '.'],
  },
  {
    name: 'arrows',
    say: 'nobody imports against the arrows of the architecture',
    command: [
      bin('depcruise'),
      '--config',
      '.dependency-cruiser.cjs',
      'app',
      'components',
      'server',
      'scripts',
      'prisma',
    ],
  },
  {
    name: 'dead code',
    say: 'nothing is exported, installed or kept for nobody',
    command: [bin('knip'), '--no-progress'],
  },
  {
    name: 'sizes',
    say: 'files, components and routes stay readable',
    command: [process.execPath, 'scripts/check-sizes.mjs'],
  },
  {
    name: 'lock file',
    say: 'npm ci works on every platform, whatever registry wrote the lock file',
    command: [process.execPath, 'scripts/complete-lockfile.mjs'],
  },
];

/** Runs one check and resolves with whether it passed and everything it printed. */
export function runCheck({ command: [program, ...args] }) {
  return new Promise((resolve) => {
    if (program !== process.execPath && !existsSync(program)) {
      resolve({ passed: false, output: `${program} is not installed; run npm ci.` });
      return;
    }
    const child = spawn(program, args, {
      cwd: root,
      env: { ...process.env, NO_COLOR: '1' },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    child.once('error', (error) => resolve({ passed: false, output: error.message }));
    child.once('close', (code) => resolve({ passed: code === 0, output }));
  });
}
