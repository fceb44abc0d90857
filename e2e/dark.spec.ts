import { raise } from './fixtures/plans';
import { ReviewPage } from './fixtures/review-page';
import { expect, test } from './fixtures/test';
import { visit } from './fixtures/visit';

test.use({ colorScheme: 'dark' });

test('whoever’s system is dark decides in the dark, from the sign-in page on', async ({
  page: signedOut,
  agent,
  company,
  as,
}) => {
  await signedOut.goto('/sign-in');
  await expect(signedOut.locator('html')).toHaveClass(/dark/);
  const people = await company.hire({ count: 2 });
  const { actionId } = await raise(agent, people);
  const page = await as('Priya');
  await visit(page, '/inbox');
  await expect(page.locator('html')).toHaveClass(/dark/);
  await page.locator(`a[href="/actions/${actionId}"]`).click();
  const review = new ReviewPage(page);
  await expect(review.sentence).toContainText('Update 2 rows in employees');
  await review.approve();
  await expect(page.getByText('Done, exactly as approved')).toBeVisible();
  expect(await agent.ending(actionId)).toMatchObject({ status: 'succeeded' });
});

test('the theme somebody chooses beats the system’s and stays', async ({ as }) => {
  const page = await as('Priya');
  await visit(page, '/inbox');
  const background = () => page.locator('html').evaluate((html) => getComputedStyle(html).backgroundColor);
  const dark = await background();
  await page.getByRole('button', { name: /Priya Nair/ }).click();
  await page.getByRole('menuitem', { name: 'Light' }).click();
  await expect(page.locator('html')).not.toHaveClass(/dark/);
  await page.reload();
  await expect(page.locator('html')).toHaveClass(/light/);
  expect(await background()).not.toBe(dark);
});
