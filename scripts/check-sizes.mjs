// Files, components and routes small enough to read in one go. Functions are the linter's to measure.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const SOURCE = /\.(ts|tsx|mts|mjs|js|jsx|sql)$/;
const EXCLUDED = new Set([
  '.git',
  '.next',
  '.holdpoint',
  'coverage',
  'test-results',
  'playwright-report',
  'prisma/migrations',
  'server/store/generated',
]);
/** The first that matches a file is its limit. */
const LIMITS = [
  {
    what: 'page or route file',
    test: /^app\/.*(page|layout|route|loading|error|not-found|template|default)\.tsx?$/,
    lines: 60,
  },
  { what: 'component', test: /^(components|app)\/.*\.tsx$/, lines: 150 },
  { what: 'file', test: /./, lines: 350 },
];

function* listFiles(folder = '') {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (EXCLUDED.has(path) || entry.name === 'node_modules') continue;
    if (entry.isDirectory()) yield* listFiles(path);
    else if (SOURCE.test(path)) yield path;
  }
}

const linesOf = (file) => readFileSync(join(root, file), 'utf8').trimEnd().split('\n').length;

const tooLong = [...listFiles()].flatMap((file) => {
  const limit = LIMITS.find(({ test }) => test.test(file));
  const lines = linesOf(file);
  return lines > limit.lines ? [`${file}: ${lines} lines; a ${limit.what} ends at ${limit.lines}`] : [];
});
for (const line of tooLong) process.stderr.write(`${line}\n`);
process.exitCode = tooLong.length > 0 ? 1 : 0;
