import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import NextAuthModule, { type NextAuthOptions } from 'next-auth';
import { decode } from 'next-auth/jwt';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createPasswords } from '@/server/adapters/passwords/argon2-passwords';
import { createInside, type Inside } from '@/server/api/inside';
import { publishAuthUrl } from '@/server/env';
import { type ServedFront, serveFront } from '@/server/testing/front';
import type { TestPerson } from '@/server/testing/identity';
import { startIdentityProvider } from '@/server/testing/identity-provider';
import { createAuthenticateReviewer } from './authenticate-reviewer';
import { nextAuthOptions } from './next-auth-options';
import { type SessionCookie, sessionCookie } from './session-cookie';

// A CommonJS default export, which Node hands over one level deeper than a bundler does.
const NextAuth = ((NextAuthModule as unknown as { default?: unknown }).default ?? NextAuthModule) as (
  request: object,
  response: object,
  options: NextAuthOptions,
) => Promise<void>;
const PASSWORD = 'orchid lantern twelve';
let front: ServedFront;
let provider: Awaited<ReturnType<typeof startIdentityProvider>>;
let server: Server;
let url: string;
let inside: Inside;
let cookie: SessionCookie;
let person: TestPerson;
let passwordHash: string;

/** next-auth's handler for plain Node, the request taken apart as it expects it. */
async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const at = new URL(request.url ?? '/', url);
  let body = '';
  for await (const chunk of request) body += chunk;
  const cookies = (request.headers.cookie ?? '').split('; ').filter((part) => part !== '');
  const asked = {
    method: request.method,
    headers: request.headers,
    body: Object.fromEntries(new URLSearchParams(body)),
    query: { ...Object.fromEntries(at.searchParams), nextauth: at.pathname.split('/').slice(3) },
    cookies: Object.fromEntries(
      cookies.map((part) => {
        const [name = '', ...value] = part.split('=');
        return [name, decodeURIComponent(value.join('='))];
      }),
    ),
  };
  const answer = Object.assign(response, {
    status(code: number) {
      response.statusCode = code;
      return answer;
    },
    json: (value: unknown) => response.end(JSON.stringify(value)),
    send: (value: unknown) => response.end(typeof value === 'string' ? value : JSON.stringify(value)),
  });
  // An address of its own for each person: failures are counted per address too.
  await NextAuth(asked, answer, nextAuthOptions(inside, { address: person.id, userAgent: 'test' }));
}

beforeAll(async () => {
  front = await serveFront();
  provider = await startIdentityProvider();
  passwordHash = await createPasswords().hash(PASSWORD);
  server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  publishAuthUrl(url);
  cookie = sessionCookie({ url, secret: new Uint8Array(32).fill(3) });
  inside = createInside({
    positionOf: () => '',
    world: front.world,
    authenticateReviewer: createAuthenticateReviewer(front.world, cookie),
    cookie,
    providers: [
      { id: 'okta', name: 'Okta', issuer: provider.issuer, clientId: 'holdpoint', clientSecret: 's' },
    ],
  });
});
beforeEach(async () => {
  person = await front.createPerson({ passwordHash });
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await provider.close();
  await front.close();
});

