import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serveScim } from '@/server/testing/scim-client';

type Served = Awaited<ReturnType<typeof serveScim>>;
let served: Served;
let front: Served['front'];
let owner: Served['owner'];
let scim: Served['scim'];
let patch: Served['patch'];
let entraUser: Served['entraUser'];
let oktaGroup: Served['oktaGroup'];
let membersOf: Served['membersOf'];
beforeAll(async () => {
  served = await serveScim();
  ({ front, owner, scim, patch, entraUser, oktaGroup, membersOf } = served);
});
afterAll(() => served.front.close());

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
