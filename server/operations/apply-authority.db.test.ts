import { describe, expect, test } from 'vitest';
import { Catalog } from '@/server/store/catalog-cache';
import { newId } from '@/server/store/new-id';
import {
  accepted,
  apply,
  DOCUMENT,
  desk,
  openDesk,
  part,
  personWith,
  refusalOf,
  snapshot,
  vault,
} from '@/server/testing/apply-desk';

openDesk();

describe('removing', () => {
  test('pruning suspends agents, disables people, removes targets and tools, and deletes no history', async () => {
    const owner = await personWith('owner@example.com', ['owner']);
    accepted(await apply(DOCUMENT, {}, owner));
    const lee = await desk.db.prisma.person.findUniqueOrThrow({ where: { email: 'lee@example.com' } });
    await desk.db.prisma.session.create({
      data: {
        id: 'ses_lee',
        workspaceId: desk.workspaceId,
        personId: lee.id,
        expiresAt: new Date(Date.now() + 3_600_000),
      },
    });
    const rest = part({
      people: [{ email: 'owner@example.com' }],
      groups: [],
      agents: [],
      targets: [],
      tools: [],
    });
    const result = accepted(await apply(rest, { prune: true }, owner));
    expect(result.changes.filter((c) => c.change === 'remove')).toHaveLength(8);
    expect(
      await desk.db.prisma.agent.count({
        where: { workspaceId: desk.workspaceId, suspendedAt: { not: null } },
      }),
    ).toBe(1);
    expect(await desk.db.prisma.agentKey.count({ where: { workspaceId: desk.workspaceId } })).toBe(1);
    expect(
      await desk.db.prisma.person.count({
        where: { workspaceId: desk.workspaceId, disabledAt: { not: null } },
      }),
    ).toBe(2);
    expect(
      await desk.db.prisma.target.count({
        where: { workspaceId: desk.workspaceId, removedAt: { not: null } },
      }),
    ).toBe(1);
    expect(
      await desk.db.prisma.tool.count({ where: { workspaceId: desk.workspaceId, removedAt: { not: null } } }),
    ).toBe(2);
    expect(
      (await desk.db.prisma.session.findUniqueOrThrow({ where: { id: 'ses_lee' } })).revokedAt,
    ).not.toBeNull();
    expect(await new Catalog(desk.db, vault).listTools(desk.workspaceId)).toEqual([]);
    const again = accepted(await apply(rest, { prune: true }, owner));
    expect(again.changes.map((c) => c.change)).toEqual(['unchanged']);
  });

  test('naming removed things again brings them back, agents excepted: somebody has to resume them', async () => {
    const owner = await personWith('owner@example.com', ['owner']);
    accepted(await apply(DOCUMENT, {}, owner));
    const rest = part({
      people: [{ email: 'owner@example.com' }],
      groups: [],
      agents: [],
      targets: [],
      tools: [],
    });
    accepted(await apply(rest, { prune: true }, owner));
    const back = accepted(await apply(DOCUMENT, {}, owner));
    expect(back.changes.find((c) => c.name === 'hr')).toMatchObject({
      change: 'create',
      detail: 'comes back',
    });
    expect(back.agents).toEqual([]);
    expect(back.warnings.join()).toContain('hr-assistant is suspended');
    expect(await new Catalog(desk.db, vault).getTool(desk.workspaceId, 'hr.sql')).not.toBeNull();
  });

  test('what the document leaves out stays when nobody asked to prune', async () => {
    accepted(await apply(DOCUMENT));
    accepted(await apply(part({ tools: [], people: [] })));
    expect(
      await desk.db.prisma.tool.count({ where: { workspaceId: desk.workspaceId, removedAt: null } }),
    ).toBe(2);
  });

  test('the last owner cannot be removed, and nothing of that document is applied', async () => {
    const owner = await personWith('owner@example.com', ['owner']);
    const document = part({ people: [{ email: 'new@example.com', roles: ['reviewer'] }], prune: true });
    const before = await snapshot();
    const refusal = refusalOf(await apply(document, {}, owner));
    expect(refusal).toMatchObject({ code: 'document_invalid', problems: [{ pointer: '/people' }] });
    expect(await snapshot()).toBe(before);
  });
});

