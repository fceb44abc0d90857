import type { Browser } from '@playwright/test';
import { Agent } from './fixtures/agent';
import { personNamed } from './fixtures/demo';
import { inList, planRaise, planRun } from './fixtures/plans';
import { ReviewPage } from './fixtures/review-page';
import { signIn } from './fixtures/sign-in';
import { expect, test } from './fixtures/test';
import { visit } from './fixtures/visit';

type Halt = { haltId: string; liftedAt: string | null };

test.describe.configure({ mode: 'serial' });

/** Whatever a journey that failed left halted: nobody else’s work may stand still because of it. Nobody lifts alone what they halted. */
test.afterEach(async ({ browser, baseURL }) => {
  for (const name of ['Tomas', 'Ingrid'] as const) await liftAll(browser, baseURL, name);
});

async function liftAll(
  browser: Browser,
  baseURL: string | undefined,
  name: 'Tomas' | 'Ingrid',
): Promise<void> {
  const page = await browser.newPage(baseURL === undefined ? {} : { baseURL });
  await signIn(page, personNamed(name));
  const listed = (await (await page.request.get('/api/trpc/halt.list')).json()) as {
    result: { data: Halt[] };
  };
  for (const { haltId } of listed.result.data.filter(({ liftedAt }) => liftedAt === null)) {
    await page.request.post('/api/trpc/halt.lift', {
      headers: { origin: baseURL ?? '' },
      data: { haltId, reason: 'The journey is over.' },
    });
  }
  await page.close();
}

test('a halt from the header stops everything for everybody at once, until a security lead lifts it', async ({
  agent,
  company,
  as,
}) => {
  const { actionId, person } = await planRaise(agent, company);
  const safeAgain = `The faulty condition behind ${actionId} is fixed.`;
  const lee = await new ReviewPage(await as('Lee')).open(actionId);
  const ana = await as('Ana');
  await visit(ana, '/inbox');
  await ana.getByRole('button', { name: 'Halt' }).click();
  const dialog = ana.getByRole('dialog', { name: 'Halt' });
  await expect(dialog).toContainText('No action will be released or executed until a person lifts it.');
  await dialog.getByLabel('Why').fill('It deletes far more than its goal says.');
  await dialog.getByRole('button', { name: 'Halt everything' }).click();
  await expect(dialog).toBeHidden();

  const words = 'Everything is halted by Ana Ruiz';
  await expect(lee.page.getByRole('alert').filter({ hasText: words })).toBeVisible();
  for (const path of ['/inbox', '/audit', '/halts', '/agents', '/targets', '/people', '/tools']) {
    await ana.goto(path);
    const banner = ana.getByRole('alert').filter({ hasText: words });
    await expect(banner).toContainText('It deletes far more than its goal says.');
  }

  await lee.approve();
  await expect(lee.bar.getByRole('alert')).toHaveText(
    'A halt is in force: nothing can be approved until it is lifted. Rejecting still works.',
  );
  await agent.seesHeld(actionId);
  expect(await company.salaries([person.id])).toEqual([person.salary]);
  const refused = await agent.trySubmit({ args: { statement: 'SELECT count(*) FROM departments' } });
  expect(refused).toMatchObject({ code: 'halted' });

  await visit(ana, '/halts');
  await expect(ana.getByText('Owners and security leads can lift a halt.')).toBeVisible();
  await expect(ana.getByRole('button', { name: 'Lift…' })).toHaveCount(0);

  const tomas = await as('Tomas');
  await visit(tomas, '/halts');
  await tomas.getByRole('button', { name: 'Lift…' }).click();
  const lift = tomas.getByRole('dialog', { name: 'Lift the halt of everything' });
  await lift.getByLabel('Why it is safe again').fill(safeAgain);
  await lift.getByRole('button', { name: 'Lift the halt' }).click();
  for (const page of [ana, lee.page, tomas]) {
    await expect(page.getByRole('alert').filter({ hasText: 'is halted' })).toHaveCount(0);
  }
  await expect(tomas.getByRole('listitem').filter({ hasText: safeAgain })).toContainText(
    'Lifted by Tomas Okafor',
  );

  await lee.open(actionId);
  await lee.approve();
  await expect(lee.page.getByText('Done, exactly as approved')).toBeVisible();
});

