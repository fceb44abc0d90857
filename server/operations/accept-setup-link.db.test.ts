import { afterAll, beforeEach, expect, test } from 'vitest';
import { createSignInLimits } from '@/server/adapters/limits/sign-in-limits';
import { createPasswords } from '@/server/adapters/passwords/argon2-passwords';
import { mintReviewerScope } from '@/server/api/auth/mint-scopes';
import type { ReviewerScope } from '@/server/domain/scopes';
import type { Role } from '@/server/domain/vocabulary';
import { type Database, openDatabase } from '@/server/store/database';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import { createPerson, createWorkspace, type TestPerson } from '@/server/testing/identity';
import { acceptSetupLink } from './accept-setup-link';
import { createOwnerLink } from './create-owner-link';
import { findSetup } from './find-setup-link';
import { invitePerson } from './invite-person';
import type { SignInDeps } from './sign-in-deps';
import { startSession } from './start-session';

const PASSWORD = 'orchid lantern twelve';
const OWNER = { workspace: 'Acme', name: 'Ana Ruiz', email: 'Ana@Example.com' };
const opened: (() => Promise<void>)[] = [];
let db: Database;
let deps: SignInDeps;

// An installation of its own for every test: the first owner comes only once.
beforeEach(async () => {
  const fresh: TestDatabase = await freshDatabase();
  db = openDatabase(fresh.url);
  const opening = db;
  opened.push(async () => {
    await opening.close();
    await fresh.drop();
  });
  deps = {
    db,
    passwords: createPasswords(),
    clock: { now: () => new Date() },
    url: 'http://localhost:3000',
    signInLimits: createSignInLimits(db.pool),
  };
});
afterAll(() => Promise.all(opened.map((close) => close())));

const tokenOf = (url: string) => url.split('/').at(-1) ?? '';
async function ownerToken(): Promise<string> {
  const outcome = await createOwnerLink(deps);
  if (!outcome.ok) throw new Error(outcome.message);
  return tokenOf(outcome.value.url);
}
const scopeOf = (person: TestPerson, roles: Role[]): ReviewerScope =>
  mintReviewerScope({
    ...person,
    personId: person.id,
    sessionId: 'ses_test',
    roles,
    clearances: [],
  });
async function ownerScope(): Promise<ReviewerScope> {
  return scopeOf(await createPerson(db, await createWorkspace(db), { roles: ['owner'], name: 'Olga' }), [
    'owner',
  ]);
}
async function invite(scope: ReviewerScope, email: string, roles?: Role[]): Promise<string> {
  const outcome = await invitePerson(deps, scope, { email, name: 'New Person', roles });
  if (!outcome.ok) throw new Error(outcome.message);
  return tokenOf(outcome.value.url);
}
const signsIn = async (email: string, password: string) =>
  (await startSession(deps, { email, password, address: '10.0.0.1', userAgent: null })).ok;

test('the first owner sets up the workspace and can sign in', async () => {
  const token = await ownerToken();
  expect(await acceptSetupLink(deps, { token, password: PASSWORD, owner: OWNER })).toEqual({
    ok: true,
    value: { email: 'ana@example.com' },
  });
  expect(await signsIn('ana@example.com', PASSWORD)).toBe(true);
  const person = await db.prisma.person.findFirstOrThrow({ include: { workspace: true } });
  expect(person).toMatchObject({ name: 'Ana Ruiz', workspace: { name: 'Acme' } });
  expect(person.roles).toContain('owner');
  expect(await db.prisma.auditEvent.count({ where: { kind: 'owner.created' } })).toBe(1);
});

test('looking at a link, however often, changes nothing', async () => {
  const token = await ownerToken();
  const before = await db.prisma.setupLink.findMany();
  for (let n = 0; n < 3; n++) expect(await findSetup(deps, { token })).toMatchObject({ ok: true });
  expect(await db.prisma.setupLink.findMany()).toEqual(before);
  expect(await db.prisma.workspace.count()).toBe(0);
});

