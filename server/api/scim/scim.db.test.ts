import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mintReviewerScope } from '@/server/api/auth/mint-scopes';
import type { ReviewerScope } from '@/server/domain/scopes';
import { createScimToken } from '@/server/operations/create-scim-token';
import { revokeScimToken } from '@/server/operations/revoke-scim-token';
import { type ServedFront, send, serveFront } from '@/server/testing/front';
import type { TestPerson } from '@/server/testing/identity';
import { accepted, refusedAs } from '@/server/testing/world';

// The bodies below have the shape in which Entra ID and Okta send them, after their published provisioning documentation.
const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

let front: ServedFront;
let owner: TestPerson;
let scope: ReviewerScope;
let token: string;
let tokenId: string;
beforeAll(async () => {
  front = await serveFront();
  owner = await front.createPerson({ roles: ['owner'], email: 'owner@acme.com', clearances: ['financial'] });
  scope = mintReviewerScope({
    ...owner,
    personId: owner.id,
    sessionId: 'ses_test',
    roles: ['owner'],
    clearances: [],
  } as unknown as Parameters<typeof mintReviewerScope>[0]);
  const made = accepted(await createScimToken(front.world, scope, { label: 'Entra', expirySeconds: 3_600 }));
  token = made.token;
  tokenId = made.tokenId;
});
afterAll(() => front.close());

