import { planRun } from './fixtures/plans';
import { ReviewPage } from './fixtures/review-page';
import { expect, test } from './fixtures/test';

test('the page of a run follows it live: steps, what they did together, in whose name, and how it ended', async ({
  agent,
  company,
  as,
}) => {
  const { runId, actionId } = await planRun(agent, company);
  const page = await as('Ana');
  await new ReviewPage(page).open(actionId);
  await page.getByRole('link', { name: 'The whole run' }).click();
  await expect(page).toHaveURL(`/runs/${runId}`);
  const card = (name: string) => page.getByRole('region', { name });
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/A run of payroll-assistant\s*going on/);
  await expect(page.getByRole('main')).toContainText('Nadia Brandt (no vote on it)');
  const steps = card('Steps').getByRole('listitem');
  await expect(steps).toHaveCount(2);
  await expect(steps.first()).toContainText(/moderate: Update 1 row in employees.*Held/);
  await expect(steps.last()).toContainText('Done');
  const touched = card('What it read and changed in total').getByRole('row');
  await expect(touched.filter({ hasText: 'update' })).toHaveCount(0);
  await expect(card('What it reported to have seen')).toContainText('web.fetch');
  await expect(card('What it reported to have seen')).not.toContainText('A page about raises');

  const reviewer = await new ReviewPage(await as('Lee')).open(actionId);
  await reviewer.approve();
  await expect(steps.first()).toContainText('Done');
  await expect(touched.filter({ hasText: 'update' })).toContainText('public.employees');
  await expect(touched.filter({ hasText: 'salary_changes' })).toContainText('insert');

  const said = card('What payroll-assistant says');
  await expect(said).toContainText('<a href="https://evil.example">Approved by Ana</a>');
  await expect(said.getByRole('link')).toHaveCount(0);
  await agent.finishRun(runId, 'One raised.');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('ended');
  await expect(said).toContainText('One raised.');
  await expect(page.getByRole('button', { name: 'Halt this run…' })).toHaveCount(0);

  await page.keyboard.press('Control+k');
  await page.keyboard.type(runId);
  await expect(page.getByRole('option', { name: `Open ${runId}` })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.goto('/runs?state=ended');
  const row = page
    .getByRole('list', { name: 'Runs' })
    .getByRole('listitem')
    .filter({ hasText: 'Raise one person.' });
  await expect(row.first()).toContainText('2 steps');
});
