import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReviewerScope } from '@/server/domain/scopes';
import { createScimToken } from '@/server/operations/create-scim-token';
import { revokeScimToken } from '@/server/operations/revoke-scim-token';
import { ENTERPRISE, type Json, serveScim } from '@/server/testing/scim-client';
import { accepted, refusedAs } from '@/server/testing/world';

type Served = Awaited<ReturnType<typeof serveScim>>;
let served: Served;
let front: Served['front'];
let owner: Served['owner'];
let scope: Served['scope'];
let token: Served['token'];
let tokenId: Served['tokenId'];
let scim: Served['scim'];
let patch: Served['patch'];
let rowOf: Served['rowOf'];
let eventsOf: Served['eventsOf'];
let entraUser: Served['entraUser'];
let oktaGroup: Served['oktaGroup'];
beforeAll(async () => {
  served = await serveScim();
  ({ front, owner, scope, token, tokenId, scim, patch, rowOf, eventsOf, entraUser, oktaGroup } = served);
});
afterAll(() => served.front.close());

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
