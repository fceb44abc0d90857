import { get } from 'node:https';
import { type APIRequestContext, expect, type PlaywrightWorkerArgs, test } from '@playwright/test';
import { startCompanyServer } from './fixtures/company-server';

test.describe.configure({ mode: 'serial' });

let at: Awaited<ReturnType<typeof startCompanyServer>>;
test.beforeAll(async () => {
  at = await startCompanyServer();
});
test.afterAll(() => at?.close());

/** A browser's cookies without its pages: what is tested here is the way of the requests. */
const jar = (playwright: PlaywrightWorkerArgs['playwright'], headers: Record<string, string> = {}) =>
  playwright.request.newContext({
    baseURL: at.url,
    ignoreHTTPSErrors: true,
    maxRedirects: 0,
    extraHTTPHeaders: headers,
  });
const csrf = async (who: APIRequestContext): Promise<string> =>
  (await (await who.get('/api/auth/csrf')).json()).csrfToken;

/** Goes to the provider, which signs in at once, and answers the address it sends people back to. */
async function askProvider(who: APIRequestContext): Promise<string> {
  const form = { csrfToken: await csrf(who), callbackUrl: '/account', json: 'true' };
  const { url } = await (await who.post('/api/auth/signin/acme', { form })).json();
  return (await who.get(url)).headers().location ?? '';
}
const sessionCookie = async (who: APIRequestContext) =>
  (await who.storageState()).cookies.find(({ name }) => name.endsWith('session-token'));

test('somebody signs in with the company’s identity provider over TLS, and once the session is revoked its cookie opens nothing', async ({
  playwright,
}) => {
  const ana = await at.person('Ana');
  at.provider.signInAs({ sub: 'acme|1', email: ana.email.toUpperCase(), email_verified: true });
  const who = await jar(playwright);
  const away = await who.get('/account');
  expect([away.status(), away.headers().location]).toEqual([307, '/sign-in?callbackUrl=%2Faccount']);
  const back = await who.get(await askProvider(who));
  expect(back.headers().location).toBe(`${at.url}/account`);
  expect(await sessionCookie(who)).toMatchObject({
    name: '__Secure-next-auth.session-token',
    secure: true,
    httpOnly: true,
    sameSite: 'Lax',
  });
  const account = await who.get('/account');
  expect([account.status(), account.headers()['strict-transport-security']]).toEqual([
    200,
    'max-age=31536000',
  ]);
  expect((await (await who.get('/api/trpc/me.get')).json()).result.data).toMatchObject({
    personId: ana.id,
    hasPassword: false,
  });
  await at.rows('UPDATE session SET revoked_at = now() WHERE person_id = $1', [ana.id]);
  expect((await who.get('/account')).status()).toBe(307);
  await who.dispose();
});

for (const [whom, claims, word] of [
  [
    'somebody nobody invited',
    { email: 'stranger@larkfield.example', email_verified: true },
    'person_unknown',
  ],
  ['an address that is not verified', { email_verified: false }, 'forbidden'],
  ['somebody who was disabled', { email_verified: true, isDisabled: true }, 'forbidden'],
] as const) {
  test(`the identity provider cannot let in ${whom}`, async ({ playwright }) => {
    const bo = await at.person('Bo', { isDisabled: 'isDisabled' in claims });
    at.provider.signInAs({ sub: 'acme|2', email: bo.email, ...claims });
    const who = await jar(playwright);
    const back = await who.get(await askProvider(who));
    expect(back.headers().location).toContain(`/sign-in?error=${word}`);
    expect(await sessionCookie(who)).toBeUndefined();
    expect(await at.rows('SELECT 1 FROM session WHERE person_id = $1', [bo.id])).toEqual([]);
    await who.dispose();
  });
}

test('an answer of the provider that belongs to another browser’s attempt signs nobody in', async ({
  playwright,
}) => {
  const ana = await at.person('Ana');
  at.provider.signInAs({ sub: 'acme|3', email: ana.email, email_verified: true });
  const [started, other] = [await jar(playwright), await jar(playwright)];
  await other.get(await askProvider(started));
  expect(await sessionCookie(other)).toBeUndefined();
  expect(await at.rows('SELECT 1 FROM session WHERE person_id = $1', [ana.id])).toEqual([]);
  for (const each of [started, other]) await each.dispose();
});

test('failed sign-ins are counted for the address the proxy saw, whatever the client says it is', async ({
  playwright,
}) => {
  const cleo = await at.person('Cleo', { password: 'violet tractor umbrella' });
  const attempt = async (n: number, password: string): Promise<string> => {
    const who = await jar(playwright, { 'x-forwarded-for': `203.0.113.${n}` });
    const form = { csrfToken: await csrf(who), email: cleo.email, password, json: 'true' };
    const { url } = await (await who.post('/api/auth/callback/credentials', { form })).json();
    await who.dispose();
    return new URL(url).searchParams.get('error') ?? 'signed in';
  };
  for (let n = 1; n <= 5; n++) expect(await attempt(n, 'a guess')).toBe('unauthenticated');
  expect(await attempt(6, 'violet tractor umbrella')).toMatch(/^rate_limited\.\d+$/);
});

test('the stream says hello through the proxy at once, and an agent that waits hears of the end', async ({
  playwright,
}) => {
  const ona = await at.person('Ona');
  at.provider.signInAs({ sub: 'acme|4', email: ona.email, email_verified: true });
  const who = await jar(playwright);
  await who.get(await askProvider(who));
  const { name, value } = (await sessionCookie(who)) ?? { name: '', value: '' };
  const hello = await new Promise<string>((resolve, reject) => {
    const headers = { cookie: `${name}=${value}` };
    const stream = get(`${at.url}/api/stream`, { headers, rejectUnauthorized: false }, (answer) => {
      answer.once('data', (chunk) => {
        resolve(String(chunk));
        stream.destroy();
      });
    });
    stream.on('error', reject);
  });
  expect(hello).toContain('event: hello');
  const { actionId, authorization } = await at.heldAction(ona.id);
  const input = encodeURIComponent(JSON.stringify({ actionId, waitSeconds: 55 }));
  const agent = await jar(playwright, { authorization });
  const waiting = agent.get(`/api/trpc/agent.wait?input=${input}`, { timeout: 50_000 });
  expect((await agent.post('/api/trpc/agent.cancel', { data: { actionId } })).ok()).toBe(true);
  expect((await (await waiting).json()).result.data.status).toBe('cancelled');
  for (const each of [who, agent]) await each.dispose();
});
