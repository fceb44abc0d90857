// Optional packages for other platforms (compilers, linters) belong in the lock file even when the registry npm wrote it from did
// not have them: `npm ci` refuses a lock file without them, on every platform. With --write this adds what is missing, else it says so.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const file = join(import.meta.dirname, '../package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8'));
const SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'];
const PROCESSORS = ['arm64', 'arm', 'ia32', 'ppc64', 'riscv64', 's390x', 'x64'];

/** Where Node would look for a dependency of the package at this path. */
function isPresent(path, name) {
  for (let place = path; ; place = place.slice(0, place.lastIndexOf('/node_modules/'))) {
    if (lock.packages[`${place}/node_modules/${name}`]) return true;
    if (!place.includes('/node_modules/')) return Boolean(lock.packages[`node_modules/${name}`]);
  }
}

/** What the name of a platform's package says about where it runs: enough for npm to leave it out elsewhere. */
function entryFor(name, version, dev) {
  const words = name.split(/[/-]/);
  const os = SYSTEMS.find((system) => words.includes(system));
  const cpu = PROCESSORS.find((processor) => words.includes(processor));
  if (!os || !cpu || !/^\d/.test(version)) return null;
  const libc = words.some((word) => word.startsWith('musl'))
    ? 'musl'
    : words.some((word) => word.startsWith('gnu'))
      ? 'glibc'
      : null;
  return {
    version,
    cpu: [cpu],
    ...(dev ? { dev: true } : {}),
    ...(os === 'linux' && libc ? { libc: [libc] } : {}),
    optional: true,
    os: [os],
  };
}

const missing = Object.entries(lock.packages).flatMap(([path, meta]) =>
  Object.entries(meta.optionalDependencies ?? {})
    .filter(([name]) => path !== '' && !isPresent(path, name))
    .map(([name, version]) => ({ name, of: path, entry: entryFor(name, version, meta.dev) })),
);
const unclear = missing.filter(({ entry }) => entry === null);

if (process.argv.includes('--write') && missing.length > unclear.length) {
  for (const { name, entry } of missing) if (entry) lock.packages[`node_modules/${name}`] = entry;
  const sorted = Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1));
  lock.packages = Object.fromEntries(sorted);
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
}

/** Dependencies that package.json asks for and the lock file does not know in that version: one was committed without the other. */
const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8'));
const unlocked = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
  ([name, version]) => lock.packages[`node_modules/${name}`]?.version !== version,
);
for (const [name, version] of unlocked) {
  process.stderr.write(
    `package-lock.json lacks ${name} ${version}, which package.json names; run npm install and commit both\n`,
  );
}

const left = process.argv.includes('--write') ? unclear : missing;
for (const { name, of } of left) process.stderr.write(`package-lock.json lacks ${name}, which ${of} names\n`);
if (left.length > 0 && !process.argv.includes('--write')) {
  process.stderr.write('Run: node scripts/complete-lockfile.mjs --write\n');
}
process.exitCode = left.length + unlocked.length > 0 ? 1 : 0;
