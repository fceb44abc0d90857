import { randomUUID } from 'node:crypto';
import { personNamed } from './fixtures/demo';
import { fillSignIn, formIsAlive, signIn } from './fixtures/sign-in';
import { expect, test } from './fixtures/test';
import { visit } from './fixtures/visit';

test('a wrong password and an unknown address get the same words, and nobody is let in', async ({ page }) => {
  await page.goto('/sign-in');
  const words = 'The e-mail address or the password is wrong. Check both and try again.';
  for (const email of [`nobody-${randomUUID()}@larkfield.example`, personNamed('Nadia').email]) {
    await fillSignIn(page, email, 'correct horse battery staple');
    await expect(page.getByRole('alert').filter({ hasText: words })).toBeVisible();
    await page.reload();
  }
  await page.goto('/inbox');
  await expect(page).toHaveURL(/\/sign-in/);
});

test('after five wrong passwords it says how long to wait, even when the sixth is right', async ({
  page,
}) => {
  await page.goto('/sign-in');
  const email = `guessed-${randomUUID()}@larkfield.example`;
  for (let attempt = 1; attempt <= 5; attempt++) {
    await fillSignIn(page, email, `guess number ${attempt}`);
    await expect(page.getByRole('alert').filter({ hasText: 'is wrong' })).toBeVisible();
    await page.reload();
  }
  await fillSignIn(page, email, 'guess number 6');
  await expect(
    page.getByRole('alert').filter({ hasText: /Too many attempts\. Try again in \d+ minutes?, at / }),
  ).toBeVisible();
});

test('signing out ends the session at once, also for the other tab and for a copied cookie', async ({
  page,
  browser,
  baseURL,
}) => {
  await signIn(page, personNamed('Sam'));
  const stolen = await page.context().storageState();
  const other = await page.context().newPage();
  await visit(other, '/halts');
  await expect(other.getByRole('heading', { name: 'Halts' })).toBeVisible();
  await page.getByRole('button', { name: /Sam Castillo/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await expect(other.getByRole('heading', { name: 'Sign in' })).toBeVisible();

  const thief = await browser.newContext({
    storageState: stolen,
    ...(baseURL === undefined ? {} : { baseURL }),
  });
  const answer = await thief.request.get('/api/trpc/me.get');
  expect(answer.status()).toBe(401);
  await thief.close();
});

test('an invitation lets somebody in once: whoever opens the link again is told so', async ({ page, as }) => {
  const ingrid = await as('Ingrid');
  const email = `kim-${randomUUID()}@larkfield.example`;
  await visit(ingrid, '/people');
  await ingrid.getByRole('button', { name: 'Invite somebody' }).click();
  const dialog = ingrid.getByRole('dialog', { name: 'Invite somebody' });
  await dialog.getByLabel('E-mail address').fill(email);
  await dialog.getByLabel('Name').fill('Kim Lindqvist');
  await dialog.getByRole('button', { name: 'Make the invitation' }).click();
  const made = ingrid.getByRole('dialog', { name: 'The invitation' });
  const link = await made.getByText(/^http:\/\/.*\/setup\//).textContent();

  await page.goto(link ?? '');
  await expect(page.getByRole('heading', { name: 'Welcome, Kim Lindqvist' })).toBeVisible();
  await formIsAlive(page);
  const field = page.getByLabel('New password');
  await field.fill('violet tractor umbrella');
  await page.getByRole('button', { name: 'Set password and sign in' }).click();
  await expect(page.getByRole('heading', { name: 'Inbox' })).toBeVisible();
  await expect(page.getByRole('button', { name: /Kim Lindqvist/ })).toBeVisible();

  await page.goto(link ?? '');
  await expect(page.getByRole('heading', { name: 'This link cannot be used' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Go to sign-in' })).toBeVisible();
});

test('a form sent before the page’s scripts run never puts the password into the address', async ({
  browser,
  baseURL,
}) => {
  const context = await browser.newContext({
    javaScriptEnabled: false,
    ...(baseURL === undefined ? {} : { baseURL }),
  });
  const page = await context.newPage();
  await page.goto('/sign-in');
  await page.getByLabel('E-mail address').fill('somebody@larkfield.example');
  await page.getByLabel('Password', { exact: true }).fill('a-secret-nobody-may-log');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  expect(page.url()).not.toContain('secret');
  await context.close();
});

test('somebody changes their own password, is signed out everywhere else, and sees and ends their sessions', async ({
  page,
  browser,
  baseURL,
  as,
}) => {
  // Somebody of this journey alone: nobody else's password may change under them.
  const email = `pat-${randomUUID()}@larkfield.example`;
  const [first, second] = ['violet tractor umbrella', 'copper island morning'];
  const ingrid = await as('Ingrid');
  const origin = { origin: baseURL ?? '' };
  const invited = await ingrid.request.post('/api/trpc/setup.invite', {
    headers: origin,
    data: { email, name: 'Pat Moreau', roles: ['reviewer'] },
  });
  const { url } = (await invited.json()).result.data as { url: string };
  await page.request.post('/api/trpc/setup.accept', {
    headers: origin,
    data: { token: url.split('/').at(-1), password: first },
  });
  const pat = { email, name: 'Pat Moreau', password: first, roles: [], clearances: [] };
  const phone = await browser.newPage(baseURL === undefined ? {} : { baseURL });
  await signIn(phone, pat);
  await signIn(page, pat);

  // A menu opens once the page hears clicks.
  await visit(page, '/inbox');
  await page.getByRole('button', { name: /Pat Moreau/ }).click();
  await page.getByRole('menuitem', { name: 'Your account' }).click();
  const sessions = page.getByRole('list', { name: 'Your sessions' }).getByRole('listitem');
  await expect(sessions).toHaveCount(2);
  await expect(sessions.filter({ hasText: 'this one' })).toHaveCount(1);

  const form = page.getByRole('form', { name: 'Change your password' });
  const change = async (current: string, password: string) => {
    await form.getByLabel('Current password').fill(current);
    await form.getByLabel('New password').fill(password);
    await form.getByRole('button', { name: 'Change password' }).click();
  };
  await change('not my password', second);
  await expect(form.getByRole('alert')).toContainText('This is not your current password.');
  await change(first, second);
  await expect(page.getByText('Your password is changed')).toBeVisible();
  await expect(sessions).toHaveCount(1);
  await expect(phone.getByRole('heading', { name: 'Sign in' })).toBeVisible();

  await fillSignIn(phone, email, first);
  await expect(phone.getByRole('alert').filter({ hasText: 'is wrong' })).toBeVisible();
  await signIn(phone, { ...pat, password: second });
  await page.reload();
  await expect(sessions).toHaveCount(2);
  await sessions.getByRole('button', { name: /^End the session of/ }).click();
  await expect(sessions).toHaveCount(1);
  await expect(phone.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await phone.close();
});
