// The parts of `npm test` and how the truth about each is read: from the runners' own reports, never from their exit code alone.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { CHECKS, runCheck } from './checks.mjs';
import { ensureBrowser } from './find-browser.mjs';
import { ensureBuild } from './launch/install.mjs';
import { green, red, say } from './launch/narrate.mjs';
import { inRoot, ROOT } from './launch/paths.mjs';
import { fromLine, fromPlaywright, fromVitest, nothing, settle } from './test-totals.mjs';

const REPORTS = inRoot('node_modules/.cache/holdpoint/reports');

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

/** Says what a number alone would hide: the failure that no test reported. */
function conclude(totals, code) {
  const settled = settle(totals, code);
  if (settled !== totals)
    say(red(code === 0 ? 'No test was executed.' : `The runner failed (code ${code}) although no test did.`));
  return settled;
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
  return conclude(fromVitest(readReport(file)), code);
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
      const totals = fromLine(output.trim().split('\n').at(-1) ?? '');
      resolve(conclude(totals, code ?? 1));
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
  return conclude(fromPlaywright(readReport(file)), code);
}
