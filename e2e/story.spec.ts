import { rowsOf } from './fixtures/agent';
import { erase, inList, raise } from './fixtures/plans';
import { ReviewPage } from './fixtures/review-page';
import { expect, test } from './fixtures/test';
import { visit } from './fixtures/visit';

const GOAL = 'Month-end payroll: correct the allowance of three caretakers.';
const REASON = 'The collective agreement raises the allowance from this month.';

test('a small read flows at once, and what policy forbids is denied without asking anybody', async ({
  agent,
  company,
  as,
}) => {
  const people = await company.hire({ count: 3 });
  const page = await as('Ana');
  const runId = await agent.startRun(GOAL);
  const read = await agent.sql(
    `SELECT id, job_title FROM employees WHERE id IN (${inList(people)}) ORDER BY id`,
    [],
    {
      runId,
    },
  );
  expect(read.status).toBe('succeeded');
  expect(rowsOf(read)).toEqual(people.map(({ id }) => ({ id, job_title: 'Caretaker' })));

  const copied = await agent.sql(`COPY (SELECT iban FROM employees) TO '/tmp/salaries.csv'`, [], { runId });
  expect(copied.status).toBe('denied');
  expect(copied).not.toHaveProperty('result');
  const review = await new ReviewPage(page).open(copied.actionId);
  await expect(page.getByText('Denied by policy').first()).toBeVisible();
  await expect(review.card('Why it was denied')).toContainText('COPY');
  await expect(review.bar).toBeHidden();
});

test('what an agent plans arrives in the open inbox by itself, and an approval runs exactly that', async ({
  agent,
  company,
  as,
}) => {
  const people = await company.hire({ count: 3, salary: 4000 });
  const page = await as('Ana');
  await visit(page, '/inbox');
  await expect(page.getByRole('status').getByText('Live')).toBeVisible();

  const runId = await agent.startRun(GOAL);
  const planned = await raise(agent, people, { runId, reason: REASON });
  expect(planned.status).toBe('held');
  expect(planned).not.toHaveProperty('result');
  const arrived = page
    .getByRole('list', { name: 'Needs you' })
    .locator(`a[href="/actions/${planned.actionId}"]`);
  await expect(arrived).toContainText('Update 3 rows in employees, plus 3 more through cascades or triggers');
  await expect(arrived).toContainText('new');
  const waiting = agent.ending(planned.actionId);
  await arrived.click();

  const review = new ReviewPage(page);
  await expect(review.sentence).toHaveText(
    'Update 3 rows in employees, plus 3 more through cascades or triggers: financial data of 3 people.',
  );
  await expect(review.figure('Rows it changes')).toContainText('3');
  await expect(review.figure('Rows reached through others')).toContainText('3');
  await expect(review.figure('People it is about')).toContainText('3');
  const grid = review.rows('public.employees, update');
  const line = grid.getByRole('row').filter({ hasText: people[0]?.name ?? '' });
  await expect(line).toContainText('4001.00');
  await expect(line).toContainText('4106.50');
  await expect(grid.getByRole('columnheader', { name: /salary.*financial.*changes/ })).toBeVisible();
  await expect(review.card('The call')).toContainText('UPDATE employees SET salary = salary + 105.50');
  await expect(page.getByLabel('Its goal in this run, written by the agent')).toHaveText(GOAL);
  await expect(page.getByLabel('Why it wants to do this, written by the agent')).toHaveText(REASON);
  expect(await company.salaries(people.map(({ id }) => id))).toEqual(['4001.00', '4002.00', '4003.00']);

  await review.approve();
  await expect(page.getByText('Done, exactly as approved')).toBeVisible();
  const answer = await waiting;
  expect(answer).toMatchObject({ actionId: planned.actionId, status: 'succeeded', result: { rowCount: 3 } });
  expect(await company.salaries(people.map(({ id }) => id))).toEqual(['4106.50', '4107.50', '4108.50']);
  await expect(review.card('What happened so far')).toContainText('Ana Ruiz');
  await expect(review.bar).toBeHidden();
});