/** A browser's cookies over requests that do not follow redirects. */
function createBrowser() {
  const jar = new Map<string, string>();
  const header = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
  const go = async (path: string, form?: Record<string, string>) => {
    const response = await fetch(new URL(path, url), {
      redirect: 'manual',
      method: form === undefined ? 'GET' : 'POST',
      headers: { cookie: header() },
      ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  };
  return {
    jar,
    header,
    go,
    async csrf() {
      return ((await (await go('/api/auth/csrf')).json()) as { csrfToken: string }).csrfToken;
    },
    async signIn(password: string, extra: Record<string, string> = {}) {
      const csrfToken = await this.csrf();
      const form = { csrfToken, email: person.email, password, json: 'true', ...extra };
      const response = await go('/api/auth/callback/credentials', form);
      return { status: response.status, url: ((await response.json()) as { url: string }).url };
    },
    async signInAt(id: string, callbackUrl = '/inbox') {
      const form = { csrfToken: await this.csrf(), callbackUrl, json: 'true' };
      const { url: away } = (await (await go(`/api/auth/signin/${id}`, form)).json()) as { url: string };
      const back = (await fetch(away, { redirect: 'manual' })).headers.get('location') ?? '';
      return (await go(back)).headers.get('location');
    },
  };
}
const viewer = (browser: ReturnType<typeof createBrowser>) => inside.findViewer(browser.header());

test('a script signs in with three requests and is that person', async () => {
  const browser = createBrowser();
  expect(await browser.signIn(PASSWORD)).toEqual({ status: 200, url: `${url}/` });
  expect(await viewer(browser)).toMatchObject({ personId: person.id });
});

test('the cookie names a session and says nothing else', async () => {
  const browser = createBrowser();
  await browser.signIn(PASSWORD);
  const claims = await decode({ token: browser.jar.get(cookie.name) ?? '', secret: cookie.secret });
  expect(Object.keys(claims ?? {}).sort()).toEqual(['exp', 'iat', 'jti', 'sid']);
});

test('a wrong password gives no session, and the word says why without a sentence', async () => {
  const browser = createBrowser();
  const answer = await browser.signIn('wrong');
  expect(answer.status).toBe(401);
  expect(new URL(answer.url).searchParams.get('error')).toBe('unauthenticated');
  expect(browser.jar.has(cookie.name)).toBe(false);
});

test('too many attempts say how many seconds to wait', async () => {
  const browser = createBrowser();
  for (let n = 0; n < 5; n++) await browser.signIn('wrong');
  const { url: answer } = await browser.signIn(PASSWORD);
  expect(new URL(answer).searchParams.get('error')).toMatch(/^rate_limited\.\d+$/);
});

test('without the csrf token nobody is signed in', async () => {
  const browser = createBrowser();
  const form = { csrfToken: 'made up', email: person.email, password: PASSWORD, json: 'true' };
  await browser.go('/api/auth/callback/credentials', form);
  expect(browser.jar.has(cookie.name)).toBe(false);
});

test('signing in by GET does nothing', async () => {
  const browser = createBrowser();
  const csrfToken = await browser.csrf();
  const query = new URLSearchParams({ csrfToken, email: person.email, password: PASSWORD });
  await browser.go(`/api/auth/callback/credentials?${query}`);
  expect(browser.jar.has(cookie.name)).toBe(false);
});

test.each(['https://evil.example/', '//evil.example', 'http://evil.example:3000'])(
  'a link cannot send people elsewhere after signing in (%s)',
  async (callbackUrl) => {
    expect(await createBrowser().signIn(PASSWORD, { callbackUrl })).toEqual({ status: 200, url });
  },
);

test('signing out ends the session on the server, so that a kept copy of the cookie is worthless', async () => {
  const browser = createBrowser();
  await browser.signIn(PASSWORD);
  const kept = browser.header();
  await browser.go('/api/auth/signout', { csrfToken: await browser.csrf(), json: 'true' });
  expect(browser.jar.has(cookie.name)).toBe(false);
  expect(await inside.findViewer(kept)).toBeNull();
});

test('a session that was revoked is not brought back by asking next-auth for it', async () => {
  const browser = createBrowser();
  await browser.signIn(PASSWORD);
  await front.world.db.prisma.session.updateMany({
    where: { personId: person.id },
    data: { revokedAt: new Date() },
  });
  expect(await (await browser.go('/api/auth/session')).json()).toEqual({});
  expect(browser.jar.has(cookie.name)).toBe(false);
});

test('a provider signs in a person of the workspace and leads back to where they were going', async () => {
  provider.signInAs({ sub: 'okta|1', email: person.email, email_verified: true });
  const browser = createBrowser();
  expect(await browser.signInAt('okta')).toBe(`${url}/inbox`);
  expect(await viewer(browser)).toMatchObject({ personId: person.id });
});

test.each([
  [
    'an address nobody has',
    { sub: 'okta|2', email: 'stranger@example.com', email_verified: true },
    'person_unknown',
  ],
  ['an address the provider has not verified', { sub: 'okta|3', email_verified: false }, 'forbidden'],
])('a provider cannot let in %s', async (_, claims, word) => {
  provider.signInAs({ email: person.email, ...claims });
  const browser = createBrowser();
  expect(await browser.signInAt('okta')).toBe(`/sign-in?error=${word}`);
  expect(browser.jar.has(cookie.name)).toBe(false);
});
