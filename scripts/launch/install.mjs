// Brings packages, the generated database client and the built pages in line with the checkout, and does nothing when they are.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { step } from './narrate.mjs';
import { inRoot } from './paths.mjs';
import { runProgram } from './run-program.mjs';

/** The schema engine and generator come from the registry; nothing may be fetched from elsewhere, whatever npm's version runs. */
const OFFLINE = {
  PRISMA_SCHEMA_ENGINE_BINARY: inRoot('scripts/schema-engine.mjs'),
  CHECKPOINT_DISABLE: '1',
  NEXT_TELEMETRY_DISABLED: '1',
};
const BUILD_INPUTS = [
  'app',
  'components',
  'server',
  'packages',
  'public',
  'next.config.js',
  'postcss.config.mjs',
  'tsconfig.json',
  'package-lock.json',
  'prisma/models',
];
const NOT_INPUTS = /\.test\.tsx?$|(^|\/)(generated|testing|node_modules)(\/|$)/;

const readJson = (path) => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null);

/** npm writes what it really installed beside the packages; the lock file says what it should have. */
function isInstalled() {
  const wanted = readJson(inRoot('package-lock.json'))?.packages ?? {};
  const present = readJson(inRoot('node_modules/.package-lock.json'))?.packages;
  if (!present) return false;
  return Object.entries(wanted).every(
    ([path, meta]) => path === '' || meta.optional || meta.link || present[path]?.version === meta.version,
  );
}

function* filesIn(path) {
  const entry = statSync(inRoot(path), { throwIfNoEntry: false });
  if (!entry || NOT_INPUTS.test(path)) return;
  if (entry.isFile()) yield path;
  else if (entry.isDirectory()) {
    for (const name of readdirSync(inRoot(path)).sort()) yield* filesIn(join(path, name));
  }
}

function hashOf(paths, extra) {
  const hash = createHash('sha256').update(extra);
  for (const path of paths) {
    for (const file of filesIn(path)) hash.update(`\0${file}\0`).update(readFileSync(inRoot(file)));
  }
  return hash.digest('hex');
}

/**
 * Runs `work` unless `result` exists and the stamp says it was made from these very inputs. The stamp goes first: a run that is
 * interrupted is done again.
 */
async function keepFresh({ result, stamp, hash, force = false }, work) {
  const isFresh = existsSync(result) && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash;
  if (isFresh && !force) return;
  rmSync(stamp, { force: true });
  await work();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, hash);
}

export async function ensurePackages() {
  if (isInstalled()) return;
  const isFirst = !existsSync(inRoot('node_modules'));
  await step(
    isFirst ? 'Installing packages (first start only, about half a minute)' : 'Updating packages',
    () =>
      runProgram('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
        env: { ...OFFLINE, NODE_ENV: '' },
        failed: 'npm could not install the packages',
        advice: 'check that the npm registry can be reached; what npm said is above',
      }),
  );
}

export async function ensureClient() {
  const { version } = readJson(inRoot('node_modules/prisma/package.json'));
  const fresh = {
    result: inRoot('server/store/generated/client.ts'),
    stamp: inRoot('node_modules/.cache/holdpoint/client'),
    hash: hashOf(['prisma/models'], version),
  };
  await keepFresh(fresh, () =>
    step('Generating the database client', () =>
      runProgram(process.execPath, [inRoot('node_modules/prisma/build/index.js'), 'generate'], {
        env: OFFLINE,
        failed: 'Prisma could not generate the database client',
      }),
    ),
  );
}

/** `force` builds even when nothing changed. */
export async function ensureBuild({ force = false } = {}) {
  const fresh = {
    result: inRoot('.next/BUILD_ID'),
    stamp: inRoot('.next/holdpoint-inputs'),
    hash: hashOf(BUILD_INPUTS, process.version),
    force,
  };
  await keepFresh(fresh, () =>
    step('Building the pages', () =>
      runProgram(process.execPath, [inRoot('node_modules/next/dist/bin/next'), 'build'], {
        env: { ...OFFLINE, NODE_ENV: 'production' },
        failed: 'The pages could not be built',
      }),
    ),
  );
}
