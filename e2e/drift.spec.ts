import { planRaise, raise } from './fixtures/plans';
import { ReviewPage } from './fixtures/review-page';
import { expect, test } from './fixtures/test';

test('a row that changed after it was looked at brings the action back with the difference, undone, to be approved anew', async ({
  agent,
  company,
  as,
}) => {
  const people = await company.hire({ count: 2, salary: 6000 });
  const ids = people.map(({ id }) => id);
  const { actionId } = await raise(agent, people);
  const waiting = agent.ending(actionId);
  const review = await new ReviewPage(await as('Ana')).open(actionId);
  await expect(review.rows('public.employees, update')).toContainText('6001.00');
  await company.rows('UPDATE employees SET salary = 9000 WHERE id = $1', [ids[0]]);

  await review.approve();
  const drift = review.card('Held again: the data changed after it was approved');
  await expect(drift).toContainText('Earlier approvals no longer count.');
  await expect(drift.getByRole('listitem').first()).toBeVisible();
  await expect(review.bar).toContainText('0 of 1 approval');
  expect(await company.salaries(ids)).toEqual(['9000.00', '6002.00']);
  // For a while it is not told that the run came to nothing.
  expect((await agent.view(actionId)).status).toMatch(/^(executing|held)$/);
  await expect(review.rows('public.employees, update')).toContainText('9000.00');

  await review.approve();
  await expect(review.page.getByText('Done, exactly as approved')).toBeVisible();
  expect(await waiting).toMatchObject({ status: 'succeeded', result: { rowCount: 2 } });
  expect(await company.salaries(ids)).toEqual(['9105.50', '6107.50']);
});

test('rows that joined in between are never changed by an approval that did not show them', async ({
  agent,
  company,
  as,
}) => {
  const people = await company.hire({ count: 2, salary: 2000 });
  const ids = people.map(({ id }) => id);
  await company.rows(`UPDATE employees SET job_title = 'Warden ' || $1 WHERE id = $1`, [ids[0]]);
  const title = `Warden ${ids[0]}`;
  const { actionId } = await agent.sql('UPDATE employees SET salary = salary + 1 WHERE job_title = $1', [
    title,
  ]);
  const review = await new ReviewPage(await as('Lee')).open(actionId);
  await expect(review.sentence).toContainText('Update 1 row in employees');
  await company.rows('UPDATE employees SET job_title = $2 WHERE id = $1', [ids[1], title]);
  await review.approve();
  await expect(review.sentence).toContainText('Update 2 rows in employees');
  await expect(review.card(/^Held again/)).toContainText('employees');
  expect(await company.salaries(ids)).toEqual(['2001.00', '2002.00']);
  await review.refuse('Reject', 'Only the first was meant.');
  expect(await agent.ending(actionId)).toMatchObject({ status: 'rejected' });
  expect(await company.salaries(ids)).toEqual(['2001.00', '2002.00']);
});

test('a decision about a footprint that is no longer shown is refused, not moved to the new one', async ({
  agent,
  company,
  as,
}) => {
  const { actionId, person } = await planRaise(agent, company);
  const slow = new ReviewPage(await as('Priya'));
  const quick = new ReviewPage(await as('Jonas'));
  // Her page keeps showing what it showed first: nothing that changes reaches it any more.
  await slow.page.route('**/api/stream*', (route) => route.abort());
  await slow.open(actionId);
  await quick.open(actionId);
  await company.rows('UPDATE employees SET salary = 8000 WHERE id = $1', [person.id]);
  await quick.approve();
  await expect(quick.card(/^Held again/)).toBeVisible();
  await slow.approve();
  await expect(slow.card(/^Held again/)).toBeVisible();
  // For a while it is not told that the run came to nothing.
  expect((await agent.view(actionId)).status).toMatch(/^(executing|held)$/);
  expect(await company.salaries([person.id])).toEqual(['8000.00']);
});