test('the token is stored hashed', async () => {
  const token = await ownerToken();
  expect(JSON.stringify(await db.prisma.setupLink.findMany())).not.toContain(token);
});

test('a link that was used is refused from then on', async () => {
  const token = await ownerToken();
  await acceptSetupLink(deps, { token, password: PASSWORD, owner: OWNER });
  const again = { ...OWNER, email: 'mallory@example.com' };
  expect(await acceptSetupLink(deps, { token, password: PASSWORD, owner: again })).toMatchObject({
    ok: false,
    code: 'expired',
    message: expect.stringContaining('has been used'),
  });
  expect(await findSetup(deps, { token })).toMatchObject({ ok: false, code: 'expired' });
  expect(await db.prisma.person.count()).toBe(1);
});

test('of eight uses at the same instant exactly one creates the owner', async () => {
  const token = await ownerToken();
  const outcomes = await Promise.all(
    Array.from({ length: 8 }, (_, n) =>
      acceptSetupLink(deps, { token, password: PASSWORD, owner: { ...OWNER, email: `p${n}@example.com` } }),
    ),
  );
  expect(outcomes.filter((outcome) => outcome.ok)).toHaveLength(1);
  expect(await db.prisma.workspace.count()).toBe(1);
  expect(await db.prisma.person.count()).toBe(1);
});

test('a newer owner link makes the older one worthless, and none is made once there is a workspace', async () => {
  const older = await ownerToken();
  const newer = await ownerToken();
  expect(await acceptSetupLink(deps, { token: older, password: PASSWORD, owner: OWNER })).toMatchObject({
    code: 'expired',
  });
  expect((await acceptSetupLink(deps, { token: newer, password: PASSWORD, owner: OWNER })).ok).toBe(true);
  expect(await createOwnerLink(deps)).toMatchObject({ ok: false, code: 'conflict' });
});

test('an owner link left over from before opens nothing once a workspace exists', async () => {
  const token = await ownerToken();
  await createWorkspace(db);
  expect(await acceptSetupLink(deps, { token, password: PASSWORD, owner: OWNER })).toMatchObject({
    ok: false,
    code: 'expired',
  });
  expect(await db.prisma.workspace.count()).toBe(1);
});

test('an expired link opens nothing', async () => {
  const token = await ownerToken();
  await db.prisma.setupLink.updateMany({ data: { expiresAt: new Date(Date.now() - 1) } });
  expect(await findSetup(deps, { token })).toMatchObject({ code: 'expired' });
  expect(await acceptSetupLink(deps, { token, password: PASSWORD, owner: OWNER })).toMatchObject({
    code: 'expired',
  });
});

test.each(['', 'short', 'x'.repeat(43), `${'x'.repeat(42)}'`])(
  'a made-up token (%s) opens nothing',
  async (token) => {
    expect(await acceptSetupLink(deps, { token, password: PASSWORD, owner: OWNER })).toMatchObject({
      code: 'expired',
    });
  },
);

test('a weak password is refused with what to do, and the link stays good', async () => {
  const token = await ownerToken();
  for (const password of ['short', 'aaaaaaaaaaaaaaaa', OWNER.email]) {
    expect(await acceptSetupLink(deps, { token, password, owner: OWNER })).toMatchObject({
      code: 'input_invalid',
      problems: [{ pointer: '/password' }],
    });
  }
  expect((await acceptSetupLink(deps, { token, password: PASSWORD, owner: OWNER })).ok).toBe(true);
});

