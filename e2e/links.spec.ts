import type { Page } from '@playwright/test';
import { personNamed, readDemo } from './fixtures/demo';
import { planRaise } from './fixtures/plans';
import { ReviewPage } from './fixtures/review-page';
import { fillSignIn, signIn } from './fixtures/sign-in';
import { expect, test } from './fixtures/test';

/** Everything the log says about one action, but for who looked at its data: looking is an access and always on record. */
async function logOf(auditor: Page, actionId: string): Promise<unknown[]> {
  const input = encodeURIComponent(JSON.stringify({ actionId }));
  const answer = await auditor.request.get(`/api/trpc/audit.list?input=${input}`);
  expect(answer.ok()).toBe(true);
  const { result } = (await answer.json()) as { result: { data: { items: { kind: string }[] } } };
  return result.data.items.filter(({ kind }) => kind !== 'data.viewed');
}

test('a link opened signed out leads through sign-in to exactly that action, and opening it changes nothing', async ({
  page,
  agent,
  company,
  as,
}) => {
  const { actionId } = await planRaise(agent, company);
  const { url } = await agent.view(actionId);
  const auditor = await as('Ruth');
  await agent.seesHeld(actionId);
  const before = { log: await logOf(auditor, actionId), view: await agent.view(actionId) };
  await page.goto(url);
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await expect(page.getByText('Update 1 row')).toHaveCount(0);
  const jonas = personNamed('Jonas');
  await fillSignIn(page, jonas.email, jonas.password);
  await expect(page).toHaveURL(url);
  await expect(new ReviewPage(page).sentence).toContainText('Update 1 row in employees');
  await expect(new ReviewPage(page).bar).toContainText('0 of 1 approval');
  expect({ log: await logOf(auditor, actionId), view: await agent.view(actionId) }).toEqual(before);
});

test('signed out, every page is a plain redirect to sign-in with the way back, before any of it', async ({
  agent,
  company,
}) => {
  const { actionId } = await planRaise(agent, company);
  const cookies = ['', 'next-auth.session-token=made-up'];
  for (const path of [
    '/',
    '/inbox?view=held',
    `/actions/${actionId}`,
    '/agents/agt_1',
    '/people',
    '/directory',
    '/nowhere',
  ]) {
    for (const cookie of cookies) {
      const answer = await fetch(readDemo().url + path, { redirect: 'manual', headers: { cookie } });
      expect([path, answer.status, answer.headers.get('location'), await answer.text()]).toEqual([
        path,
        307,
        `/sign-in?callbackUrl=${encodeURIComponent(path)}`,
        'Sign in first.',
      ]);
    }
  }
});

test('a page that is open when its session ends leads to sign-in at the next click, and back', async ({
  page,
}) => {
  const nadia = personNamed('Nadia');
  // The stream or a question to the API would notice first. Here neither gets an answer: it is the click that finds out.
  for (const asks of ['**/api/stream*', '**/api/trpc/**']) await page.route(asks, () => {});
  await signIn(page, nadia);
  await page.request.post('/api/trpc/me.revokeSessions', { headers: { origin: readDemo().url }, data: {} });
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'People' }).click();
  await expect(page).toHaveURL(/\/sign-in\?callbackUrl=%2Fpeople/);
  await page.unrouteAll();
  await fillSignIn(page, nadia.email, nadia.password);
  await expect(page.getByRole('heading', { name: 'People', level: 1 })).toBeVisible();
});

test('whatever unfurls or scans a link sees no data and decides nothing', async ({ agent, company, as }) => {
  const { actionId } = await planRaise(agent, company);
  const { url } = await agent.view(actionId);
  const auditor = await as('Ruth');
  await agent.seesHeld(actionId);
  const before = { log: await logOf(auditor, actionId), view: await agent.view(actionId) };
  for (const method of ['GET', 'HEAD']) {
    const answer = await fetch(url, { method, headers: { 'user-agent': 'Slackbot-LinkExpanding 1.0' } });
    expect(await answer.text()).not.toMatch(/Update 1 row|salary|payroll-assistant/);
  }
  expect({ log: await logOf(auditor, actionId), view: await agent.view(actionId) }).toEqual(before);
});

for (const id of ['act_00000000000000000000000000', 'act_%00', '..%2Fpeople', 'x'.repeat(500)]) {
  test(`a link to nothing (${id.slice(0, 30)}) says so and leads back to the inbox`, async ({ as }) => {
    const page = await as('Ana');
    await page.goto(`/actions/${id}`);
    await expect(page.getByRole('heading', { name: /There is no such (planned action|page)/ })).toBeVisible();
    await page.getByRole('main').getByRole('link', { name: /inbox/i }).click();
    await expect(page.getByRole('heading', { name: 'Inbox' })).toBeVisible();
  });
}

for (const callback of [
  'https://evil.example/inbox',
  '//evil.example/inbox',
  '/\\evil.example',
  'javascript:alert(1)',
  'http://localhost:3190@evil.example/',
]) {
  test(`signing in never leads to another origin (${callback})`, async ({ page }) => {
    const visited: string[] = [];
    page.on('request', (request) => visited.push(new URL(request.url()).origin));
    const priya = personNamed('Priya');
    await page.goto(`/sign-in?callbackUrl=${encodeURIComponent(callback)}`);
    await fillSignIn(page, priya.email, priya.password);
    await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();
    expect([...new Set(visited)]).toEqual([readDemo().url]);
  });
}
