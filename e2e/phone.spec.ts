import type { Page } from '@playwright/test';
import { planLargeErasure, planRaise, planRun, raise } from './fixtures/plans';
import { ReviewPage } from './fixtures/review-page';
import { expect, test } from './fixtures/test';
import { visit } from './fixtures/visit';

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

const PAGES = [
  '/inbox',
  '/inbox?view=held',
  '/inbox?view=decided',
  '/runs',
  '/audit',
  '/halts',
  '/agents',
  '/targets',
  '/tools',
  '/people',
  '/directory',
  '/account',
];

async function expectNoSidewaysScrolling(page: Page): Promise<void> {
  const wide = () =>
    page.evaluate(() => ({
      at: location.pathname,
      by: document.documentElement.scrollWidth - window.innerWidth,
    }));
  await expect.poll(async () => (await wide()).by).toBeLessThanOrEqual(0);
}

test('on a phone the held action arrives, is understood and approved with the thumb', async ({
  agent,
  company,
  as,
}) => {
  const page = await as('Ana');
  await visit(page, '/inbox');
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeInViewport();
  const people = await company.hire({ count: 2 });
  const { actionId } = await raise(agent, people);
  const waiting = agent.ending(actionId);
  await page.locator(`a[href="/actions/${actionId}"]`).tap();

  const review = new ReviewPage(page);
  await expect(review.sentence).toContainText('Update 2 rows in employees');
  await expect(review.sentence).toBeInViewport();
  const approve = review.bar.getByRole('button', { name: 'Approve' });
  await expect(approve).toBeInViewport({ ratio: 1 });
  for (const card of ['The call', 'What happened so far']) {
    await review.card(card).scrollIntoViewIfNeeded();
    await expect(approve).toBeInViewport({ ratio: 1 });
  }
  await expectNoSidewaysScrolling(page);
  await approve.tap();
  const release = review.bar.getByRole('button', { name: 'Approve and release' });
  await expect(release).toBeInViewport({ ratio: 1 });
  await release.tap();
  await expect(page.getByText('Done, exactly as approved')).toBeVisible();
  await expectNoSidewaysScrolling(page);
  expect(await waiting).toMatchObject({ status: 'succeeded', result: { rowCount: 2 } });
});

test('on a phone a rejection is written above the keyboard’s place and reaches the agent', async ({
  agent,
  company,
  as,
}) => {
  const { actionId } = await planRaise(agent, company);
  const review = await new ReviewPage(await as('Lee')).open(actionId);
  await review.bar.getByRole('button', { name: 'Reject' }).tap();
  await expect(review.bar.getByRole('textbox')).toBeFocused();
  await expect(review.bar.getByRole('textbox')).toBeInViewport({ ratio: 1 });
  await review.bar.getByRole('textbox').fill('Not this month.');
  await review.bar.getByRole('button', { name: 'Reject' }).tap();
  expect(await agent.ending(actionId)).toMatchObject({ status: 'rejected', note: 'Not this month.' });
});

for (const width of [390, 360]) {
  test(`at ${width} px no page scrolls sideways`, async ({ agent, company, as }) => {
    const { actionId } = await planLargeErasure(agent, company);
    const { runId } = await planRun(agent, company);
    const page = await as('Ingrid', { viewport: { width, height: 844 } });
    for (const path of [...PAGES, `/actions/${actionId}`, `/runs/${runId}`]) {
      await page.goto(path);
      await expect(page.getByRole('main').getByRole('heading', { level: 1 })).toBeVisible();
      await expect(page.getByRole('status', { name: /^Loading/ })).toHaveCount(0);
      await expectNoSidewaysScrolling(page);
    }
    for (const [list, name] of [
      ['/agents', 'payroll-assistant'],
      ['/targets', 'company'],
    ] as const) {
      await page.goto(list);
      await page.getByRole('main').getByRole('link', { name, exact: true }).tap();
      await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
      await expect(page.getByRole('status', { name: /^Loading/ })).toHaveCount(0);
      await expectNoSidewaysScrolling(page);
    }
  });
}

test('on a phone everything there is to set up is behind “More”', async ({ as }) => {
  const page = await as('Ana');
  await visit(page, '/inbox');
  await page.getByRole('button', { name: 'More' }).tap();
  await page.getByRole('dialog').getByRole('link', { name: 'Agents' }).tap();
  await expect(page.getByRole('heading', { name: 'Agents', level: 1 })).toBeVisible();
});
