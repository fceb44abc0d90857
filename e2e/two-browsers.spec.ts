import type { Page } from '@playwright/test';
import { personNamed } from './fixtures/demo';
import { erase, planLargeErasure, planRaise } from './fixtures/plans';
import { ReviewPage } from './fixtures/review-page';
import { signIn } from './fixtures/sign-in';
import { expect, test } from './fixtures/test';
import { visit } from './fixtures/visit';

test('beyond the bound two people decide, neither seeing the other’s answer before giving their own', async ({
  agent,
  company,
  as,
}) => {
  const { actionId, ids } = await planLargeErasure(agent, company);
  const waiting = agent.ending(actionId);
  const [ana, lee] = [new ReviewPage(await as('Ana')), new ReviewPage(await as('Lee'))];
  await ana.open(actionId);
  await lee.open(actionId);
  await expect(lee.bar).toContainText('0 of 2 approvals');

  await ana.approve();
  await expect(ana.bar).toContainText('You approved.');
  await expect(ana.bar.getByRole('button', { name: 'Approve' })).toBeHidden();
  await expect(lee.bar).toContainText('1 of 2 approvals');
  await expect(lee.card('Why it was held')).toContainText('One person has decided. Who and how stays hidden');
  await expect(lee.card('What happened so far')).toContainText('Somebody decided');
  await expect(lee.page.getByText(/Ana Ruiz (approved|decided)/)).toHaveCount(0);
  expect(await company.count('employees', ids)).toBe(3);
  await agent.seesHeld(actionId);

  await lee.approve();
  for (const { page, card } of [
    { page: ana.page, card: ana.card('Why it was held') },
    { page: lee.page, card: lee.card('Why it was held') },
  ]) {
    await expect(page.getByText('Done, exactly as approved')).toBeVisible();
    await expect(card).toContainText('Ana Ruiz approved');
    await expect(card).toContainText('Lee Park approved');
  }
  expect(await waiting).toMatchObject({ status: 'succeeded', result: { rowCount: 3 } });
  expect(await company.count('payslips', ids)).toBe(0);
});

test('the largest deletes are released only by people who each type how far it reaches', async ({
  agent,
  company,
  as,
}) => {
  const people = await company.hire({ payslips: 1001, leftOn: '2020-02-01' });
  const { actionId } = await erase(agent, people);
  for (const [place, first] of (['Ana', 'Jonas'] as const).entries()) {
    const review = await new ReviewPage(await as(first)).open(actionId);
    await expect(review.page.getByRole('main').getByText('Critical').first()).toBeVisible();
    await review.approve('1002');
    await expect(review.bar.getByRole('alert')).toContainText('not what the page says');
    await agent.seesHeld(actionId);
    await review.bar.getByLabel('How many rows does it reach through others?').fill('1,001');
    await review.bar.getByRole('button', { name: /^Approve/ }).click();
    await expect(
      review.page.getByText(place === 0 ? 'You approved.' : 'Done, exactly as approved'),
    ).toBeVisible();
  }
  expect(await agent.ending(actionId)).toMatchObject({ status: 'succeeded' });
  expect(
    await company.count(
      'payslips',
      people.map(({ id }) => id),
    ),
  ).toBe(0);
});

test('one rejection is enough, whoever approved before', async ({ agent, company, as }) => {
  const { actionId, ids } = await planLargeErasure(agent, company);
  const [priya, jonas] = [new ReviewPage(await as('Priya')), new ReviewPage(await as('Jonas'))];
  await priya.open(actionId);
  await jonas.open(actionId);
  await priya.approve();
  await expect(priya.bar).toContainText('You approved.');
  await jonas.refuse('Reject', 'The retention period is not over.');
  await expect(priya.page.getByText('It did not run and never will.')).toBeVisible();
  expect(await agent.ending(actionId)).toMatchObject({
    status: 'rejected',
    note: 'The retention period is not over.',
  });
  expect(await company.count('employees', ids)).toBe(3);
});