describe('who may', () => {
  test.each([['reviewer'], ['auditor']] as const)('a %s cannot apply anything', async (role) => {
    const person = await personWith('p@example.com', [role]);
    const refusal = refusalOf(await apply(DOCUMENT, { dryRun: true }, person));
    expect(refusal.code).toBe('forbidden');
  });

  test.each([
    ['make somebody an owner', { email: 'mate@example.com', roles: ['owner'] }],
    ['make somebody a security lead', { email: 'mate@example.com', roles: ['security_lead'] }],
    ['take an owner’s role away', { email: 'owner@example.com', roles: ['reviewer'] }],
    ['clear an owner for more', { email: 'owner@example.com', clearances: ['health'] }],
    ['give themselves a role', { email: 'lead@example.com', roles: ['security_lead', 'reviewer'] }],
    ['clear themselves for more', { email: 'lead@example.com', clearances: ['personal', 'health'] }],
    ['do so in capitals', { email: 'LEAD@example.com', clearances: ['personal', 'health'] }],
  ])('a security lead cannot %s, and nothing of that document is applied', async (_, entry) => {
    await personWith('owner@example.com', ['owner']);
    const lead = await personWith('lead@example.com', ['security_lead'], ['personal']);
    await personWith('mate@example.com', ['reviewer']);
    const before = await snapshot();
    const document = part({ people: [{ email: 'new@example.com', roles: ['reviewer'] }, entry] });
    const refusal = refusalOf(await apply(document, {}, lead));
    expect(refusal.code).toBe('forbidden');
    expect(refusal.problems?.[0]?.pointer).toMatch(/^\/people\/1/);
    expect(await snapshot()).toBe(before);
  });

  test('a security lead can do the rest: people below, groups, agents, targets, tools', async () => {
    await personWith('owner@example.com', ['owner']);
    const lead = await personWith('lead@example.com', ['security_lead'], ['personal']);
    const result = accepted(await apply(DOCUMENT, {}, lead));
    expect(result.changes.every((c) => c.change === 'create')).toBe(true);
    const events = await desk.db.prisma.auditEvent.findMany({ where: { workspaceId: desk.workspaceId } });
    expect(new Set(events.map((e) => e.actorId))).toEqual(new Set([lead.personId]));
  });

  test('an owner cannot raise themselves either: another owner does', async () => {
    const owner = await personWith('owner@example.com', ['owner'], ['personal']);
    const second = await personWith('second@example.com', ['owner']);
    const document = part({ people: [{ email: 'owner@example.com', clearances: ['personal', 'health'] }] });
    expect(refusalOf(await apply(document, {}, owner)).code).toBe('forbidden');
    accepted(await apply(document, {}, second));
    expect(
      (await desk.db.prisma.person.findUniqueOrThrow({ where: { email: 'owner@example.com' } })).clearances,
    ).toEqual(['health', 'personal']);
  });

  test('a document reaches its author’s workspace only', async () => {
    accepted(await apply(DOCUMENT));
    const before = await snapshot();
    const home = desk.workspaceId;
    desk.workspaceId = newId('workspace');
    await desk.db.prisma.workspace.create({ data: { id: desk.workspaceId, name: 'Other' } });
    const refusal = refusalOf(
      await apply(part({ people: [{ email: 'ana@example.com', roles: ['owner'] }] })),
    );
    expect(refusal.problems?.[0]?.pointer).toBe('/people/0/email');
    const rest = part({
      people: [{ email: 'x@example.com', roles: ['owner'] }],
      agents: [],
      tools: [],
      targets: [],
    });
    accepted(await apply(rest, { prune: true }));
    desk.workspaceId = home;
    expect(await snapshot()).toBe(before);
  });
});
