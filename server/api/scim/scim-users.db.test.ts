import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENTERPRISE, type Json, PATCH_OP, serveScim } from '@/server/testing/scim-client';

type Served = Awaited<ReturnType<typeof serveScim>>;
let served: Served;
let front: Served['front'];
let owner: Served['owner'];
let scim: Served['scim'];
let patch: Served['patch'];
let rowOf: Served['rowOf'];
let eventsOf: Served['eventsOf'];
let entraUser: Served['entraUser'];
let oktaGroup: Served['oktaGroup'];
let membersOf: Served['membersOf'];
beforeAll(async () => {
  served = await serveScim();
  ({ front, owner, scim, patch, rowOf, eventsOf, entraUser, oktaGroup, membersOf } = served);
});
afterAll(() => served.front.close());

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
