import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createSignInLimits } from '@/server/adapters/limits/sign-in-limits';
import { createPasswords } from '@/server/adapters/passwords/argon2-passwords';
import { type Database, openDatabase } from '@/server/store/database';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import { createPerson, createWorkspace, type TestPerson } from '@/server/testing/identity';
import type { SignInDeps } from './sign-in-deps';
import { startProviderSession, startSession } from './start-session';

const PASSWORD = 'orchid lantern twelve';
const passwords = createPasswords();
let test_: TestDatabase;
let db: Database;
let deps: SignInDeps;
let workspaceId: string;
let person: TestPerson;
let addresses = 0;
let origin: { address: string; userAgent: string };

beforeAll(async () => {
  test_ = await freshDatabase();
  db = openDatabase(test_.url);
  deps = {
    db,
    passwords,
    clock: { now: () => new Date() },
    url: 'http://localhost:3000',
    signInLimits: createSignInLimits(db.pool),
  };
  workspaceId = await createWorkspace(db);
});
beforeEach(async () => {
  person = await createPerson(db, workspaceId, { passwordHash: await passwords.hash(PASSWORD) });
  origin = { address: `10.1.0.${++addresses}`, userAgent: 'test' };
});
afterAll(async () => {
  await db.close();
  await test_.drop();
});

const signIn = (password: string, email = person.email, from = origin) =>
  startSession(deps, { email, password, ...from });
const failTimes = async (times: number, from = origin) => {
  for (let n = 0; n < times; n++) await signIn('wrong', person.email, from);
};
const events = async (kind: string) =>
  (await db.prisma.auditEvent.findMany({ where: { workspaceId, kind }, orderBy: { id: 'desc' } })).map(
    (e) => e.data,
  );

test('the right password starts a session, with its event in the log', async () => {
  const outcome = await signIn(PASSWORD);
  const session = await db.prisma.session.findFirstOrThrow({ where: { personId: person.id } });
  expect(outcome).toEqual({ ok: true, value: { sessionId: session.id, personId: person.id } });
  expect(session).toMatchObject({ workspaceId, revokedAt: null, address: origin.address });
  expect((await events('session.started'))[0]).toMatchObject({ sessionId: session.id, method: 'password' });
});

test('the address is taken in any case, with spaces around it', async () => {
  expect((await signIn(PASSWORD, ` ${person.email.toUpperCase()} `)).ok).toBe(true);
});

test('an unknown address, a wrong password and a person without a password are told the same', async () => {
  const without = await createPerson(db, workspaceId);
  const answers = [
    await signIn(PASSWORD, 'nobody@example.com'),
    await signIn('not this one'),
    await signIn(PASSWORD, without.email),
  ];
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(answers[0]).toMatchObject({ ok: false, code: 'unauthenticated' });
});

test('a refused sign-in is in the log without what was typed', async () => {
  await signIn('my secret typed in the wrong field');
  const [event] = await events('sign_in.refused');
  expect(event).toEqual({ reason: 'wrong_password', address: origin.address, personId: person.id });
});

test('a disabled person is refused even with the right password', async () => {
  await db.prisma.person.update({ where: { id: person.id }, data: { disabledAt: new Date() } });
  expect(await signIn(PASSWORD)).toMatchObject({
    ok: false,
    code: 'forbidden',
    message: expect.stringContaining('disabled'),
  });
});

test('somebody without a role is told whom to ask', async () => {
  await db.prisma.person.update({ where: { id: person.id }, data: { roles: [] } });
  expect(await signIn(PASSWORD)).toMatchObject({
    ok: false,
    code: 'not_entitled',
    message: expect.stringContaining('owner'),
  });
});

test('after five failures even the right password has to wait, and the answer says until when', async () => {
  await failTimes(5);
  expect(await signIn(PASSWORD)).toMatchObject({
    ok: false,
    code: 'rate_limited',
    message: expect.stringMatching(/Try again in \d+ minutes?, at \d\d:\d\d UTC/),
    retryAfterSeconds: expect.any(Number),
  });
  const reasons = (await events('sign_in.refused')).map((data) => (data as { reason: string }).reason);
  expect(reasons[0]).toBe('too_many_attempts');
});

test('a stranger who fails on purpose does not lock a person out at their own address', async () => {
  await failTimes(8, { address: '10.66.0.1', userAgent: 'stranger' });
  expect((await signIn(PASSWORD)).ok).toBe(true);
});

test('failures from many addresses add up on the account', async () => {
  for (let n = 0; n < 30; n++) {
    await signIn('wrong', person.email, { address: `10.77.0.${n}`, userAgent: 'many' });
  }
  expect(await signIn(PASSWORD)).toMatchObject({ ok: false, code: 'rate_limited' });
});

test('one address that tries many accounts is stopped', async () => {
  for (let n = 0; n < 60; n++) await signIn('wrong', `nobody-${n}@example.com`);
  expect(await signIn(PASSWORD)).toMatchObject({ ok: false, code: 'rate_limited' });
});

test('the count is shared by processes and outlives them', async () => {
  await failTimes(5);
  const another = { ...deps, signInLimits: createSignInLimits(db.pool) };
  const outcome = await startSession(another, { email: person.email, password: PASSWORD, ...origin });
  expect(outcome).toMatchObject({ ok: false, code: 'rate_limited' });
});

test('many guesses at the same instant get no more tries than one after the other', async () => {
  await Promise.all(Array.from({ length: 12 }, () => signIn('wrong')));
  expect(await signIn(PASSWORD)).toMatchObject({ ok: false, code: 'rate_limited' });
});

test('signing in forgives the failures before it', async () => {
  await failTimes(4);
  expect((await signIn(PASSWORD)).ok).toBe(true);
  await failTimes(4);
  expect((await signIn(PASSWORD)).ok).toBe(true);
});

const byProvider = (email: string | null, emailVerified: boolean) =>
  startProviderSession(deps, { provider: 'okta', email, emailVerified, ...origin });

test('a provider signs in only people of the workspace whose address it has verified', async () => {
  expect(await byProvider(person.email, true)).toMatchObject({ ok: true });
  expect(await byProvider(person.email, false)).toMatchObject({ ok: false, code: 'forbidden' });
  expect(await byProvider('stranger@example.com', true)).toMatchObject({ ok: false, code: 'person_unknown' });
  expect(await byProvider(null, true)).toMatchObject({ ok: false, code: 'person_unknown' });
});

test('a provider cannot sign in a disabled person', async () => {
  await db.prisma.person.update({ where: { id: person.id }, data: { disabledAt: new Date() } });
  expect(await byProvider(person.email, true)).toMatchObject({ ok: false, code: 'forbidden' });
});
