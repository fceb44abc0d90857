import { raise } from './fixtures/plans';
import { ReviewPage } from './fixtures/review-page';
import { expect, test } from './fixtures/test';

test('what ran is taken back by an action of its own: planned by one, approved by another, linked both ways', async ({
  agent,
  company,
  as,
}) => {
  const people = await company.hire();
  const { actionId } = await raise(agent, people);
  const ana = await new ReviewPage(await as('Ana')).open(actionId);
  await ana.approve();
  const undo = ana.card('Undo');
  await expect(undo).toContainText('1 row can be put back as before');
  await expect(undo).toContainText('What triggers wrote to public.salary_changes would stay as it is.');
  await undo.getByRole('button', { name: 'Plan the undo' }).click();
  await expect(ana.page).not.toHaveURL(new RegExp(actionId));
  await expect(ana.card('Undo')).toContainText('This takes back what an earlier action did.');
  await expect(ana.card('What it adds to who knows what')).toBeVisible();
  await expect(ana.page.getByRole('main')).toContainText('The agent runs this on your behalf.');

  const lee = await new ReviewPage(await as('Lee')).open(
    new URL(ana.page.url()).pathname.split('/').at(-1) ?? '',
  );
  await lee.approve();
  await expect(ana.card('Undo')).toContainText('public.employees: 1 row put back');
  await ana.card('Undo').getByRole('link', { name: 'an earlier action' }).click();
  await expect(ana.card('Undo').getByRole('link', { name: 'Its undo' })).toBeVisible();
});
