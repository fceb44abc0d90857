import type { Page } from '@playwright/test';
import { erase, raise } from './fixtures/plans';
import { ReviewPage } from './fixtures/review-page';
import { expect, test } from './fixtures/test';
import { visit } from './fixtures/visit';

/** Every byte of text the server sends to this page, pages and API alike. */
function everythingSentTo(page: Page): () => Promise<string> {
  const bodies: Promise<string>[] = [];
  page.on('response', (response) => {
    // The stream never ends and carries ids only; what is static is the same for everybody.
    if (/\/api\/stream|\/_next\/static/.test(response.url())) return;
    bodies.push(response.text().catch(() => ''));
  });
  return async () => (await Promise.all(bodies)).join('\n');
}

const NOTE = 'recovering from a burnout';

test('a reviewer without clearance never receives a single guarded value, on no page and in no answer', async ({
  agent,
  company,
  as,
}) => {
  const people = await company.hire({
    count: 2,
    salary: 71_234,
    payslips: 2,
    doctorNote: NOTE,
    leftOn: '2020-02-01',
  });
  const [raised, erased] = [await raise(agent, people), await erase(agent, people)];
  const page = await as('Mia');
  const sent = everythingSentTo(page);
  const review = await new ReviewPage(page).open(raised.actionId);
  const grid = review.rows('public.employees, update');
  await expect(grid.getByText('withheld').first()).toBeVisible();
  await expect(grid.getByText('Caretaker').first()).toBeVisible();
  await expect(review.card('The data')).toContainText('Outside your clearance');
  await expect(page.getByRole('button', { name: 'Reveal…' })).toHaveCount(0);
  await review.open(erased.actionId);
  for (const table of ['employees', 'payslips', 'absences']) {
    await page.getByRole('tab', { name: new RegExp(`^${table} · delete`) }).click();
    await expect(review.rows(`public.${table}, delete`).getByText('withheld').first()).toBeVisible();
  }
  for (const path of ['/inbox?view=held', '/audit']) {
    await page.goto(path);
    await expect(page.getByRole('status', { name: /^Loading/ })).toHaveCount(0);
  }
  const everything = await sent();
  expect(everything.length).toBeGreaterThan(10_000);
  const guarded = people.flatMap(({ name, salary }) => [
    name,
    salary,
    String(Number(salary) + 105.5),
    `NO93${name.slice(7)}`,
  ]);
  for (const value of [...guarded, NOTE, '2100.00']) expect(everything).not.toContain(value);
});

test('a reviewer who is not cleared still decides on what they see', async ({ agent, company, as }) => {
  const people = await company.hire();
  const { actionId } = await raise(agent, people);
  const review = await new ReviewPage(await as('Mia')).open(actionId);
  await review.refuse('Reject', 'Somebody who sees salaries has to look at this.');
  expect(await agent.ending(actionId)).toMatchObject({ status: 'rejected' });
});

test('health data is masked even for the cleared until they say why, for them alone and on the record', async ({
  agent,
  company,
  as,
}) => {
  const people = await company.hire({ salary: 5100, doctorNote: NOTE, leftOn: '2020-02-01' });
  const { actionId } = await erase(agent, people);
  const page = await as('Ana');
  const sent = everythingSentTo(page);
  const review = await new ReviewPage(page).open(actionId);
  await expect(review.rows('public.employees, delete')).toContainText('5101.00');
  await page.getByRole('tab', { name: /^absences · delete/ }).click();
  const absences = review.rows('public.absences, delete');
  await expect(absences.getByRole('button', { name: 'masked, reveal' }).first()).toBeVisible();
  expect(await sent()).not.toContain(NOTE);

  await page.getByRole('button', { name: 'Reveal…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Reveal masked values' });
  const confirm = dialog.getByRole('button', { name: 'Reveal and record' });
  await expect(confirm).toBeDisabled();
  const reason = `Checking the retention claim of ${actionId}`;
  await dialog.getByLabel('Why you need to see them').fill(reason);
  await confirm.click();
  await expect(dialog).toBeHidden();
  await expect(absences).toContainText(NOTE);
  await expect(review.card('The data')).toContainText('Revealed, on record');

  const ruth = await as('Ruth');
  await visit(ruth, '/audit?kind=data.');
  await expect(ruth.getByRole('listitem').filter({ hasText: reason })).toContainText('Ana Ruiz');

  const lee = await as('Lee');
  const sentToLee = everythingSentTo(lee);
  const other = await new ReviewPage(lee).open(actionId);
  await lee.getByRole('tab', { name: /^absences · delete/ }).click();
  await expect(
    other.rows('public.absences, delete').getByRole('button', { name: 'masked, reveal' }).first(),
  ).toBeVisible();
  expect(await sentToLee()).not.toContain(NOTE);
});