test('a rejected delete leaves every row where it was, and the agent gets the reviewer’s note word for word', async ({
  agent,
  company,
  as,
}) => {
  const people = await company.hire({ count: 2, payslips: 5, doctorNote: 'influenza', leftOn: '2020-02-01' });
  const ids = people.map(({ id }) => id);
  const runId = await agent.startRun(GOAL);
  const planned = await erase(agent, people, { runId });
  expect(planned.status).toBe('held');
  const waiting = agent.ending(planned.actionId);

  const page = await as('Priya');
  const review = await new ReviewPage(page).open(planned.actionId);
  await expect(review.sentence).toHaveText(
    'Delete 2 rows from employees, plus 12 more through cascades or triggers: financial, health and personal data of 2 people.',
  );
  await page.getByRole('tab', { name: /payslips · delete/ }).click();
  await expect(review.rows('public.payslips, delete').getByRole('row')).toHaveCount(11);
  const note = 'Both still have an open claim.\nAsk again in March — “§ 7” says so.';
  await review.refuse('Reject', note);
  await expect(page.getByText('It did not run and never will.')).toBeVisible();

  expect(await waiting).toMatchObject({ status: 'rejected', note });
  expect(await company.count('employees', ids)).toBe(2);
  expect(await company.count('payslips', ids)).toBe(10);
});

test('an approved delete takes the cascades that were shown, and nothing else', async ({
  agent,
  company,
  as,
}) => {
  const people = await company.hire({ count: 3, payslips: 4, doctorNote: 'back pain', leftOn: '2020-02-01' });
  const ids = people.map(({ id }) => id);
  const before = await company.rows<{ count: number }>('SELECT count(*)::int FROM departments');
  const planned = await agent.sql(`DELETE FROM employees WHERE id IN (${ids[0]}, ${ids[1]})`);
  const waiting = agent.ending(planned.actionId);
  const page = await as('Lee');
  const review = await new ReviewPage(page).open(planned.actionId);
  await expect(review.figure('Rows reached through others')).toContainText('10');
  await review.approve();
  await expect(page.getByText('Done, exactly as approved')).toBeVisible();
  expect(await waiting).toMatchObject({ status: 'succeeded', result: { rowCount: 2 } });
  expect(await company.count('employees', ids)).toBe(1);
  expect(await company.count('payslips', ids)).toBe(4);
  expect(await company.count('absences', ids)).toBe(1);
  expect(await company.rows('SELECT count(*)::int FROM departments')).toEqual(before);
});

test('what is sent back comes back to the agent as wishes, and its changed plan is looked at anew', async ({
  agent,
  company,
  as,
}) => {
  const [person] = await company.hire({ salary: 5000 });
  const runId = await agent.startRun(GOAL);
  const first = await agent.sql(`UPDATE employees SET salary = salary * 2 WHERE id = ${person?.id}`, [], {
    runId,
  });
  const page = await as('Jonas');
  const review = await new ReviewPage(page).open(first.actionId);
  await review.refuse('Send back', 'Ten per cent, not a hundred.');
  await expect(page.getByText('It did not run. The agent has the note')).toBeVisible();
  expect(await agent.ending(first.actionId)).toMatchObject({
    status: 'sent_back',
    note: 'Ten per cent, not a hundred.',
  });
  const second = await agent.sql(`UPDATE employees SET salary = salary * 1.1 WHERE id = ${person?.id}`, [], {
    runId,
  });
  expect(second.status).toBe('held');
  expect(second.digest).not.toBe(first.digest);
  await review.open(second.actionId);
  await expect(review.card('What payroll-assistant says').getByRole('listitem')).toHaveCount(2);
  await review.approve();
  await expect(page.getByText('Done, exactly as approved')).toBeVisible();
  expect(await company.salaries([person?.id ?? 0])).toEqual(['5501.10']);
});
