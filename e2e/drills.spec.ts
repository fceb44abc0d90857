import { expectClean } from './fixtures/clean';
import { ReviewPage } from './fixtures/review-page';
import { expect, test } from './fixtures/test';
import { visit } from './fixtures/visit';

// Half faded in, text has no contrast of its own.
test.use({ contextOptions: { reducedMotion: 'reduce' } });

test('a lead rehearses a mistake; to a reviewer it is like any other until they answer, and then they are told', async ({
  as,
}) => {
  const tomas = await as('Tomas');
  await visit(tomas, '/drills');
  await tomas.getByRole('button', { name: 'Start a drill…' }).click();
  const dialog = tomas.getByRole('dialog', { name: 'Start a drill' });
  await dialog.getByLabel('In the name of').selectOption({ label: 'support-assistant' });
  await dialog.getByLabel('Tool').selectOption('company.sql');
  await dialog.getByLabel('Statement').fill('DELETE FROM tickets WHERE id > 0');
  await dialog.getByLabel('Goal of its run').fill('Close the ticket of one customer');
  await dialog.getByLabel('Why it says it wants to').fill('It was answered');
  await dialog.getByLabel('What there is to see').fill('One ticket was asked for; this deletes all of them');
  await expectClean(tomas, 'the dialog of a drill');
  await dialog.getByRole('button', { name: 'Start it' }).click();
  await expect(tomas).toHaveURL(/\/actions\/act_/);
  await expect(tomas.getByRole('status').filter({ hasText: 'This is a drill' })).toBeVisible();
  await expect(tomas.getByRole('region', { name: 'Decision' })).toContainText('You cannot decide this one');
  const actionId = new URL(tomas.url()).pathname.split('/').at(-1) ?? '';

  const ana = await as('Ana');
  const review = await new ReviewPage(ana).open(actionId);
  await expect(ana.getByRole('main')).toContainText('support-assistant');
  await expect(ana.getByRole('main')).not.toContainText(/drill/i);
  await review.refuse('Reject', 'All of them? No.');
  const told = ana.getByRole('status').filter({ hasText: 'This was a drill, and you caught it' });
  await expect(told).toContainText('One ticket was asked for; this deletes all of them');
  await expect(told).toContainText('nothing of it runs');
  await expectClean(ana, 'a drill that was caught');

  await visit(tomas, '/drills');
  const entry = tomas.getByRole('listitem').filter({ hasText: 'this deletes all of them' }).first();
  await expect(entry).toContainText('caught');
  await expect(entry).toContainText('Ana Ruiz rejected it');
  await expectClean(tomas, 'drills');
});
