import { expectClean } from './fixtures/clean';
import { ReviewPage } from './fixtures/review-page';
import { expect, test } from './fixtures/test';
import { visit } from './fixtures/visit';

// Half faded in, text has no contrast of its own.
test.use({ contextOptions: { reducedMotion: 'reduce' } });

/** Holds nobody who exists: other journeys go on beside this one. */
const policy = (condition: string) => `@id("nobody-changes")
@title("Nobody changes")
@because("{agent} is nobody.")
@verdict("hold")
forbid (principal == Agent::"nobody", action == Action::"change", resource)
when { ${condition} };`;

const CASE = {
  title: 'Nobody changes twenty rows',
  facts: {
    agent: { name: 'nobody' },
    footprint: {
      items: [{ operation: 'update', resource: 'public.t', count: 20, classes: ['internal'] }],
      readOnly: false,
      method: 'rehearsed',
    },
  },
  expect: { policies: ['changes', 'nobody-changes'], quorum: 1 },
};

test('a draft is checked while it is typed, held to its cases, replayed, and published by a second person', async ({
  as,
}) => {
  test.slow();
  const tomas = await as('Tomas');
  await visit(tomas, '/policy');
  await tomas.getByRole('button', { name: 'New draft' }).click();
  await tomas.getByLabel('What it is about').fill('Nobody changes anything');
  await tomas.getByRole('button', { name: 'Begin' }).click();
  await expect(tomas.getByRole('heading', { level: 1, name: 'Nobody changes anything' })).toBeVisible();

  await tomas.getByRole('button', { name: 'New policy' }).click();
  const editor = tomas.getByRole('textbox', { name: /^Text of / });
  await editor.fill(policy('context.rowz > 1'));
  await expect(tomas.getByText(/^Line \d+, column \d+: .*rowz/)).toBeVisible();
  await expectClean(tomas, 'a draft with a problem');
  await editor.fill(policy('context.rowsChanged > 1'));
  await expect(tomas.getByText('As a reviewer reads it')).toBeVisible();
  await expect(tomas.getByText(/^Line \d+/)).toHaveCount(0);
  await expect(tomas.getByText('Everything is kept.')).toBeVisible();

  await tomas.getByRole('tab', { name: /^Cases/ }).click();
  await tomas.getByRole('button', { name: 'Run all cases' }).click();
  await expect(tomas.getByText('nobody-changes: nobody would notice')).toBeVisible();
  await tomas.getByRole('button', { name: 'New case' }).click();
  const added = tomas.getByRole('listitem').first();
  await added.locator('summary').click();
  await added.getByLabel(/as JSON$/).fill(JSON.stringify(CASE));
  await expect(tomas.getByText('Everything is kept.')).toBeVisible();
  await tomas.getByRole('button', { name: 'Run all cases' }).click();
  await expect(tomas.getByText(/^\d+ hold, 0 fail$/)).toBeVisible();
  await expectClean(tomas, 'the cases of a draft');

  await tomas.getByRole('tab', { name: 'Backtest' }).click();
  await tomas.getByRole('button', { name: 'Replay over recorded actions' }).click();
  const totals = tomas.getByRole('region', { name: 'What would have been different' });
  await expect(totals).toBeVisible({ timeout: 60_000 });
  await expectClean(tomas, 'a backtest');

  await tomas.getByRole('button', { name: 'Publish…' }).click();
  const dialog = tomas.getByRole('dialog', { name: 'Publish this draft' });
  await expect(dialog).toContainText('Ingrid Halvorsen');
  await dialog.getByLabel('Why').fill('To be sure of it');
  await dialog.getByRole('button', { name: 'Propose it' }).click();
  await expect(tomas).toHaveURL(/\/actions\/act_/);
  await expect(new ReviewPage(tomas).bar).toContainText('You cannot decide this one.');
  await expectClean(tomas, 'the publication of a draft');

  const actionId = tomas.url().split('/').at(-1) ?? '';
  const ingrid = await new ReviewPage(await as('Ingrid')).open(actionId);
  await ingrid.approve();
  await visit(tomas, '/policy');
  await expect(tomas.getByText('nobody-changes').first()).toBeVisible();
  await expect(tomas.getByText(/^Version 1\b/).first()).toBeVisible();
  await expectClean(tomas, 'a version in force');
});
