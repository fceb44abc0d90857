import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ServedFront, send, serveFront } from '@/server/testing/front';
import type { TestPerson } from '@/server/testing/identity';

let front: ServedFront;
let person: TestPerson;

beforeAll(async () => {
  front = await serveFront();
  person = await front.createPerson();
});
afterAll(() => front.close());

const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  send(`${front.url}${path}`, { method, headers });
/** Stands in for a page: the front served alone has none behind its gate. */
const LET_THROUGH = { status: 404, text: 'not the front' };
const signInFor = (path: string) => `/sign-in?callbackUrl=${encodeURIComponent(path)}`;

test.each([
  ['/', '/'],
  ['/inbox?view=held&q=pay%20roll', '/inbox?view=held&q=pay%20roll'],
  ['/actions/act_01kh0000000000000000000000', '/actions/act_01kh0000000000000000000000'],
  ['/a-page-somebody-adds-tomorrow', '/a-page-somebody-adds-tomorrow'],
  ['/_next/../inbox', '/inbox'],
  ['/setup/%2e%2e/people', '/people'],
  ['//evil.example/inbox', '/evil.example/inbox'],
])('signed out, %s is a redirect to sign-in that knows the way back, without a page', async (path, back) => {
  const answer = await ask(path);
  expect(answer).toMatchObject({ status: 307, text: 'Sign in first.' });
  expect(answer.headers).toMatchObject({ location: signInFor(back), 'cache-control': 'no-store' });
});

test.each([
  '/sign-in',
  '/sign-in?error=forbidden',
  '/setup/abc',
  '/_next/static/x.js',
  '/icon.svg',
  '/api/auth/csrf',
])('signed out, %s is open', async (path) => {
  expect(await ask(path)).toMatchObject(LET_THROUGH);
});

test('a look without a body is turned away like any other, and a form never sent on', async () => {
  expect(await ask('/inbox', {}, 'HEAD')).toMatchObject({ status: 307 });
  expect(await ask('/inbox', {}, 'POST')).toMatchObject({ status: 303 });
});

test('a page that is open and asks for the next one is refused, so that the browser opens a whole new page', async () => {
  const answer = await ask('/inbox?_rsc=1a2b3', { rsc: '1' });
  expect(answer).toMatchObject({ status: 401, text: 'Sign in first.' });
});

test('a live session opens the page; once it is revoked its cookie opens nothing any more', async () => {
  const { cookie, sessionId } = await front.signIn(person);
  expect(await ask('/inbox', { cookie })).toMatchObject(LET_THROUGH);
  await front.world.db.prisma.session.update({ where: { id: sessionId }, data: { revokedAt: new Date() } });
  expect((await ask('/inbox', { cookie })).headers.location).toBe(signInFor('/inbox'));
});

test('an expired session and a person who was disabled are turned away, whatever the cookie', async () => {
  const expired = await front.signIn(person);
  await front.world.db.prisma.session.update({
    where: { id: expired.sessionId },
    data: { expiresAt: new Date(Date.now() - 1000) },
  });
  expect(await ask('/inbox', { cookie: expired.cookie })).toMatchObject({ status: 307 });
  const gone = await front.createPerson();
  const { cookie } = await front.signIn(gone);
  await front.world.db.prisma.person.update({ where: { id: gone.id }, data: { disabledAt: new Date() } });
  expect(await ask('/inbox', { cookie })).toMatchObject({ status: 307 });
});

test.each(['next-auth.session-token=x', 'next-auth.session-token=ses_01kh0000000000000000000000'])(
  'the mere presence of a cookie opens nothing (%s)',
  async (cookie) => {
    expect(await ask('/inbox', { cookie })).toMatchObject({ status: 307 });
  },
);
