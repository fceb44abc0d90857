import { defineConfig } from '@playwright/test';
import { ensureBrowser } from './scripts/find-browser.mjs';

const PORT = Number(process.env.HOLDPOINT_TEST_PORT ?? 3190);
const url = `http://localhost:${PORT}`;
/** Found once; the workers read this file again and inherit the answer. */
process.env.HOLDPOINT_BROWSER ??= await ensureBrowser();

/** What Chromium would do on its own account: talk to its maker, wait for a graphics card, fill a small /dev/shm. */
const QUIET = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results/browser',
  forbidOnly: !!process.env.CI,
  retries: 0,
  workers: 2,
  // A bound for journeys that hang, never a measure of speed: the machine may be busy with other things.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  use: {
    baseURL: url,
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    viewport: { width: 1440, height: 900 },
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.HOLDPOINT_BROWSER,
      // Chromium's sandbox refuses to run as root; for everybody else it stays on.
      chromiumSandbox: process.getuid?.() !== 0,
      args: QUIET,
    },
  },
  projects: [
    // Halting everything would stop the journeys beside it, so it runs when they are over, whether or not they passed.
    { name: 'sign-in', testMatch: 'everybody.setup.ts', teardown: 'halt' },
    { name: 'journeys', testIgnore: 'halt.spec.ts', dependencies: ['sign-in'] },
    { name: 'halt', testMatch: 'halt.spec.ts' },
  ],
  webServer: {
    command: `node scripts/serve-for-browser-tests.mjs`,
    url: `${url}/readyz`,
    env: { PORT: String(PORT) },
    reuseExistingServer: !process.env.CI,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 20_000 },
    timeout: 600_000,
  },
});
