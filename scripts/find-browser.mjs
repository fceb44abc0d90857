// A Chromium to test with: Playwright's own where it is installed, else the system's, else one that can be installed.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { step } from './launch/narrate.mjs';
import { inRoot } from './launch/paths.mjs';
import { runProgram } from './launch/run-program.mjs';
import { PlainProblem } from './plain-problem.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function findSystemBrowser() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const candidates = [...NAMES.flatMap((name) => folders.map((folder) => join(folder, name))), ...MAC];
  return candidates.find((path) => isProgram(path) && spawnSync(path, ['--version']).status === 0) ?? null;
}

async function findPlaywrightBrowser() {
  const { chromium } = await import('@playwright/test');
  const path = chromium.executablePath();
  return existsSync(path) ? path : null;
}

const tryStep = async (label, work) => {
  try {
    await step(label, work);
  } catch (error) {
    if (!(error instanceof PlainProblem)) throw error;
  }
};

const installFromPlaywright = () =>
  tryStep('Installing a browser from Playwright', () =>
    runProgram(process.execPath, [inRoot('node_modules/@playwright/test/cli.js'), 'install', 'chromium'], {
      failed: 'Playwright could not install its browser',
    }),
  );

const installFromSystem = () =>
  tryStep('Installing a browser from the system', async () => {
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    const failed = 'apt-get could not install chromium';
    await runProgram('apt-get', ['update'], { env, failed });
    await runProgram('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], { env, failed });
  });

/** The path of a browser that runs here. Rejects with a sentence when there is none and none can be installed. */
export async function ensureBrowser() {
  const present = (await findPlaywrightBrowser()) ?? findSystemBrowser();
  if (present) return present;
  await installFromPlaywright();
  const own = await findPlaywrightBrowser();
  if (own) return own;
  const mayUseApt = process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0;
  if (mayUseApt) await installFromSystem();
  const system = findSystemBrowser();
  if (system) return system;
  throw new PlainProblem(
    'No Chromium was found and none could be installed; install Chromium or Google Chrome, or run "npx playwright install chromium", and test again.',
  );
}
