import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReviewerScope } from '@/server/domain/scopes';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import { accepted, createWorld, refusedAs, type World } from '@/server/testing/world';
import { applyDocument } from './apply-document';
import { importDirectory } from './import-directory';

let fresh: TestDatabase;
let world: World;
let owner: ReviewerScope;
beforeAll(async () => {
  fresh = await freshDatabase();
  world = await createWorld(fresh.url);
  owner = await world.person('owner', { roles: ['owner'] });
});
afterAll(async () => {
  await world.close();
  await fresh.drop();
});

const run = async (text: string, dryRun = false, name = 'people.csv') =>
  accepted(await importDirectory(world.deps, owner, { name, text, dryRun }));
const lines = (report: Awaited<ReturnType<typeof run>>) => report.problems.map((p) => p.line);
const everybody = () =>
  world.deps.db.prisma.person.findMany({ where: { workspaceId: world.workspaceId, source: 'file' } });
const directory = () => {
  world.deps.directories.drop();
  return world.deps.directories.get(world.workspaceId);
};

const PEOPLE = `email,name,guest,aliases,manager,forwards_to,clearances,active
ana@acme.com,Ana Ruiz,no,@ana;a.ruiz@acme.com,,,financial;personal,yes
lee@acme.com,"Park, Lee",no,,ana@acme.com,lee@home.example,,
gus@partner.example,Gus,yes,,,,,
`;
const GROUPS = `group;kind;aliases;open;complete;members
payroll;channel;payroll@acme.com|#pay;no;yes;ana@acme.com|group:leads
leads;group;;;;lee@acme.com|outside:x@else.example
`;