/** Keeps every decision on its way until all of `pages` have sent theirs, so that they arrive together. */
async function meetAtTheDoor(pages: Page[]): Promise<void> {
  let arrived = 0;
  let open = () => {};
  const all = new Promise<void>((resolve) => {
    open = resolve;
  });
  for (const page of pages) {
    await page.route('**/api/trpc/review.decide*', async (route) => {
      arrived += 1;
      if (arrived === pages.length) open();
      await all;
      await route.continue();
    });
  }
}

test('of two who approve at the same moment exactly one decides, and the other is told so', async ({
  agent,
  company,
  as,
}) => {
  const { actionId, person } = await planRaise(agent, company);
  const reviews = [new ReviewPage(await as('Ana')), new ReviewPage(await as('Jonas'))];
  await meetAtTheDoor(reviews.map(({ page }) => page));
  for (const review of reviews) await review.open(actionId);
  await Promise.all(reviews.map((review) => review.approve()));

  for (const { page } of reviews) await expect(page.getByText('Done, exactly as approved')).toBeVisible();
  const late = reviews.map(({ page }) =>
    page.getByRole('alert').filter({ hasText: 'no longer waits for a decision' }),
  );
  await expect
    .poll(async () => (await Promise.all(late.map((alert) => alert.count()))).sort())
    .toEqual([0, 1]);
  expect(await company.salaries([person.id])).toEqual([(Number(person.salary) + 105.5).toFixed(2)]);
  expect(await company.count('salary_changes', [person.id])).toBe(1);
});

test('a second tab of the same person follows what the first decides', async ({ agent, company, as }) => {
  const { actionId } = await planRaise(agent, company);
  const first = new ReviewPage(await as('Lee'));
  const second = new ReviewPage(await first.page.context().newPage());
  await first.open(actionId);
  await second.open(actionId);
  await second.page.keyboard.press('a');
  await expect(second.bar).toContainText('Release exactly this');
  await first.approve();
  await expect(second.page.getByText('Done, exactly as approved')).toBeVisible();
  await expect(second.bar).toBeHidden();
});

test('whoever owns the agent sees everything, why they have no vote, and no way to decide', async ({
  agent,
  company,
  as,
}) => {
  const { actionId } = await planRaise(agent, company);
  const review = await new ReviewPage(await as('Sam')).open(actionId);
  await expect(review.bar).toContainText('You cannot decide this one.');
  await expect(review.bar).toContainText('Somebody else has to decide.');
  await expect(review.bar.getByRole('button')).toHaveCount(0);
  await review.page.keyboard.press('a');
  await expect(review.bar).not.toContainText('Release exactly this');
});

test('an auditor reads everything and decides nothing', async ({ agent, company, as }) => {
  const { actionId } = await planRaise(agent, company);
  const page = await as('Ruth');
  await visit(page, '/inbox?view=held');
  await expect(page.locator(`a[href="/actions/${actionId}"]`)).toBeVisible();
  const review = await new ReviewPage(page).open(actionId);
  await expect(review.bar).toContainText('Your role can look but not decide.');
  await expect(review.bar.getByRole('button')).toHaveCount(0);
});

test('somebody whose sessions an administrator ends is sent to sign in by the page that is open', async ({
  page,
  agent,
  company,
  as,
}) => {
  const { actionId } = await planRaise(agent, company);
  await signIn(page, personNamed('Owen'));
  await new ReviewPage(page).open(actionId);
  const ingrid = await as('Ingrid');
  await visit(ingrid, '/people');
  await ingrid.getByRole('button', { name: 'More about Owen Fischer' }).click();
  await ingrid.getByRole('menuitem', { name: 'Sign out everywhere' }).click();
  await expect(ingrid.getByText('Owen Fischer is signed out')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await expect(page).toHaveURL(`/sign-in?callbackUrl=${encodeURIComponent(`/actions/${actionId}`)}`);
});
