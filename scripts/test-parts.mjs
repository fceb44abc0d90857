// The parts of `npm test` and how the truth about each is read: from the runners' own reports, never from their exit code alone.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { CHECKS, runCheck } from './checks.mjs';
import { ensureBrowser } from './find-browser.mjs';
import { ensureBuild } from './launch/install.mjs';
import { green, red, say } from './launch/narrate.mjs';
import { inRoot, ROOT } from './launch/paths.mjs';

const REPORTS = inRoot('node_modules/.cache/holdpoint/reports');
export const nothing = () => ({ passed: 0, failed: 0, skipped: 0 });

function run(script, args, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [inRoot(script), ...args], {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const passOn = (signal) => child.kill(signal);
    process.on('SIGINT', passOn).on('SIGTERM', passOn);
    child.once('close', (code) => {
      process.off('SIGINT', passOn).off('SIGTERM', passOn);
      resolve(code ?? 1);
    });
  });
}

const freshReport = (name) => {
  mkdirSync(REPORTS, { recursive: true });
  const file = `${REPORTS}/${name}.json`;
  rmSync(file, { force: true });
  return file;
};
const readReport = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null);

/** A runner that failed without a failed test, or ran nothing at all, has still failed. */
function settle(totals, code) {
  const ranNothing = totals.passed + totals.failed === 0;
  if (totals.failed === 0 && (code !== 0 || ranNothing)) {
    say(red(ranNothing ? 'No test was executed.' : `The runner failed (code ${code}) although no test did.`));
    return { ...totals, failed: 1 };
  }
  return totals;
}

export async function runChecks() {
  const totals = nothing();
  for (const check of CHECKS) {
    const { passed, output } = await runCheck(check);
    totals[passed ? 'passed' : 'failed'] += 1;
    say(`  ${passed ? green('✓') : red('✗')} ${check.name}`);
    if (!passed) say(output.trimEnd());
  }
  return totals;
}

export async function runVitest(project) {
  const file = freshReport(project);
  const args = [
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ];
  const code = await run('node_modules/vitest/vitest.mjs', args);
  const report = readReport(file);
  // A file that could not be loaded holds no tests to fail: it counts as one.
  const unloaded = (report?.testResults ?? []).filter(
    (result) =>
      result.status === 'failed' && !result.assertionResults.some((test) => test.status === 'failed'),
  );
  return settle(
    {
      passed: report?.numPassedTests ?? 0,
      failed: (report?.numFailedTests ?? 0) + unloaded.length,
      skipped: (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0),
    },
    code,
  );
}

export async function runBuild() {
  await ensureBuild();
  return { ...nothing(), passed: 1 };
}

/** One test for each case: the runner prints the same last line as `.ci/run`. */
export function runPolicyCases() {
  return new Promise((resolve) => {
    const child = spawn('npm', ['run', '--silent', 'policy:test'], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
      process.stdout.write(text);
    });
    child.once('close', (code) => {
      const totals = nothing();
      const last = output.trim().split('\n').at(-1) ?? '';
      for (const [, count, kind] of last.matchAll(/(\d+) (passed|failed|skipped)/g))
        totals[kind] = Number(count);
      resolve(settle(totals, code ?? 1));
    });
  });
}

export async function runBrowser() {
  const browser = await ensureBrowser();
  const file = freshReport('browser');
  const code = await run('node_modules/@playwright/test/cli.js', ['test', '--reporter=list,json'], {
    PLAYWRIGHT_JSON_OUTPUT_FILE: file,
    HOLDPOINT_BROWSER: browser,
  });
  const stats = readReport(file)?.stats;
  // A test that passes only when tried again has failed.
  return settle(
    {
      passed: stats?.expected ?? 0,
      failed: (stats?.unexpected ?? 0) + (stats?.flaky ?? 0),
      skipped: stats?.skipped ?? 0,
    },
    code,
  );
}