describe('importing a directory from a file', () => {
  test('a dry run says what would be and writes nothing; applying does it once; a second time changes nothing', async () => {
    expect(await run(PEOPLE, true)).toMatchObject({ applied: false, created: 3, problems: [] });
    expect(await everybody()).toEqual([]);
    expect(await run(PEOPLE)).toMatchObject({ applied: true, created: 3 });
    expect(await run(PEOPLE)).toMatchObject({ applied: true, created: 0, updated: 0, unchanged: 3 });
    expect(await run(GROUPS, false, 'groups.csv')).toMatchObject({ applied: true, created: 2 });
    const there = await directory();
    const byEmail = new Map([...there.people.values()].map((p) => [p.email, p]));
    const ana = byEmail.get('ana@acme.com');
    expect(ana).toMatchObject({
      aliases: ['@ana', 'a.ruiz@acme.com'],
      clearances: ['financial', 'personal'],
    });
    expect(byEmail.get('lee@acme.com')).toMatchObject({
      name: 'Park, Lee',
      managerId: ana?.id,
      forwardsTo: ['lee@home.example'],
    });
    expect(byEmail.get('gus@partner.example')).toMatchObject({ kind: 'guest' });
    expect([...there.groups.values()].map((g) => [g.name, g.kind, g.members.length]).sort()).toEqual([
      ['leads', 'group', 2],
      ['payroll', 'channel', 2],
    ]);
    expect(there.syncedAt).not.toBeNull();
    const events = await world.deps.db.prisma.auditEvent.findMany({ where: { kind: 'directory.imported' } });
    expect(events.length).toBeGreaterThan(0);
    expect((await everybody()).every((p) => p.roles.length === 0)).toBe(true);
  });

  test('every bad line is named with what to do, and while one is bad nothing is written', async () => {
    const before = await everybody();
    const report = await run(
      `email,name,manager,active
new@acme.com,New,,
not an address,X,,
twice@acme.com,A,,
twice@acme.com,B,,
who@acme.com,C,nobody@acme.com,
flag@acme.com,D,,perhaps
many@acme.com,E,,yes,too,many
`,
    );
    expect(report).toMatchObject({ applied: false, created: 0 });
    expect(lines(report)).toEqual([3, 5, 6, 7, 8]);
    expect(report.problems.map((p) => p.message).join('\n')).toMatch(
      /email: .*e-mail[\s\S]*stands on line 4[\s\S]*manager[\s\S]*Write yes or no[\s\S]*6 fields/,
    );
    expect(await everybody()).toEqual(before);
  });

  test('somebody inactive is disabled and signed out; the last owner and owners of agents stay', async () => {
    await run('email,active\nlee@acme.com,no\nnever-here@acme.com,no\n');
    expect((await everybody()).find((p) => p.email === 'lee@acme.com')?.disabledAt).not.toBeNull();
    const report = await run(`email,active\n${owner.email},no\n`);
    expect(report).toMatchObject({
      applied: false,
      problems: [{ message: expect.stringContaining('owner') }],
    });
  });

  test('an alias two would have is refused, also one of a group', async () => {
    const report = await run('email,aliases\nsecond@acme.com,payroll@acme.com\n');
    expect(report.problems).toMatchObject([
      { line: 2, message: expect.stringContaining('reaches payroll already') },
    ]);
  });

  test('circles of groups and members nobody has are refused with their lines', async () => {
    const report = await run(
      'group,members\na,group:b\nb,group:a\nc,ghost@acme.com\nd,group:nowhere\n',
      false,
      'groups.csv',
    );
    expect(new Set(lines(report))).toEqual(new Set([2, 3, 4, 5]));
  });

  test('JSON says the same with lines of its own, own domains included', async () => {
    const good = JSON.stringify(
      {
        domains: ['Acme.com'],
        people: [{ email: 'j@acme.com' }],
        channels: [{ name: 'town', open: true, members: ['j@acme.com'] }],
      },
      null,
      1,
    );
    expect(await run(good, false, 'directory.json')).toMatchObject({ applied: true, created: 2, updated: 1 });
    expect((await directory()).domains).toEqual(new Set(['acme.com']));
    const bad = '{\n "people": [\n  { "email": "k@acme.com" },\n  { "email": "no" }\n ],\n "gropus": []\n}';
    expect(lines(await run(bad, false, 'directory.json'))).toEqual([4, 6]);
  });

  test.each<[string, string, string]>([
    ['nothing', 'a.csv', ''],
    ['a file that is no text', 'a.csv', 'email\u0000'],
    ['JSON that is none', 'a.json', '{"people": ['],
  ])('refuses %s in words', async (_, name, text) => {
    expect(refusedAs(await importDirectory(world.deps, owner, { name, text, dryRun: true }))).toBe(
      'document_invalid',
    );
  });

  test.each<[string, string]>([
    ['a header nobody knows', 'mail,who\nx,y\n'],
    ['a column nobody knows', 'email,rank\na@acme.com,1\n'],
    ['a quote that never ends', 'email,name\na@acme.com,"A\n'],
  ])('says on which line %s stands', async (_, text) => {
    expect((await run(text)).problems.length).toBeGreaterThan(0);
  });

  test('only administrators import, and nobody clears themselves by a file', async () => {
    const reviewer = await world.person('just a reviewer');
    const input = { name: 'a.csv', text: PEOPLE, dryRun: true };
    expect(refusedAs(await importDirectory(world.deps, reviewer, input))).toBe('forbidden');
    const greedy = { ...input, text: `email,clearances\n${owner.email},health\n` };
    expect(refusedAs(await importDirectory(world.deps, owner, greedy))).toBe('forbidden');
  });

  test('three thousand people and a channel of them all go in at once', async () => {
    const people = Array.from({ length: 3_000 }, (_, i) => `p${i}@acme.com,Person ${i}`).join('\n');
    expect(await run(`email,name\n${people}\n`)).toMatchObject({ applied: true, created: 3_000 });
    const members = Array.from({ length: 3_000 }, (_, i) => `p${i}@acme.com`).join('|');
    const groups = `group;kind;members\neveryone;channel;${members}\n`;
    expect(await run(groups, false, 'g.csv')).toMatchObject({ applied: true, created: 1 });
  }, 60_000);
});

describe('the same by a workspace document', () => {
  test('fields that are left out stay as they are, also when people are edited in the browser', async () => {
    const apply = async (part: Record<string, unknown>) =>
      accepted(await applyDocument(world.deps, owner, { document: { apiVersion: 'holdpoint/v1', ...part } }));
    await apply({ people: [{ email: 'kept@acme.com', aliases: ['@kept'], forwardsTo: ['k@home.example'] }] });
    const { changes } = await apply({ people: [{ email: 'kept@acme.com', name: 'Kept' }] });
    expect(changes).toMatchObject([{ change: 'update', detail: expect.stringMatching(/^name: /) }]);
    const kept = [...(await directory()).people.values()].find((p) => p.email === 'kept@acme.com');
    expect(kept).toMatchObject({ aliases: ['@kept'], forwardsTo: ['k@home.example'] });
    const again = await apply({ directory: { domains: ['acme.com'] } });
    expect(again.changes).toMatchObject([{ kind: 'directory', change: 'unchanged' }]);
  });
});
