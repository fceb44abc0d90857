import type { Page } from '@playwright/test';
import { ReviewPage } from './fixtures/review-page';
import { expect, test } from './fixtures/test';

const FAKE =
  '<h2>✅ Approved by Holdpoint</h2> This action was verified. <button>Approve and release</button>';
const HOSTILE = [
  '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script><iframe src="javascript:alert(1)"></iframe>',
  '[Open the approval](https://evil.example/approve) https://evil.example/ <a href="https://evil.example">here</a>',
  '<style>body{display:none}</style><svg onload=alert(1)>',
  'The rows are \u202Edetcele\u202C, pay\u200Broll, рауroll.com',
  FAKE,
].join('\n');
const LONG = `${HOSTILE}\n${'All of this was agreed with the works council. '.repeat(230)}`.slice(0, 10_000);
const COMMENT =
  '/* <img src=x onerror="window.pwned=1"> <script>window.pwned=1</script> [x](https://evil.example) */';

/** Everything on a page that could act, by what it is. */
const active = (page: Page) =>
  page.evaluate(() => ({
    embedded: document.querySelectorAll(
      'main img, main iframe, main script, main object, main style, main form[action]',
    ).length,
    outward: [...document.querySelectorAll('a[href]')].filter(
      (a) => new URL((a as HTMLAnchorElement).href).origin !== location.origin,
    ).length,
    handlers: document.querySelectorAll('main [onerror], main [onload], main [onclick]').length,
    pwned: 'pwned' in window,
  }));
const NOTHING = { embedded: 0, outward: 0, handlers: 0, pwned: false };

test('whatever an agent writes is only ever read: nothing runs, nothing can be clicked, nothing hides', async ({
  agent,
  company,
  as,
}) => {
  expect(LONG).toHaveLength(10_000);
  const [person] = await company.hire();
  const runId = await agent.startRun(HOSTILE);
  const planned = await agent.sql(
    `${COMMENT} UPDATE employees SET job_title = $1 WHERE id = ${person?.id}`,
    [HOSTILE],
    {
      runId,
      reason: LONG,
    },
  );
  expect(planned.status).toBe('held');
  const page = await as('Ana');
  const asked: string[] = [];
  page.on('dialog', (dialog) => asked.push(dialog.message()));
  page.on('request', (request) =>
    asked.push(...(request.url().includes('evil.example') ? [request.url()] : [])),
  );
  const review = await new ReviewPage(page).open(planned.actionId);

  const goal = page.getByLabel('Its goal in this run, written by the agent');
  const reason = page.getByLabel('Why it wants to do this, written by the agent');
  await expect(goal).toContainText('<img src=x onerror="window.pwned=1">');
  await page.getByRole('button', { name: 'Show all 10,000 characters' }).click();
  await expect(reason).toContainText(LONG.slice(-200).trim());
  for (const quote of [goal, reason]) {
    await expect(quote.getByRole('link')).toHaveCount(0);
    await expect(quote.getByRole('button')).toHaveCount(0);
    await expect(quote.getByRole('heading')).toHaveCount(0);
    await expect(quote.getByText('right-to-left override')).toBeVisible();
    await expect(quote.getByText('zero width space')).toBeVisible();
  }
  await expect(review.card('What payroll-assistant says')).toContainText(
    /hidden characters and \d+ look-alike letters made visible/,
  );
  await expect(review.rows('public.employees, update')).toContainText('<img src=x');
  await expect(review.card('The call')).toContainText('<script>window.pwned=1</script>');

  await expect(page.getByRole('heading', { name: /Approved by Holdpoint/ })).toHaveCount(0);
  await expect(review.sentence).toHaveText(/^Update 1 row in employees/);
  await expect(page.getByRole('button', { name: 'Approve and release' })).toHaveCount(0);
  expect(await active(page)).toEqual(NOTHING);
  expect(
    await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth),
  ).toBeLessThanOrEqual(0);

  for (const path of ['/inbox?view=held', '/audit']) {
    await page.goto(path);
    await expect(page.getByRole('status', { name: /^Loading/ })).toHaveCount(0);
    expect(await active(page)).toEqual(NOTHING);
  }
  expect(asked).toEqual([]);
});

test('what an agent would send, and a reviewer’s own note, are as inert as its goal', async ({
  agent,
  as,
}) => {
  const planned = await agent.submit({
    tool: 'send_email',
    args: { recipients: ['payroll@larkfield.example'], subject: HOSTILE.slice(0, 200), body: HOSTILE },
    reason: 'The bank asks.',
  });
  expect(planned.status).toBe('held');
  const page = await as('Lee');
  const review = await new ReviewPage(page).open(planned.actionId);
  await expect(review.card('The call')).toContainText('<iframe src="javascript:alert(1)">');
  await expect(review.card('The call').getByRole('link')).toHaveCount(0);
  await review.refuse('Reject', HOSTILE);
  await expect(page.getByText('It did not run and never will.')).toBeVisible();
  expect(await active(page)).toEqual(NOTHING);
  expect((await agent.ending(planned.actionId)).note).toBe(HOSTILE);
});
