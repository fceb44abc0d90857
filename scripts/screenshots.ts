// `npm run screenshots`: every page of the running demo in both themes, at 1440 and 390 px, as pictures to look at one by one.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Browser, chromium, type Page } from '@playwright/test';
import { createAgentClient } from './demo-agent/agent-client';
import { ensureBrowser } from './find-browser.mjs';

const root = join(import.meta.dirname, '..');
const demoFile = join(resolve(root, process.env.HOLDPOINT_DATA ?? '.holdpoint'), 'demo.json');
const folder = join(root, 'screenshots');
const THEMES = ['light', 'dark'] as const;
const WIDTHS = [1440, 390] as const;
const HEIGHT = 900;
/** Taller pages are cut: a picture nobody scrolls through shows nothing. */
const TALLEST = 2_400;

type Demo = {
  url: string;
  reviewers: { name: string; email: string; password: string; roles: string[] }[];
  agents: { name: string; key: string }[];
};

const PAGES: readonly [name: string, path: string][] = [
  ['home', '/home'],
  ['inbox', '/inbox'],
  ['inbox-others', '/inbox?view=others'],
  ['inbox-held', '/inbox?view=held'],
  ['inbox-decided', '/inbox?view=decided'],
  ['runs', '/runs'],
  ['audit', '/audit'],
  ['halts', '/halts'],
  ['grants', '/grants'],
  ['mandate-templates', '/grants?view=templates'],
  ['drills', '/drills'],
  ['policy', '/policy'],
  ['agents', '/agents'],
  ['targets', '/targets'],
  ['tools', '/tools'],
  ['tool-new', '/tools/new'],
  ['tools-import', '/tools/import'],
  ['people', '/people'],
  ['groups', '/people?view=groups'],
  ['directory', '/directory'],
  ['deliveries', '/deliveries'],
  ['account', '/account'],
];
/** Pages of one thing, reached from the list it is in. */
const DETAILS: readonly [name: string, list: string, thing: string][] = [
  ['agent', '/agents', 'payroll-assistant'],
  ['target', '/targets', 'company'],
  ['tool', '/tools', 'company.sql'],
  ['person', '/people', 'Ana Ruiz'],
];

function readDemo(): Demo {
  if (existsSync(demoFile)) return JSON.parse(readFileSync(demoFile, 'utf8')) as Demo;
  process.stderr.write(
    'There is no demo yet: run npm start in another terminal and wait until it is ready, then try again.\n',
  );
  return process.exit(1);
}

async function signIn(page: Page, demo: Demo): Promise<void> {
  const lead = demo.reviewers.find((person) => person.roles.includes('security_lead'));
  if (!lead) throw new Error('The demo has no security lead.');
  await page.goto('/sign-in', { waitUntil: 'networkidle' });
  await page.getByLabel('E-mail address').fill(lead.email);
  await page.getByLabel('Password', { exact: true }).fill(lead.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/inbox*');
}

/** One run with a read that flows and changes of three sizes that wait. */
async function plan(demo: Demo): Promise<{ runId: string; actionIds: string[] }> {
  const key = demo.agents.find((agent) => agent.name === 'payroll-assistant')?.key ?? '';
  const agent = createAgentClient(demo.url, key);
  const { runId } = await agent.startRun({ goal: 'Month-end payroll: correct what the sheet says.' });
  const statements = [
    'SELECT id, job_title FROM employees WHERE id <= 5',
    "UPDATE employees SET job_title = 'Analyst II' WHERE id = 21",
    'UPDATE employees SET salary = salary + 50 WHERE id BETWEEN 20 AND 60',
    'DELETE FROM employees WHERE id BETWEEN 70 AND 75',
  ];
  const actionIds: string[] = [];
  for (const [i, statement] of statements.entries()) {
    const idempotencyKey = `screenshots ${Date.now()} ${i}`;
    const args = { statement };
    const reason = 'As the pay round sheet of this month says.';
    const { actionId } = await agent.submit({ runId, tool: 'company.sql', args, reason, idempotencyKey });
    await agent.wait({ actionId, waitSeconds: 2 });
    actionIds.push(actionId);
  }
  return { runId, actionIds };
}

async function shoot(page: Page, name: string, width: number): Promise<void> {
  await page.waitForTimeout(400);
  const tall = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width, height: Math.min(TALLEST, Math.max(HEIGHT, tall)) });
  await page.waitForTimeout(100);
  await page.screenshot({ path: join(folder, `${name}.png`) });
  await page.setViewportSize({ width, height: HEIGHT });
}

async function shootAll(browser: Browser, demo: Demo, paths: readonly (readonly [string, string])[]) {
  for (const colorScheme of THEMES) {
    for (const width of WIDTHS) {
      const viewport = { width, height: HEIGHT };
      const context = await browser.newContext({
        baseURL: demo.url,
        colorScheme,
        viewport,
        reducedMotion: 'reduce',
      });
      const page = await context.newPage();
      const suffix = `${width}-${colorScheme}`;
      await page.goto('/sign-in');
      await shoot(page, `sign-in-${suffix}`, width);
      await signIn(page, demo);
      for (const [name, path] of paths) {
        await page.goto(path, { waitUntil: 'load' });
        await page.getByRole('heading', { level: 1 }).first().waitFor();
        await shoot(page, `${name}-${suffix}`, width);
      }
      for (const [name, list, thing] of DETAILS) {
        await page.goto(list);
        await page.getByRole('main').getByRole('link', { name: thing, exact: true }).first().click();
        await page.getByRole('heading', { level: 1, name: thing }).waitFor();
        await shoot(page, `${name}-${suffix}`, width);
      }
      await context.close();
      process.stdout.write(`  ${colorScheme} at ${width} px\n`);
    }
  }
}

const demo = readDemo();
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const { runId, actionIds } = await plan(demo);
const browser = await chromium.launch({
  executablePath: await ensureBrowser(),
  chromiumSandbox: process.getuid?.() !== 0,
});
try {
  const actions = actionIds.map((id, i) => [`action-${i + 1}`, `/actions/${id}`] as const);
  await shootAll(browser, demo, [...PAGES, ...actions, ['run', `/runs/${runId}`]]);
} finally {
  await browser.close();
}
process.stdout.write(`Pictures are in ${folder}\n`);
