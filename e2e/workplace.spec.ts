import { expectClean } from './fixtures/clean';
import { planLargeErasure } from './fixtures/plans';
import { ReviewPage } from './fixtures/review-page';
import { expect, test } from './fixtures/test';
import { visit } from './fixtures/visit';

// Half faded in, text has no contrast of its own.
test.use({ contextOptions: { reducedMotion: 'reduce' } });

test('a security lead sees on one page what waits, what agents did today and how people decide; a reviewer has no such page', async ({
  agent,
  company,
  as,
}) => {
  const { actionId } = await planLargeErasure(agent, company);
  const lee = await as('Lee');
  const review = await new ReviewPage(lee).open(actionId);
  await review.refuse('Reject', 'Not this month');
  const tomas = await as('Tomas');
  await visit(tomas, '/home');
  await expect(tomas.getByRole('region', { name: 'Holds' })).toContainText('Waiting for a decision');
  const today = tomas.getByRole('region', { name: 'Today against usual days' });
  await expect(today.getByRole('img', { name: /^People: today/ })).toBeVisible();
  await today.getByRole('button', { name: 'Plans' }).click();
  await expect(today.getByRole('img', { name: /^Plans: today/ })).toBeVisible();
  await today.getByText('As a table').click();
  await expect(today.getByRole('table')).toContainText('By the end of');
  const people = tomas.getByRole('region', { name: 'How people decide' });
  await expect(people.getByRole('row').filter({ hasText: 'Lee Park' })).toBeVisible();
  await expectClean(tomas, 'home');
  await people.getByRole('link', { name: 'Lee Park' }).click();
  await expect(tomas.getByRole('heading', { level: 1, name: 'Lee Park' })).toBeVisible();
  const decided = tomas.getByRole('region', { name: 'Decided in the last thirty days' });
  // Lee decides in other journeys as well.
  const own = decided.getByRole('listitem').filter({ has: tomas.locator(`a[href="/actions/${actionId}"]`) });
  await expect(own).toContainText('rejected');
  await expectClean(tomas, 'the page of a person');
  await expect(lee.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Home' })).toHaveCount(
    0,
  );
  await lee.goto('/home');
  const refused = lee
    .getByRole('alert')
    .filter({ hasText: 'Only an owner or a security lead or an auditor' });
  await expect(refused).toBeVisible();
});

test('a queue is saved under a name, opened again and removed', async ({ as }) => {
  const ana = await as('Ana');
  await visit(ana, '/inbox?view=held&level=critical');
  await ana.getByRole('button', { name: 'Views' }).click();
  await ana.getByRole('menuitem', { name: 'Save this view…' }).click();
  await ana.getByLabel('Name').fill('The worst');
  await expectClean(ana, 'the dialog of a view');
  await ana.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(ana.getByRole('button', { name: 'The worst' })).toBeVisible();
  await visit(ana, '/inbox');
  await ana.getByRole('button', { name: 'Views' }).click();
  await ana.getByRole('menuitem', { name: 'The worst' }).click();
  await expect(ana).toHaveURL(/view=held/);
  await expect(ana).toHaveURL(/level=critical/);
  await expect(ana.getByRole('tab', { name: 'All held' })).toHaveAttribute('aria-selected', 'true');
  await ana.getByRole('button', { name: 'The worst' }).click();
  await ana.getByRole('menuitem', { name: 'Remove “The worst”' }).click();
  await expect(ana.getByRole('button', { name: 'Views' })).toBeVisible();
});

test('what is held and not for oneself waits for others', async ({ agent, company, as }) => {
  const { actionId } = await planLargeErasure(agent, company);
  // Sam owns the agent that planned it.
  const sam = await as('Sam');
  await visit(sam, '/inbox?view=others');
  await expect(sam.locator(`[data-action="${actionId}"]`)).toBeVisible();
  await sam.getByRole('tab', { name: 'Needs you' }).click();
  await expect(sam.locator(`[data-action="${actionId}"]`)).toHaveCount(0);
});

test('the browser shows what it is told while the page is closed, and leads to it', async ({ as }) => {
  const ana = await as('Ana');
  await ana.context().grantPermissions(['notifications']);
  await visit(ana, '/account');
  const card = ana.getByRole('region', { name: 'Notifications' });
  await expect(card.getByRole('button', { name: 'Show them in this browser' })).toBeVisible();
  const origin = new URL(ana.url()).origin;
  await ana.evaluate(() =>
    navigator.serviceWorker
      .register('/push-worker.js', { scope: '/' })
      .then(() => navigator.serviceWorker.ready)
      .then(() => undefined),
  );
  const cdp = await ana.context().newCDPSession(ana);
  const found = new Promise<string>((resolve) => {
    cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const own = registrations.find((each) => each.scopeURL.startsWith(origin) && !each.isDeleted);
      if (own) resolve(own.registrationId);
    });
  });
  await cdp.send('ServiceWorker.enable');
  const registrationId = await found;
  const message = {
    title: 'payroll-assistant: high',
    body: 'Held: Delete 3 rows',
    url: `${origin}/inbox`,
    tag: 'act_1',
  };
  const push = () =>
    cdp.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data: JSON.stringify(message) });
  const shown = () =>
    ana.evaluate(async () => {
      const worker = await navigator.serviceWorker.getRegistration('/');
      return (await worker?.getNotifications())?.map(({ title, body, data }) => ({
        title,
        body,
        url: data.url,
      }));
    });
  // A push service delivers at least once, and so does this: with one tag it is one notification.
  await expect
    .poll(() => push().then(shown))
    .toEqual([{ title: message.title, body: message.body, url: message.url }]);
});
