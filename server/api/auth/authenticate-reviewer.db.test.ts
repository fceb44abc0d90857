import { encode } from 'next-auth/jwt';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { endSession } from '@/server/operations/end-session';
import { revokeSessions } from '@/server/operations/revoke-sessions';
import { type Database, openDatabase } from '@/server/store/database';
import { newId } from '@/server/store/new-id';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import { createPerson, createWorkspace, type TestPerson } from '@/server/testing/identity';
import { type AuthenticateReviewer, createAuthenticateReviewer } from './authenticate-reviewer';
import { sessionCookie } from './session-cookie';

const cookie = sessionCookie({ url: 'http://localhost:3000', secret: new Uint8Array(32).fill(7) });
let test_: TestDatabase;
let db: Database;
let authenticate: AuthenticateReviewer;
let person: TestPerson;
let sessionId: string;

async function createSession(of: TestPerson, expiresInSeconds = 3600): Promise<string> {
  const id = newId('session');
  const expiresAt = new Date(Date.now() + expiresInSeconds * 1000);
  await db.prisma.session.create({ data: { id, workspaceId: of.workspaceId, personId: of.id, expiresAt } });
  return id;
}
const cookieFor = async (claims: Record<string, unknown>, secret = cookie.secret) =>
  `theme=dark; ${cookie.name}=${await encode({ token: claims, secret, maxAge: 3600 })}; other=1`;
const viewer = async (claims: Record<string, unknown> = { sid: sessionId }) =>
  authenticate(await cookieFor(claims));

beforeAll(async () => {
  test_ = await freshDatabase();
  db = openDatabase(test_.url);
  authenticate = createAuthenticateReviewer({ db }, cookie);
});
beforeEach(async () => {
  person = await createPerson(db, await createWorkspace(db), {
    roles: ['reviewer'],
    clearances: ['personal'],
  });
  sessionId = await createSession(person);
});
afterAll(async () => {
  await db.close();
  await test_.drop();
});

test('a session gives its person, with roles and clearances as they are now', async () => {
  expect(await viewer()).toMatchObject({
    personId: person.id,
    roles: ['reviewer'],
    clearances: ['personal'],
    sessionId,
  });
  await db.prisma.person.update({ where: { id: person.id }, data: { roles: ['auditor'], clearances: [] } });
  expect(await viewer()).toMatchObject({ roles: ['auditor'], clearances: [] });
});

test('what a token says about roles, people or workspaces is not looked at', async () => {
  const found = await viewer({ sid: sessionId, roles: ['owner'], sub: 'per_x', workspaceId: 'ws_x' });
  expect(found).toMatchObject({ personId: person.id, roles: ['reviewer'], workspaceId: person.workspaceId });
});

test('a session of another workspace shows that workspace and never this one', async () => {
  const other = await createPerson(db, await createWorkspace(db, 'Other'));
  const found = await viewer({ sid: await createSession(other) });
  expect(found?.workspaceId).toBe(other.workspaceId);
});

test('a session whose row names a workspace its person is not in opens nothing', async () => {
  const other = await createWorkspace(db, 'Other');
  await db.prisma.session.update({ where: { id: sessionId }, data: { workspaceId: other } });
  expect(await viewer()).toBeNull();
});

test.each([
  ['no cookie', undefined],
  ['an empty cookie', `${cookie.name}=`],
  ['a plain session id', `${cookie.name}=ses_01kh0000000000000000000000`],
  ['three dots', `${cookie.name}=a.b.c`],
  ['a huge one', `${cookie.name}=${'x'.repeat(20_000)}`],
])('%s is nobody', async (_, header) => {
  expect(await authenticate(header)).toBeNull();
});

test('a token of another installation is nobody here', async () => {
  const foreign = sessionCookie({ url: 'http://localhost:3000', secret: new Uint8Array(32).fill(8) });
  expect(await authenticate(await cookieFor({ sid: sessionId }, foreign.secret))).toBeNull();
});

test('a well-made token that names no session, or names one strangely, is nobody', async () => {
  expect(await viewer({ sid: newId('session') })).toBeNull();
  expect(await viewer({ sid: ['ses'] })).toBeNull();
  expect(await viewer({})).toBeNull();
});

test('signing out ends the session at once, and only this one', async () => {
  const elsewhere = await createSession(person);
  await endSession({ db }, sessionId);
  expect(await viewer()).toBeNull();
  expect(await viewer({ sid: elsewhere })).not.toBeNull();
});

test('revoking ends every session of a person at once', async () => {
  const elsewhere = await createSession(person);
  const scope = await viewer();
  if (scope === null) throw new Error('not signed in');
  expect(await revokeSessions({ db }, scope, {})).toEqual({ ok: true, value: { ended: 2 } });
  expect(await viewer()).toBeNull();
  expect(await viewer({ sid: elsewhere })).toBeNull();
});

test('a reviewer cannot end the sessions of others, nor a security lead those of an owner', async () => {
  const owner = await createPerson(db, person.workspaceId, { roles: ['owner'] });
  const stranger = await createPerson(db, await createWorkspace(db, 'Other'));
  const reviewer = await viewer();
  await db.prisma.person.update({ where: { id: person.id }, data: { roles: ['security_lead'] } });
  const lead = await viewer();
  if (reviewer === null || lead === null) throw new Error('not signed in');
  expect(await revokeSessions({ db }, reviewer, { personId: owner.id })).toMatchObject({ code: 'forbidden' });
  expect(await revokeSessions({ db }, lead, { personId: owner.id })).toMatchObject({ code: 'forbidden' });
  expect(await revokeSessions({ db }, lead, { personId: stranger.id })).toMatchObject({
    code: 'person_unknown',
  });
});

test('an expired session opens nothing', async () => {
  expect(await viewer({ sid: await createSession(person, -1) })).toBeNull();
});

test('a disabled person, or one without roles, is nobody from the next request on', async () => {
  await db.prisma.person.update({ where: { id: person.id }, data: { disabledAt: new Date() } });
  expect(await viewer()).toBeNull();
  await db.prisma.person.update({ where: { id: person.id }, data: { disabledAt: null, roles: [] } });
  expect(await viewer()).toBeNull();
});

test('using a session moves its end, but never beyond seven days after signing in', async () => {
  await viewer();
  await expect
    .poll(async () =>
      (await db.prisma.session.findUniqueOrThrow({ where: { id: sessionId } })).expiresAt.getTime(),
    )
    .toBeGreaterThan(Date.now() + 11 * 3600_000);
  const createdAt = new Date(Date.now() - 7 * 24 * 3600_000 + 1800_000);
  await db.prisma.session.update({
    where: { id: sessionId },
    data: { createdAt, expiresAt: new Date(Date.now() + 600_000) },
  });
  await viewer();
  await expect
    .poll(async () =>
      (await db.prisma.session.findUniqueOrThrow({ where: { id: sessionId } })).expiresAt.getTime(),
    )
    .toBe(createdAt.getTime() + 7 * 24 * 3600_000);
});