test('an invited person sets a password once and has the roles they were given', async () => {
  const owner = await ownerScope();
  const token = await invite(owner, 'new@example.com', ['reviewer']);
  expect(await findSetup(deps, { token })).toMatchObject({
    value: { purpose: 'invite', person: { name: 'New Person', email: 'new@example.com' }, workspace: 'Acme' },
  });
  expect(await signsIn('new@example.com', PASSWORD)).toBe(false);
  expect((await acceptSetupLink(deps, { token, password: PASSWORD })).ok).toBe(true);
  expect(await signsIn('new@example.com', PASSWORD)).toBe(true);
  const outcomes = await Promise.all(
    [1, 2].map(() => acceptSetupLink(deps, { token, password: 'another good one here' })),
  );
  expect(outcomes.every((outcome) => !outcome.ok)).toBe(true);
  expect(await signsIn('new@example.com', PASSWORD)).toBe(true);
});

test('an invitation cannot be turned into a workspace of its own', async () => {
  const owner = await ownerScope();
  const token = await invite(owner, 'new@example.com', ['reviewer']);
  await acceptSetupLink(deps, { token, password: PASSWORD, owner: OWNER });
  expect(await db.prisma.workspace.count()).toBe(1);
  expect(await db.prisma.person.count({ where: { email: 'ana@example.com' } })).toBe(0);
});

test('a new password ends the sessions the old one started', async () => {
  const owner = await ownerScope();
  await acceptSetupLink(deps, {
    token: await invite(owner, 'new@example.com', ['reviewer']),
    password: PASSWORD,
  });
  await signsIn('new@example.com', PASSWORD);
  await acceptSetupLink(deps, {
    token: await invite(owner, 'new@example.com'),
    password: 'another good one here',
  });
  expect(await db.prisma.session.count({ where: { revokedAt: null } })).toBe(0);
  expect(await signsIn('new@example.com', PASSWORD)).toBe(false);
});

test('only owners and security leads invite, and only an owner makes a link for an owner', async () => {
  const owner = await ownerScope();
  const victim = await db.prisma.person.findFirstOrThrow({ where: { roles: { has: 'owner' } } });
  for (const role of ['reviewer', 'auditor'] as const) {
    const scope = scopeOf(await createPerson(db, owner.workspaceId, { roles: [role] }), [role]);
    expect(
      await invitePerson(deps, scope, { email: 'x@example.com', name: 'X', roles: ['reviewer'] }),
    ).toMatchObject({ code: 'forbidden' });
  }
  const lead = scopeOf(await createPerson(db, owner.workspaceId, { roles: ['security_lead'] }), [
    'security_lead',
  ]);
  expect(await invitePerson(deps, lead, { email: victim.email })).toMatchObject({ code: 'forbidden' });
  expect(
    await invitePerson(deps, lead, { email: 'x@example.com', name: 'X', roles: ['owner'] }),
  ).toMatchObject({ code: 'forbidden' });
  expect(
    (await invitePerson(deps, lead, { email: 'x@example.com', name: 'X', roles: ['reviewer'] })).ok,
  ).toBe(true);
});

test('a security lead cannot become somebody whose vote counts by resetting their password', async () => {
  const owner = await ownerScope();
  const lead = scopeOf(await createPerson(db, owner.workspaceId, { roles: ['security_lead'] }), [
    'security_lead',
  ]);
  const reviewer = await createPerson(db, owner.workspaceId, { passwordHash: 'kept' });
  expect(await invitePerson(deps, lead, { email: reviewer.email })).toMatchObject({ code: 'forbidden' });
  expect(
    await invitePerson(deps, lead, { email: 'y@example.com', name: 'Y', roles: ['security_lead'] }),
  ).toMatchObject({ code: 'forbidden' });
  expect((await invitePerson(deps, owner, { email: reviewer.email })).ok).toBe(true);
});

test('somebody of another workspace cannot be invited into their account', async () => {
  const owner = await ownerScope();
  const stranger = await createPerson(db, await createWorkspace(db, 'Other'));
  expect(await invitePerson(deps, owner, { email: stranger.email })).toMatchObject({
    ok: false,
    code: 'conflict',
  });
});
