import type { Page } from '@playwright/test';
import { personNamed } from './fixtures/demo';
import { planRaise, raise } from './fixtures/plans';
import { ReviewPage } from './fixtures/review-page';
import { formIsAlive } from './fixtures/sign-in';
import { expect, test } from './fixtures/test';
import { visit } from './fixtures/visit';

/** What the keyboard is on must be seen: an outline, as the browser really computes it. */
async function expectVisibleFocus(page: Page): Promise<void> {
  const outline = await page.evaluate(() => {
    const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement ?? document.body);
    return { style: outlineStyle, width: Number.parseFloat(outlineWidth) };
  });
  expect(outline.style).not.toBe('none');
  expect(outline.width).toBeGreaterThanOrEqual(1.5);
}

test('from sign-in to approval without touching a mouse, the focus always visible', async ({
  page,
  agent,
  company,
}) => {
  const { actionId } = await planRaise(agent, company);
  const waiting = agent.ending(actionId);
  const lee = personNamed('Lee');
  await page.goto('/inbox');
  await formIsAlive(page);
  await expect(page.getByLabel('E-mail address')).toBeFocused();
  await expectVisibleFocus(page);
  await page.keyboard.type(lee.email);
  await page.keyboard.press('Tab');
  await expect(page.getByLabel('Password', { exact: true })).toBeFocused();
  await page.keyboard.type(lee.password);
  await page.keyboard.press('Enter');

  await expect(page.getByRole('heading', { name: 'Inbox' })).toBeVisible();
  const row = page.locator(`a[href="/actions/${actionId}"]`);
  await expect(row).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the page' })).toBeFocused();
  await expectVisibleFocus(page);
  await page.keyboard.press('/');
  await expect(page.getByLabel('Search holds')).toBeFocused();
  await page.keyboard.type(actionId);
  await expect(page.getByRole('list', { name: 'Needs you' }).getByRole('listitem')).toHaveCount(1);
  for (let presses = 0; presses < 6; presses++) {
    await page.keyboard.press('Tab');
    await expectVisibleFocus(page);
    if (await row.evaluate((element) => element === document.activeElement)) break;
  }
  await expect(row).toBeFocused();
  await page.keyboard.press('Enter');

  const review = new ReviewPage(page);
  await expect(review.sentence).toContainText('Update 1 row in employees');
  await page.keyboard.press('a');
  await expect(review.bar).toContainText('Release exactly this.');
  await expect(review.bar.getByRole('button', { name: 'Approve and release' })).toBeFocused();
  await expectVisibleFocus(page);
  await page.keyboard.press('Escape');
  await expect(review.bar).not.toContainText('Release exactly this.');
  await page.keyboard.press('a');
  await expect(review.bar.getByRole('button', { name: 'Approve and release' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByText('Done, exactly as approved')).toBeVisible();
  expect(await waiting).toMatchObject({ status: 'succeeded' });
});

test('j and k walk through the inbox and Enter opens what they are on', async ({ agent, company, as }) => {
  const [older, newer] = [await planRaise(agent, company), await planRaise(agent, company)];
  const page = await as('Jonas');
  await visit(page, '/inbox');
  const first = page.getByRole('list', { name: 'Needs you' }).getByRole('listitem').first();
  await expect(page.locator(`a[href="/actions/${newer.actionId}"]`)).toBeVisible();
  await expect(page.locator(`a[href="/actions/${older.actionId}"]`)).toBeVisible();
  const top = () => first.getByRole('link').getAttribute('href');
  // What other journeys plan may arrive above meanwhile; the row that j chose stays chosen.
  const before = await top();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  const after = await top();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/actions\//);
  expect([before, after]).toContain(new URL(page.url()).pathname);
});

test('no single key decides, whatever is pressed', async ({ agent, company, as }) => {
  const { actionId } = await planRaise(agent, company);
  const review = await new ReviewPage(await as('Ana')).open(actionId);
  const { keyboard } = review.page;
  for (const key of ['a', 'r', 's']) {
    await keyboard.press(key);
    await expect(review.bar.getByRole('button', { name: /^(Not yet|Cancel)$/ })).toBeVisible();
    if (key !== 'a') {
      await review.bar.getByRole('button', { name: key === 'r' ? 'Reject' : 'Send back' }).press('Enter');
      await expect(review.bar.getByRole('alert')).toContainText('Write a few words');
    }
    await keyboard.press('Escape');
    await expect(review.bar.getByRole('button', { name: 'Approve', exact: false })).toBeVisible();
  }
  for (const key of ['Enter', 'Space', 'y', '1']) await keyboard.press(key);
  // `g a` leads to the audit log; its second key must not open an approval on the way.
  await keyboard.press('g');
  await keyboard.press('a');
  await expect(review.page.getByRole('heading', { name: 'Audit log' })).toBeVisible();
  await agent.seesHeld(actionId);
});

test('rejecting with r, words and Ctrl Enter reaches the agent', async ({ agent, company, as }) => {
  const { actionId } = await planRaise(agent, company);
  const review = await new ReviewPage(await as('Priya')).open(actionId);
  await review.page.keyboard.press('r');
  await review.page.keyboard.type('As sent, the allowance is wrong.');
  await review.page.keyboard.press('Control+Enter');
  await expect(review.page.getByText('It did not run and never will.')).toBeVisible();
  expect(await agent.ending(actionId)).toMatchObject({
    status: 'rejected',
    note: 'As sent, the allowance is wrong.',
  });
});

test('? lists the shortcuts, Ctrl K finds pages and actions, Escape closes both', async ({
  agent,
  company,
  as,
}) => {
  const { actionId } = await raise(agent, await company.hire());
  const page = await as('Ana');
  await visit(page, '/halts');
  await expect(page.getByRole('heading', { name: 'Halts' })).toBeVisible();
  await page.keyboard.press('?');
  const shortcuts = page.getByRole('dialog', { name: 'Shortcuts' });
  await expect(shortcuts).toContainText('Approve: opens the step to confirm');
  await page.keyboard.press('Escape');
  await expect(shortcuts).toBeHidden();

  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Go to' });
  await expect(palette.getByRole('combobox')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(palette).toBeHidden();
  await page.keyboard.press('Control+k');
  await page.keyboard.type(actionId);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(`/actions/${actionId}`);
});

test('a dialog keeps the focus inside and gives it back where it was', async ({ as }) => {
  const page = await as('Ana');
  await visit(page, '/inbox');
  const halt = page.getByRole('button', { name: 'Halt' });
  await halt.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Halt' });
  await expect(dialog).toBeVisible();
  for (let presses = 0; presses < 10; presses++) {
    await page.keyboard.press('Tab');
    expect(await dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true);
  }
  await page.keyboard.press('Escape');
  await expect(halt).toBeFocused();
});
