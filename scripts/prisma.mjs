// Prisma's command line with everything it would otherwise fetch or report turned off: node scripts/prisma.mjs migrate deploy
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

export const PRISMA_ENVIRONMENT = {
  PRISMA_SCHEMA_ENGINE_BINARY: join(import.meta.dirname, 'schema-engine.mjs'),
  CHECKPOINT_DISABLE: '1',
  PRISMA_HIDE_UPDATE_MESSAGE: '1',
};

/** Runs one command and returns its exit code and output; `inherit` shows the output as it comes instead. */
export function runPrisma(args, { env = {}, inherit = false } = {}) {
  const done = spawnSync(process.execPath, [join(root, 'node_modules/prisma/build/index.js'), ...args], {
    cwd: root,
    env: { ...process.env, ...PRISMA_ENVIRONMENT, ...env },
    encoding: 'utf8',
    stdio: inherit ? 'inherit' : ['ignore', 'pipe', 'pipe'],
  });
  return { code: done.status ?? 1, output: `${done.stdout ?? ''}${done.stderr ?? ''}` };
}

if (process.argv[1] === import.meta.filename) {
  process.exitCode = runPrisma(process.argv.slice(2), { inherit: true }).code;
}