test('halting one agent from the header leaves the others at work', async ({ agent, company, as }) => {
  const people = await company.hire();
  const janitor = new Agent('data-janitor');
  const ana = await as('Ana');
  await visit(ana, '/inbox');
  await ana.getByRole('button', { name: 'Halt' }).click();
  const dialog = ana.getByRole('dialog', { name: 'Halt' });
  await dialog.getByRole('radio', { name: 'One agent' }).check();
  await dialog.getByLabel('Agent', { exact: true }).selectOption('data-janitor');
  await dialog.getByLabel('Why').fill('Its prompt was tampered with.');
  await dialog.getByRole('button', { name: 'Halt data-janitor' }).click();
  await expect(
    ana.getByRole('alert').filter({ hasText: 'data-janitor is halted by Ana Ruiz' }),
  ).toBeVisible();

  const read = `SELECT id, job_title FROM employees WHERE id IN (${inList(people)})`;
  expect(await janitor.trySubmit({ args: { statement: read } })).toMatchObject({ code: 'halted' });
  expect((await agent.sql(read)).status).toBe('succeeded');
});

test('a run is halted from its page, alone and with a reason, by whoever reviews', async ({
  agent,
  company,
  as,
}) => {
  const { runId, person } = await planRun(agent, company);
  const page = await as('Priya');
  await page.goto(`/runs/${runId}`);
  await page.getByRole('button', { name: 'Halt this run…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Halt' });
  await expect(dialog.getByRole('radio', { name: 'This run' })).toBeChecked();
  await dialog.getByLabel('Why').fill('It raises the wrong person.');
  await dialog.getByRole('button', { name: 'Halt this run' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('halted');
  await expect(page.getByRole('main')).toContainText('Priya Nair');
  await expect(
    page.getByRole('alert').filter({ hasText: 'A run (its goal: “Raise one person.' }),
  ).toBeVisible();
  expect(await agent.trySubmit({ runId, args: { statement: 'SELECT 1' } })).toMatchObject({ code: 'halted' });
  expect((await agent.sql(`SELECT id, job_title FROM employees WHERE id = ${person.id}`)).status).toBe(
    'succeeded',
  );
  const auditor = await as('Ruth');
  await auditor.goto(`/runs/${runId}`);
  await expect(auditor.getByRole('heading', { level: 1 })).toContainText('halted');
  await expect(auditor.getByRole('button', { name: 'Halt this run…' })).toHaveCount(0);
});

test('a tool is halted from its page by a security lead, who has to leave the lifting to somebody else', async ({
  agent,
  company,
  as,
}) => {
  const person = (await company.hire())[0];
  const tomas = await as('Tomas');
  await visit(tomas, '/tools');
  await tomas.getByRole('link', { name: 'company.sql' }).first().click();
  await tomas.getByRole('button', { name: 'Halt…' }).click();
  const dialog = tomas.getByRole('dialog', { name: 'Halt' });
  await expect(dialog.getByRole('radio', { name: 'One tool' })).toBeChecked();
  await dialog.getByLabel('Why').fill('Its database is being moved.');
  await dialog.getByRole('button', { name: 'Halt company.sql' }).click();
  await expect(tomas.getByRole('link', { name: 'Halted' })).toBeVisible();
  const read = { args: { statement: `SELECT job_title FROM employees WHERE id = ${person?.id ?? 0}` } };
  expect(await agent.trySubmit(read)).toMatchObject({ code: 'halted' });

  await tomas.getByRole('link', { name: 'Halted' }).click();
  const halted = (page: typeof tomas) =>
    page.getByRole('listitem').filter({ hasText: 'company.sql' }).first();
  await expect(halted(tomas)).toContainText('somebody else lifts it: Ingrid Halvorsen');
  await expect(tomas.getByRole('button', { name: 'Lift…' })).toHaveCount(0);
  const ingrid = await as('Ingrid');
  await visit(ingrid, '/halts');
  await halted(ingrid).getByRole('button', { name: 'Lift…' }).click();
  const lift = ingrid.getByRole('dialog', { name: 'Lift the halt of company.sql' });
  await lift.getByLabel('Why it is safe again').fill('The move is over.');
  await lift.getByRole('button', { name: 'Lift the halt' }).click();
  await expect(halted(tomas)).toContainText('Lifted by Ingrid Halvorsen');
  expect((await agent.sql(read.args.statement)).status).toBe('succeeded');
});
