import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createSignInLimits } from '@/server/adapters/limits/sign-in-limits';
import { createPasswords } from '@/server/adapters/passwords/argon2-passwords';
import { mintReviewerScope } from '@/server/api/auth/mint-scopes';
import type { ReviewerScope } from '@/server/domain/scopes';
import { type Database, openDatabase } from '@/server/store/database';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import { createPerson, createWorkspace, type TestPerson } from '@/server/testing/identity';
import { changePassword } from './change-password';
import { identifySession } from './identify-session';
import { revokeSessions } from './revoke-sessions';
import type { SignInDeps } from './sign-in-deps';
import { startSession } from './start-session';

const [OLD, NEW] = ['orchid lantern twelve', 'seven quiet bridges'];
const passwords = createPasswords();
let test_: TestDatabase;
let db: Database;
let deps: SignInDeps;
let person: TestPerson;
let me: ReviewerScope;

const signIn = async (password: string, from: string) =>
  startSession(deps, { email: person.email, password, address: `${from} of ${person.id}`, userAgent: null });
async function signedIn(from: string): Promise<ReviewerScope> {
  const started = await signIn(OLD, from);
  const session = started.ok ? await identifySession({ db }, started.value.sessionId) : null;
  if (session === null) throw new Error('not signed in');
  return mintReviewerScope(session);
}
const isLive = async (of: ReviewerScope) => (await identifySession({ db }, of.sessionId)) !== null;
const change = (current: string, password: string, who = me) =>
  changePassword(deps, who, { current, password });
const events = async (kind: string) =>
  (await db.prisma.auditEvent.findMany({ where: { kind, workspaceId: person.workspaceId } })).map(
    (e) => e.data,
  );

beforeAll(async () => {
  test_ = await freshDatabase();
  db = openDatabase(test_.url);
  const clock = { now: () => new Date() };
  deps = { db, passwords, clock, url: 'http://localhost:3000', signInLimits: createSignInLimits(db.pool) };
});
beforeEach(async () => {
  person = await createPerson(db, await createWorkspace(db), { passwordHash: await passwords.hash(OLD) });
  me = await signedIn('here');
});
afterAll(async () => {
  await db.close();
  await test_.drop();
});

test('a changed password opens, the old one does not, other sessions and unused links end, and the log says so', async () => {
  const elsewhere = await signedIn('elsewhere');
  await db.prisma.setupLink.create({
    data: {
      tokenHash: person.id,
      purpose: 'reset',
      personId: person.id,
      workspaceId: person.workspaceId,
      expiresAt: new Date(Date.now() + 60_000),
    },
  });
  expect(await change(OLD, NEW)).toEqual({ ok: true, value: { endedSessions: 1 } });
  expect([await isLive(me), await isLive(elsewhere)]).toEqual([true, false]);
  expect([(await signIn(OLD, 'there')).ok, (await signIn(NEW, 'there')).ok]).toEqual([false, true]);
  expect(await db.prisma.setupLink.count({ where: { personId: person.id } })).toBe(0);
  const stored = await db.prisma.person.findUniqueOrThrow({ where: { id: person.id } });
  expect(stored.passwordHash).toMatch(/^\$argon2id\$/);
  expect(await events('person.updated')).toEqual([
    { name: person.email, detail: 'password changed', endedSessions: 1 },
  ]);
});

test.each([
  ['a wrong old one', 'not my password', NEW, '/current'],
  ['a short new one', OLD, 'short', '/password'],
  ['one that is their address', OLD, () => person.email, '/password'],
  ['the old one again', OLD, OLD, '/password'],
])('%s changes nothing and says where', async (_, current, password, pointer) => {
  const elsewhere = await signedIn('elsewhere');
  const outcome = await change(current, typeof password === 'string' ? password : password());
  expect(outcome).toMatchObject({ ok: false, code: 'input_invalid', problems: [{ pointer }] });
  expect(await isLive(elsewhere)).toBe(true);
  expect((await signIn(OLD, 'there')).ok).toBe(true);
});

test('guessing the old password stops after five, with the time to wait, even for the right one', async () => {
  for (let n = 0; n < 5; n++)
    expect(await change(`guess ${n}`, NEW)).toMatchObject({ code: 'input_invalid' });
  const outcome = await change(OLD, NEW);
  expect(outcome).toMatchObject({ ok: false, code: 'rate_limited', retryAfterSeconds: expect.any(Number) });
  expect((await events('sign_in.refused'))[0]).toEqual({
    reason: 'wrong_current_password',
    personId: person.id,
  });
});

test('of two changes at the same moment one wins', async () => {
  const outcomes = await Promise.all([change(OLD, NEW), change(OLD, 'eleven loud fountains')]);
  expect(outcomes.filter((o) => o.ok)).toHaveLength(1);
  const after = await Promise.all([signIn(NEW, 'x'), signIn('eleven loud fountains', 'y')]);
  expect(after.map((o) => o.ok)).toEqual(outcomes.map((o) => o.ok));
});

test('whoever signs in elsewhere has no password to change and is told where', async () => {
  await db.prisma.person.update({ where: { id: person.id }, data: { passwordHash: null } });
  expect(await change('anything', NEW)).toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('identity provider'),
  });
});

test('a person ends all their sessions but the one they ask from', async () => {
  const others = [await signedIn('a'), await signedIn('b')];
  expect(await revokeSessions({ db }, me, { others: true })).toEqual({ ok: true, value: { ended: 2 } });
  expect(await isLive(me)).toBe(true);
  for (const other of others) expect(await isLive(other)).toBe(false);
});