type Json = Record<string, unknown>;
async function scim(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const answer = await send(`${front.url}/scim/v2${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/scim+json; charset=utf-8' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { ...answer, json: (answer.text === '' ? {} : JSON.parse(answer.text)) as Json };
}
const patch = (path: string, ...Operations: Json[]) =>
  scim('PATCH', path, { schemas: [PATCH_OP], Operations });
const rowOf = (id: string) => front.world.db.prisma.person.findUniqueOrThrow({ where: { id } });
const eventsOf = (kind: string) =>
  front.world.db.prisma.auditEvent.findMany({ where: { workspaceId: owner.workspaceId, kind } });

let counter = 0;
/** A user as Entra's gallery posts one. */
async function entraUser(of: Json = {}): Promise<{ id: string; email: string; json: Json }> {
  const name = `user${++counter}`;
  const { status, json } = await scim('POST', '/Users', {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', ENTERPRISE],
    externalId: `ext-${name}`,
    userName: `${name}@Acme.com`,
    active: true,
    displayName: `Person ${counter}`,
    emails: [{ primary: true, type: 'work', value: `${name}@acme.com` }],
    meta: { resourceType: 'User' },
    name: { formatted: `Person ${counter}`, familyName: 'Person', givenName: name },
    ...of,
  });
  expect(status, JSON.stringify(json)).toBe(201);
  return { id: json.id as string, email: `${name}@acme.com`, json };
}
async function oktaGroup(displayName: string, members: string[] = []): Promise<string> {
  const { status, json } = await scim('POST', '/Groups', {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
    displayName,
    members: members.map((value) => ({ value, display: 'x' })),
  });
  expect(status, JSON.stringify(json)).toBe(201);
  return json.id as string;
}
const membersOf = async (id: string) =>
  ((await scim('GET', `/Groups/${id}`)).json.members as { value: string }[]).map((m) => m.value).sort();

describe('who may speak', () => {
  test('nobody without a working token, and nobody learns why not', async () => {
    const wrong = `hps_${'0'.repeat(26)}_${'0'.repeat(64)}`;
    for (const authorization of ['', 'Basic x', 'Bearer hp_x', `Bearer ${wrong}`, `Bearer ${token}0`]) {
      const { status, json, headers } = await scim('GET', '/Users', undefined, { authorization });
      expect(status).toBe(401);
      expect(json).toMatchObject({ schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: '401' });
      expect(headers['www-authenticate']).toContain('Bearer');
    }
  });

  test('a token is stored as a hash, revoked at once, ends by itself and is made by administrators only', async () => {
    const { prisma } = front.world.db;
    expect(JSON.stringify(await prisma.scimToken.findMany())).not.toContain(token.slice(31));
    const other = accepted(await createScimToken(front.world, scope, { label: 'old', expirySeconds: 3_600 }));
    expect((await scim('GET', '/Users?count=0')).status).toBe(200);
    const use = () => scim('GET', '/Users?count=0', undefined, { authorization: `Bearer ${other.token}` });
    expect((await use()).status).toBe(200);
    await prisma.scimToken.update({ where: { id: other.tokenId }, data: { expiresAt: new Date(1) } });
    expect((await use()).status).toBe(401);
    await prisma.scimToken.update({
      where: { id: other.tokenId },
      data: { expiresAt: new Date(Date.now() + 99_999) },
    });
    expect((await use()).status).toBe(200);
    accepted(await revokeScimToken(front.world, scope, { tokenId: other.tokenId }));
    accepted(await revokeScimToken(front.world, scope, { tokenId: other.tokenId }));
    expect((await use()).status).toBe(401);
    expect(await eventsOf('scim_token.revoked')).toHaveLength(1);
    const reviewer = { ...scope, roles: ['reviewer'] } as unknown as ReviewerScope;
    expect(
      refusedAs(await createScimToken(front.world, reviewer, { label: 'x', expirySeconds: 3_600 })),
    ).toBe('forbidden');
    const used = await prisma.scimToken.findUniqueOrThrow({ where: { id: tokenId } });
    expect(used.lastUsedAt).not.toBeNull();
    expect(await prisma.directorySync.findMany({ where: { workspaceId: owner.workspaceId } })).toMatchObject([
      { source: 'scim' },
    ]);
  });

  test('a token of one workspace sees and changes nothing of another', async () => {
    const stranger = await front.createPerson({ email: 'stranger@else.example' });
    expect((await scim('GET', `/Users/${stranger.id}`)).status).toBe(404);
    expect(
      (await patch(`/Users/${stranger.id}`, { op: 'replace', path: 'active', value: false })).status,
    ).toBe(404);
    expect((await scim('DELETE', `/Users/${stranger.id}`)).status).toBe(404);
    const taken = await scim('POST', '/Users', { userName: 'stranger@else.example' });
    expect(taken).toMatchObject({ status: 409, json: { scimType: 'uniqueness' } });
    expect((await rowOf(stranger.id)).disabledAt).toBeNull();
  });
});

describe('what a client asks first', () => {
  test('the configuration, the types and the schemas say what is there', async () => {
    expect((await scim('GET', '/ServiceProviderConfig')).json).toMatchObject({
      patch: { supported: true },
      bulk: { supported: false },
      filter: { supported: true, maxResults: 200 },
    });
    const types = (await scim('GET', '/ResourceTypes')).json.Resources as Json[];
    expect(types.map((t) => t.endpoint)).toEqual(['/Users', '/Groups']);
    expect((await scim('GET', '/Schemas')).json.totalResults).toBe(3);
    expect((await scim('GET', `/Schemas/${ENTERPRISE}`)).json.name).toBe('EnterpriseUser');
    for (const path of ['/Nothing', '/Users/a/b', '/Schemas/none', '/Users/%E0%A4%A']) {
      expect([400, 404]).toContain((await scim('GET', path)).status);
    }
    expect((await scim('POST', '/Bulk', {})).status).toBe(404);
    expect((await scim('PUT', '/Users', {})).status).toBe(501);
  });
});

describe('users, as Entra and Okta send them', () => {
  test('a lookup before creating finds nobody, then the one created, also somebody added by hand', async () => {
    const find = async (name: string) =>
      (
        await scim(
          'GET',
          `/Users?filter=${encodeURIComponent(`userName eq "${name}"`)}&startIndex=1&count=100`,
        )
      ).json;
    expect(await find('non-existing@acme.com')).toMatchObject({ totalResults: 0, Resources: [] });
    const { id, email } = await entraUser();
    expect(await find(email.toUpperCase())).toMatchObject({ totalResults: 1, Resources: [{ id }] });
    expect(await find('owner@acme.com')).toMatchObject({ totalResults: 1, Resources: [{ id: owner.id }] });
  });

  test('a user comes back as sent, without any role or clearance, whatever the body asks for', async () => {
    const manager = await entraUser();
    const { json, id } = await entraUser({
      title: 'Engineer',
      roles: [{ value: 'owner', primary: 'True' }],
      entitlements: [{ value: 'financial' }],
      groups: [{ value: 'admins' }],
      clearances: ['financial'],
      [ENTERPRISE]: { department: 'Payroll', manager: { value: manager.id } },
    });
    expect(json).toMatchObject({
      active: true,
      title: 'Engineer',
      [ENTERPRISE]: { department: 'Payroll', manager: { value: manager.id } },
      meta: { resourceType: 'User', location: expect.stringMatching(/\/scim\/v2\/Users\/per_/) },
    });
    expect(await rowOf(id)).toMatchObject({
      roles: [],
      clearances: [],
      source: 'scim',
      managerId: manager.id,
    });
  });

  test('Entra disables with a text and capitals; the person is out at once, in every tab', async () => {
    const { id } = await entraUser();
    await front.world.db.prisma.person.update({
      where: { id },
      data: { roles: ['reviewer'], clearances: ['financial'] },
    });
    const person = { ...owner, id };
    const { sessionId } = await front.signIn(person);
    const answer = await patch(`/Users/${id}`, { op: 'Replace', path: 'active', value: 'False' });
    expect(answer).toMatchObject({ status: 200, json: { active: false } });
    expect((await rowOf(id)).disabledAt).not.toBeNull();
    const session = await front.world.db.prisma.session.findUniqueOrThrow({ where: { id: sessionId } });
    expect(session.revokedAt).not.toBeNull();
    // Whoever comes back gets nothing back by a provider's word.
    expect((await patch(`/Users/${id}`, { op: 'replace', value: { active: true } })).json.active).toBe(true);
    expect(await rowOf(id)).toMatchObject({ disabledAt: null, roles: [], clearances: [] });
  });

  test.each<[string, Json, Json]>([
    [
      'a filter in the path',
      { op: 'Add', path: 'emails[type eq "other"].value', value: 'second@acme.com' },
      { emails: expect.arrayContaining([{ value: 'second@acme.com', type: 'other' }]) },
    ],
    [
      'names with dots as keys',
      {
        op: 'Add',
        value: { 'name.givenName': 'Eva', displayName: 'Eva X', [`${ENTERPRISE}:department`]: 'HR' },
      },
      { displayName: 'Eva X', [ENTERPRISE]: { department: 'HR' } },
    ],
    [
      'a schema in the path',
      { op: 'Replace', path: `${ENTERPRISE}:employeeNumber`, value: '77' },
      { [ENTERPRISE]: { employeeNumber: '77' } },
    ],
    [
      'attribute names in other capitals',
      { op: 'replace', path: 'DisplayName', value: 'Lower' },
      { displayName: 'Lower' },
    ],
    ['removing what is not there', { op: 'Remove', path: 'title' }, { active: true }],
    [
      'the manager as plain text',
      { op: 'Add', path: `${ENTERPRISE}:manager`, value: 'per_unknown' },
      { active: true },
    ],
  ])('PATCH with %s', async (_, operation, expected) => {
    const { id } = await entraUser();
    const answer = await patch(`/Users/${id}`, operation);
    expect(answer.status, answer.text).toBe(200);
    expect(answer.json).toMatchObject(expected);
  });

  test('Okta replaces the whole user; a second time changes nothing and leaves no mark', async () => {
    const { id, json } = await entraUser();
    const body = { ...json, displayName: 'Renamed', name: { givenName: 'Re', familyName: 'Named' } };
    const first = await scim('PUT', `/Users/${id}`, body);
    expect(first).toMatchObject({ status: 200, json: { displayName: 'Renamed' } });
    const before = (await eventsOf('person.updated')).length;
    expect((await scim('PUT', `/Users/${id}`, body)).json.meta).toMatchObject({
      version: (first.json.meta as Json).version,
    });
    expect(await eventsOf('person.updated')).toHaveLength(before);
  });

  test('handles kept by hand survive what the provider writes', async () => {
    const { id, json } = await entraUser();
    await front.world.db.prisma.person.update({ where: { id }, data: { aliases: ['@eva', 'old@acme.com'] } });
    await scim('PUT', `/Users/${id}`, { ...json, displayName: 'New' });
    expect((await rowOf(id)).aliases).toEqual(['@eva']);
  });

  test('two of one name are refused, twice in a row and at the same instant', async () => {
    const { email } = await entraUser();
    expect(await scim('POST', '/Users', { userName: email })).toMatchObject({
      status: 409,
      json: { scimType: 'uniqueness', status: '409' },
    });
    const racing = await Promise.all(
      [1, 2, 3, 4].map(() => scim('POST', '/Users', { userName: 'racing@acme.com' })),
    );
    expect(racing.map((r) => r.status).sort()).toEqual([201, 409, 409, 409]);
  });

  test('a deleted user is gone for the provider, disabled for us, and may come back', async () => {
    const { id, email } = await entraUser();
    const group = await oktaGroup('with the deleted', [id]);
    expect((await scim('DELETE', `/Users/${id}`)).status).toBe(204);
    expect((await scim('GET', `/Users/${id}`)).status).toBe(404);
    expect((await scim('DELETE', `/Users/${id}`)).status).toBe(404);
    expect((await rowOf(id)).disabledAt).not.toBeNull();
    expect(await membersOf(group)).toEqual([]);
    const back = await scim('POST', '/Users', { userName: email });
    expect(back).toMatchObject({ status: 201, json: { id, active: true } });
  });

  test('the last owner cannot be locked out, and the log says that it was tried', async () => {
    const before = (await eventsOf('scim.refused')).length;
    for (const attempt of [
      () => patch(`/Users/${owner.id}`, { op: 'Replace', path: 'active', value: 'False' }),
      () => scim('DELETE', `/Users/${owner.id}`),
      // Whoever has the address signs in as the owner.
      () =>
        patch(`/Users/${owner.id}`, {
          op: 'replace',
          path: 'emails[type eq "work"].value',
          value: 'evil@acme.com',
        }),
    ]) {
      const answer = await attempt();
      expect(answer).toMatchObject({ status: 403, json: { scimType: 'mutability' } });
    }
    expect(await rowOf(owner.id)).toMatchObject({
      disabledAt: null,
      email: 'owner@acme.com',
      roles: ['owner'],
    });
    expect(await eventsOf('scim.refused')).toHaveLength(before + 3);
  });

  test.each<[string, unknown]>([
    ['no userName', { displayName: 'x' }],
    ['no address anywhere', { userName: 'just-a-name' }],
    ['characters nobody sees', { userName: 'a@acme.com', displayName: 'A\u202eB' }],
    ['a boolean that is none', { userName: 'b@acme.com', active: 'perhaps' }],
    ['emails that are no list', { userName: 'c@acme.com', emails: 'c@acme.com' }],
    ['more than can be kept', { userName: 'd@acme.com', title: 'x'.repeat(20_000) }],
    ['a list', []],
    ['text', 'x'],
  ])('refuses a user with %s, in SCIM’s form', async (_, body) => {
    const { status, json } = await scim('POST', '/Users', body);
    expect(status).toBe(400);
    expect(json).toMatchObject({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      detail: expect.any(String),
    });
  });

  test.each<[string, unknown]>([
    ['no operations', { schemas: [PATCH_OP] }],
    ['an operation that does not exist', { Operations: [{ op: 'merge', path: 'active', value: true }] }],
    ['removing without a path', { Operations: [{ op: 'remove' }] }],
    ['a path out of the resource', { Operations: [{ op: 'add', path: '__proto__.polluted', value: 'yes' }] }],
    [
      'a key out of the resource',
      { Operations: [{ op: 'add', value: { 'constructor.prototype.polluted': 'yes' } }] },
    ],
    ['a filter that does not end', { Operations: [{ op: 'add', path: 'emails[type eq', value: 'x' }] }],
  ])('refuses a PATCH with %s and changes nothing', async (_, body) => {
    const { id, json } = await entraUser();
    const { status } = await scim('PATCH', `/Users/${id}`, body);
    expect([400, 403]).toContain(status);
    expect(({} as Json).polluted).toBeUndefined();
    expect((await scim('GET', `/Users/${id}`)).json).toEqual(json);
  });
});

describe('lists', () => {
  test('pages are stable, bounded and count from one', async () => {
    const all = (await scim('GET', '/Users?count=1000')).json;
    expect(all.itemsPerPage).toBe(Math.min(200, all.totalResults as number));
    const page = (await scim('GET', '/Users?startIndex=2&count=2')).json;
    expect((page.Resources as Json[]).map((r) => r.id)).toEqual(
      (all.Resources as Json[]).slice(1, 3).map((r) => r.id),
    );
    expect((await scim('GET', '/Users?count=0')).json).toMatchObject({
      totalResults: all.totalResults,
      Resources: [],
    });
    expect((await scim('GET', '/Users?startIndex=-5&count=-1')).json).toMatchObject({
      startIndex: 1,
      itemsPerPage: 0,
    });
    expect((await scim('GET', '/Users?count=many')).status).toBe(400);
  });

  test('filters of every kind, and those that are none', async () => {
    const { id, email } = await entraUser({ title: 'Findable' });
    const ids = async (filter: string) =>
      ((await scim('GET', `/Users?filter=${encodeURIComponent(filter)}`)).json.Resources as Json[]).map(
        (r) => r.id,
      );
    for (const filter of [
      `id eq "${id}"`,
      `externalId eq "ext-${email.split('@')[0]}"`,
      `emails.value eq "${email}"`,
      `emails[type eq "work" and value eq "${email}"]`,
      `USERNAME EQ "${email.toUpperCase()}" and active eq true`,
      `title eq "findable"`,
      `urn:ietf:params:scim:schemas:core:2.0:User:userName eq "${email}"`,
      `userName sw "${email.slice(0, 7)}" and not (title pr and title ne "Findable") and title co "find"`,
    ]) {
      expect(await ids(filter), filter).toEqual([id]);
    }
    for (const filter of ['userName', 'userName eq', '(((', 'a'.repeat(2_000)]) {
      const { status, json } = await scim('GET', `/Users?filter=${encodeURIComponent(filter)}`);
      expect({ status, type: json.scimType }, filter).toEqual({ status: 400, type: 'invalidFilter' });
    }
  });

  test('only the attributes asked for', async () => {
    const { id } = await entraUser();
    expect(
      Object.keys((await scim('GET', `/Users/${id}?attributes=userName,emails.value`)).json).sort(),
    ).toEqual(['emails', 'id', 'schemas', 'userName']);
    const group = await oktaGroup('projected', [id]);
    expect((await scim('GET', `/Groups/${group}?excludedAttributes=members`)).json).not.toHaveProperty(
      'members',
    );
  });

  test('a version spares the answer, and a stale one refuses the change', async () => {
    const { id, json } = await entraUser();
    const { version } = json.meta as { version: string };
    expect((await scim('GET', `/Users/${id}`, undefined, { 'if-none-match': version })).status).toBe(304);
    const rename = (tag: string) =>
      scim(
        'PATCH',
        `/Users/${id}`,
        { Operations: [{ op: 'replace', path: 'displayName', value: 'Other' }] },
        { 'if-match': tag },
      );
    expect((await rename(version)).status).toBe(200);
    expect((await rename(version)).status).toBe(412);
    expect((await rename('*')).status).toBe(200);
  });
});

describe('groups', () => {
  test('members by both dialects, nested groups, and no circle', async () => {
    const [a, b, c] = [(await entraUser()).id, (await entraUser()).id, (await entraUser()).id];
    const group = await oktaGroup('dialects', [a]);
    await patch(`/Groups/${group}`, { op: 'Add', path: 'members', value: [{ $ref: null, value: b }] });
    await patch(`/Groups/${group}`, {
      op: 'add',
      path: 'members',
      value: [{ value: c, display: 'c' }, { value: a }],
    });
    expect(await membersOf(group)).toEqual([a, b, c].sort());
    await patch(`/Groups/${group}`, { op: 'remove', path: `members[value eq "${a}"]` });
    await patch(`/Groups/${group}`, { op: 'Remove', path: 'members', value: [{ $ref: null, value: b }] });
    expect(await membersOf(group)).toEqual([c]);
    await patch(`/Groups/${group}`, { op: 'replace', value: { id: group, displayName: 'dialects renamed' } });
    expect(await membersOf(group)).toEqual([c]);
    const outer = await oktaGroup('outer', [group]);
    const circle = await patch(`/Groups/${group}`, { op: 'add', path: 'members', value: [{ value: outer }] });
    expect(circle).toMatchObject({ status: 400, json: { scimType: 'invalidValue' } });
    await patch(`/Groups/${group}`, { op: 'replace', path: 'members', value: [{ value: a }] });
    expect(await membersOf(group)).toEqual([a]);
    await patch(`/Groups/${group}`, { op: 'remove', path: 'members' });
    expect(await membersOf(group)).toEqual([]);
    const unknown = await patch(`/Groups/${group}`, {
      op: 'add',
      path: 'members',
      value: [{ value: 'per_nobody' }],
    });
    expect(unknown.status).toBe(400);
    const { directories } = front.world;
    directories.drop();
    const directory = await directories.get(owner.workspaceId);
    expect(directory.groups.get(outer)?.members).toEqual([{ group }]);
    expect(directory.syncedAt).not.toBeNull();
  });

  test('groups kept by hand are neither seen nor changed: policies name reviewers by them', async () => {
    const { prisma } = front.world.db;
    await prisma.group.create({
      data: { id: 'grp_hand', workspaceId: owner.workspaceId, name: 'payroll-reviewers' },
    });
    expect((await scim('GET', '/Groups/grp_hand')).status).toBe(404);
    expect(
      (await scim('GET', '/Groups?filter=displayName%20eq%20%22payroll-reviewers%22')).json.totalResults,
    ).toBe(0);
    expect((await scim('DELETE', '/Groups/grp_hand')).status).toBe(404);
    expect(await scim('POST', '/Groups', { displayName: 'payroll-reviewers' })).toMatchObject({
      status: 409,
    });
  });

  test('a group of a thousand members takes a thousand changes', async () => {
    const { prisma } = front.world.db;
    const people = Array.from({ length: 1_000 }, (_, i) => ({
      id: `per_bulk${i}`,
      workspaceId: owner.workspaceId,
      email: `bulk${i}@acme.com`,
      name: `Bulk ${i}`,
    }));
    await prisma.person.createMany({ data: people });
    const group = await oktaGroup(
      'bulk',
      people.slice(0, 500).map((p) => p.id),
    );
    const answer = await patch(
      `/Groups/${group}`,
      { op: 'Add', path: 'members', value: people.slice(500).map((p) => ({ value: p.id })) },
      { op: 'Remove', path: 'members', value: people.slice(0, 10).map((p) => ({ value: p.id })) },
    );
    expect(answer.status, answer.text.slice(0, 300)).toBe(200);
    expect(await membersOf(group)).toHaveLength(990);
    const tooMany = Array.from({ length: 1_001 }, () => ({ op: 'add', path: 'members', value: [] }));
    expect((await patch(`/Groups/${group}`, ...tooMany)).status).toBe(413);
  });
});
