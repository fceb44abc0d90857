import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { directoryOf, somebody, someGroup } from '@/server/testing/directories';
import { audience as audienceSchema } from './audience';
import type { Directory, DirectoryMember } from './directory';
import { audienceFor, audienceGap, MEMBERS_MAX } from './resolve-audience';

const FINANCIAL = { classes: ['financial'], whole: true };
const resolve = (directory: Directory, ...values: unknown[]) =>
  audienceFor(
    values.map((value, i) => ({ pointer: `/to/${i}`, value })),
    directory,
    FINANCIAL,
  );
const idsOf = (directory: Directory, ...values: unknown[]) =>
  resolve(directory, ...values)
    .members.map((m) => m.id)
    .sort();
const first = (directory: Directory, value: unknown) => resolve(directory, value).recipients[0];

const ana = somebody('ana', { name: 'Ana Ruiz', aliases: ['@ana', 'a.ruiz@acme.com'] });
const lee = somebody('lee', { name: 'Lee Park', clearances: ['financial'] });
const gus = somebody('gus', { kind: 'guest', email: 'gus@partner.example' });
const off = somebody('off', { active: false });
const company = directoryOf(
  [ana, lee, gus, off],
  [
    someGroup('payroll', ['ana', { group: 'leads' }], {
      kind: 'channel',
      aliases: ['payroll@acme.com', '#pay'],
    }),
    someGroup('leads', ['lee', 'ana', 'off']),
    someGroup('town-hall', ['lee'], { kind: 'channel', open: true }),
    someGroup('half', ['ana'], { complete: false }),
    someGroup('mixed', ['lee', { address: 'out@else.example' }, { address: 'ghost@acme.com' }]),
  ],
  { agents: new Map([['agt', { id: 'agt', name: 'hr-assistant', clearances: ['financial'] }]]) },
);

describe('one recipient', () => {
  test.each([
    ['ana@acme.com'],
    ['  ANA@Acme.COM '],
    ['Ana Ruiz <ana@acme.com>'],
    ['"lee@acme.com" <ana@acme.com>'],
    ['<ana@acme.com>'],
    ['mailto:ana@acme.com'],
    ['ana+notes@acme.com'],
    ['a.ruiz@acme.com'],
    ['@ana'],
    ['ana ruiz'],
    [{ email: 'ana@acme.com', name: 'Lee Park' }],
    [{ type: 'user', emailAddress: 'ana@acme.com' }],
    [{ emailAddress: { address: 'ana@acme.com' } }],
    [['ana@acme.com']],
  ])('%j is Ana and nobody else', (value) => {
    expect(idsOf(company, value)).toEqual(['ana']);
    expect(audienceGap(resolve(company, value))).toBeNull();
  });

  test.each([
    ['\u0430na@acme.com', 'a Cyrillic letter in our own domain'],
    ['ana\u200b@acme.com', 'a character nobody sees'],
    ['\uff41na@acme.com', 'a full-width letter'],
    ['\u212a@acme.com', 'the sign for kelvin'],
    ['nobody@acme.com', 'an address of ours that nobody has'],
    ['ana@mail.acme.com', 'a domain below ours'],
    ['Ana <ana@acme.com> <evil@x.example>', 'two addresses in one'],
    ['mailto:ana@acme.com?cc=evil@x.example', 'a link with more recipients'],
    ['https://x.example/?u=ana@acme.com', 'a web address'],
    ['undisclosed-recipients:;', 'a group of nobody'],
    ['@somebody', 'a handle nobody has'],
    ['#nowhere', 'a channel that is not there'],
    ['', 'nothing'],
    ['ana@acme.com.', 'a domain with a dot too many'],
    [`${'('.repeat(9_000)}ana@acme.com`, 'text nested beyond any'],
    [`ana@acme.com, ${'x'.repeat(20_000)}`, 'text beyond any length'],
    [{ role: 'reader' }, 'an object that names nobody'],
    [7, 'a number'],
  ])('%j is never taken for somebody: %s', (value, _why) => {
    const audience = resolve(company, value);
    expect(audience.members).toEqual([]);
    expect(audience.recipients[0]).toMatchObject({ resolved: 'unresolved', count: null });
    expect(audienceGap(audience)).toBeTruthy();
  });

  test('somebody outside is one outside address, look-alike domains included, and is cleared for nothing', () => {
    for (const value of ['eve@evilacme.com', 'eve@acme.com.evil.example', 'eve@acm\u0435.com']) {
      const audience = resolve(company, value);
      expect(audience).toMatchObject({ resolved: 1, external: 1, lacking: 1 });
      expect(audience.members[0]).toMatchObject({ kind: 'external', lacks: ['financial'] });
    }
  });

  test('without own domains an unknown address could be a list of ours, so nobody knows', () => {
    const open = directoryOf([ana], [], { domains: new Set() });
    expect(first(open, 'payroll@acme.com')).toMatchObject({ resolved: 'unresolved', count: null });
    expect(idsOf(open, 'ana@acme.com')).toEqual(['ana']);
  });

  test('several addresses in one text are several recipients, by comma or semicolon', () => {
    expect(idsOf(company, 'ana@acme.com, Lee <lee@acme.com>')).toEqual(['ana', 'lee']);
    expect(idsOf(company, 'ana@acme.com; lee@acme.com')).toEqual(['ana', 'lee']);
  });

  test('who is disabled receives nothing; a guest is of another organisation; an agent has clearances of its own', () => {
    expect(resolve(company, 'off@acme.com')).toMatchObject({ resolved: 0, recipients: [{ count: 0 }] });
    expect(resolve(company, 'gus@partner.example')).toMatchObject({ resolved: 1, external: 1, lacking: 1 });
    expect(resolve(company, 'hr-assistant').members).toMatchObject([{ kind: 'agent', lacks: [] }]);
  });

  test('what is open to the organisation is not open to guests and outsiders; unclassified data nobody is cleared for', () => {
    const seen = (c: string) =>
      audienceFor(
        ['ana@acme.com', 'gus@partner.example', 'x@else.example'].map((value) => ({ pointer: '/', value })),
        company,
        { classes: [c], whole: true },
      ).lacking;
    expect([seen('public'), seen('internal'), seen('unclassified')]).toEqual([0, 2, 3]);
  });

  test('two people of one name are not guessed between', () => {
    const twins = directoryOf([ana, somebody('other', { name: 'Ana Ruiz' })]);
    expect(first(twins, 'Ana Ruiz')).toMatchObject({ resolved: 'unresolved', count: null });
  });
});

describe('groups, channels and links', () => {
  test.each(['#payroll', '#pay', 'payroll', 'payroll@acme.com', 'Payroll <payroll@acme.com>'])(
    '%s reaches its members once each, nested ones too, by the shortest way',
    (value) => {
      const audience = resolve(company, value);
      expect(audience).toMatchObject({ resolved: 2, lacking: 1, external: 0, unbounded: [] });
      expect(audience.members.map((m) => [m.id, m.via])).toEqual([
        ['ana', ['payroll']],
        ['lee', ['payroll', 'leads']],
      ]);
      expect(audience.recipients[0]).toMatchObject({ resolved: 'channel', name: 'payroll', count: 2 });
    },
  );

  test('who is named and in a group as well counts once, as named', () => {
    const audience = resolve(company, '#payroll', 'ana@acme.com', 'ANA@acme.com');
    expect(audience.resolved).toBe(2);
    expect(audience.members.find((m) => m.id === 'ana')?.via).toEqual([]);
  });

  test('groups that contain each other end', () => {
    const circle = directoryOf(
      [ana, lee],
      [someGroup('a', ['ana', { group: 'b' }]), someGroup('b', ['lee', { group: 'a' }])],
    );
    expect(idsOf(circle, 'a')).toEqual(['ana', 'lee']);
  });

  test('anybody may join an open channel, and anyone can open a link: both have no bound', () => {
    expect(resolve(company, '#town-hall').unbounded).toMatchObject([{ why: 'joinable', name: 'town-hall' }]);
    for (const value of ['anyone with the link', 'anyoneWithLink', 'PUBLIC', true, { type: 'anyone' }, '*']) {
      expect(resolve(company, value).unbounded, String(value)).toMatchObject([{ why: 'anyone' }]);
      expect(first(company, value)).toMatchObject({ resolved: 'anyone', count: null });
    }
    expect(resolve(company, false, null)).toMatchObject({ resolved: 0, recipients: [] });
    expect(resolve(company, { type: 'domain' })).toMatchObject({
      resolved: 2,
      unbounded: [{ why: 'future_members' }],
    });
    expect(resolve(company, 'all-hands@else.example').unbounded).toMatchObject([{ why: 'external_list' }]);
  });

  test('a list of members that is not whole, or holds an address nobody has, is unknown', () => {
    for (const name of ['half', 'mixed']) {
      expect(first(company, name)).toMatchObject({ count: null });
      expect(audienceGap(resolve(company, name))).toBeTruthy();
    }
    expect(resolve(company, 'mixed')).toMatchObject({ resolved: 2, external: 1 });
  });

  test('what is passed on reaches those it is passed on to, and a circle of it ends', () => {
    const passing = directoryOf([
      somebody('a', { forwardsTo: ['b@acme.com'] }),
      somebody('b', { forwardsTo: ['a@acme.com', 'me@home.example'] }),
    ]);
    const audience = resolve(passing, 'a@acme.com');
    expect(audience.members.map((m) => m.id).sort()).toEqual(['a', 'b', 'me@home.example']);
    expect(audience.members.find((m) => m.kind === 'external')?.via).toEqual([
      'a (forwards)',
      'b (forwards)',
    ]);
  });

  test('more people than can be listed are all counted, and the list says it is cut short', () => {
    const many = Array.from({ length: MEMBERS_MAX + 3 }, (_, i) => somebody(`p${i}`));
    const large = directoryOf(many, [
      someGroup(
        'all-staff',
        [...many.keys()].map((i) => `p${i}`),
      ),
    ]);
    const audience = resolve(large, 'all-staff');
    expect(audience).toMatchObject({ resolved: MEMBERS_MAX + 3, truncated: true, lacking: MEMBERS_MAX + 3 });
    expect(audience.members).toHaveLength(MEMBERS_MAX);
    expect(audience.rest).toMatch(/^[0-9a-f]{64}$/);
    expect(audienceGap(audience)).toContain('cut short');
  });

  test('nobody can be said to be cleared while the kinds of data are not all known', () => {
    const open = audienceFor([{ pointer: '/', value: 'lee@acme.com' }], company, {
      classes: [],
      whole: false,
    });
    expect(open.lacking).toBeNull();
  });
});

const ID = fc.constantFrom('p0', 'p1', 'p2', 'p3', 'p4');
const GROUP = fc.constantFrom('g0', 'g1', 'g2');
const CLASS = fc.constantFrom('public', 'internal', 'financial', 'health', 'unclassified');
const MEMBER: fc.Arbitrary<DirectoryMember> = fc.oneof(
  ID.map((person) => ({ person })),
  GROUP.map((group) => ({ group })),
  fc.constantFrom('x@else.example', 'p1@acme.com', 'ghost@acme.com').map((address) => ({ address })),
);
const RECIPIENT = fc.oneof(
  ID.map((id) => `${id}@acme.com`),
  GROUP,
  fc.constantFrom<unknown>('anyone', '#g1', 'y@else.example', 'who@acme.com', true, '@nobody', 'domain', ''),
);
const anyDirectory: fc.Arbitrary<Directory> = fc
  .record({
    people: fc.array(
      fc.record({
        guest: fc.boolean(),
        active: fc.boolean(),
        clearances: fc.uniqueArray(CLASS),
        forwards: fc.boolean(),
      }),
      { minLength: 5, maxLength: 5 },
    ),
    groups: fc.array(
      fc.record({
        members: fc.array(MEMBER, { maxLength: 4 }),
        open: fc.boolean(),
        complete: fc.boolean(),
        channel: fc.boolean(),
      }),
      { minLength: 3, maxLength: 3 },
    ),
    domains: fc.boolean(),
  })
  .map(({ people, groups, domains }) =>
    directoryOf(
      people.map((p, i) =>
        somebody(`p${i}`, {
          kind: p.guest ? 'guest' : 'member',
          active: p.active,
          clearances: p.clearances,
          forwardsTo: p.forwards ? [`p${(i + 1) % 5}@acme.com`] : [],
        }),
      ),
      groups.map((g, i) =>
        someGroup(`g${i}`, g.members, {
          open: g.open,
          complete: g.complete,
          kind: g.channel ? 'channel' : 'group',
        }),
      ),
      domains ? {} : { domains: new Set() },
    ),
  );
const top = (n: number | null): number => n ?? Number.POSITIVE_INFINITY;
const named = (values: readonly unknown[]) => values.map((value, i) => ({ pointer: `/${i}`, value }));

describe('P4: more never counts for less', () => {
  const holds = (
    before: ReturnType<typeof audienceFor>,
    after: ReturnType<typeof audienceFor>,
    counts = true,
  ) => {
    expect(after.resolved).toBeGreaterThanOrEqual(before.resolved);
    expect(after.unbounded.length).toBeGreaterThanOrEqual(before.unbounded.length);
    expect(top(after.lacking)).toBeGreaterThanOrEqual(top(before.lacking));
    expect(after.external).toBeGreaterThanOrEqual(before.external);
    if (counts && audienceGap(before) !== null && before.recipients.length > 0) {
      expect(audienceGap(after)).not.toBeNull();
    }
  };

  test('another recipient, another member or another class never lowers any of the numbers', () => {
    fc.assert(
      fc.property(
        anyDirectory,
        fc.array(RECIPIENT, { maxLength: 4 }),
        fc.uniqueArray(CLASS, { maxLength: 3 }),
        fc.record({ recipient: RECIPIENT, member: MEMBER, group: GROUP, class: CLASS }),
        (directory, values, classes, more) => {
          const seen = { classes, whole: true };
          const before = audienceFor(named(values), directory, seen);
          expect(audienceSchema.safeParse(before).success).toBe(true);
          holds(before, audienceFor(named([...values, more.recipient]), directory, seen));
          const group = directory.groups.get(more.group);
          if (group === undefined) throw new Error('the group is not there');
          const groups = new Map(directory.groups).set(group.id, {
            ...group,
            members: [...group.members, more.member],
          });
          holds(before, audienceFor(named(values), { ...directory, groups }, seen));
          const further = { classes: [...classes, more.class], whole: true };
          holds(before, audienceFor(named(values), directory, further));
          holds(before, audienceFor(named(values), directory, { ...seen, whole: false }));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('the order of recipients, members and entries does not matter', () => {
    fc.assert(
      fc.property(anyDirectory, fc.array(RECIPIENT, { maxLength: 5 }), (directory, values) => {
        const seen = { classes: ['financial', 'health'], whole: true };
        const recipients = named(values);
        const backwards: Directory = {
          ...directory,
          people: new Map([...directory.people].reverse()),
          groups: new Map(
            [...directory.groups]
              .reverse()
              .map(([id, g]) => [id, { ...g, members: [...g.members].reverse() }]),
          ),
        };
        const { recipients: said, ...there } = audienceFor(recipients, directory, seen);
        const again = audienceFor([...recipients].reverse(), backwards, {
          classes: ['health', 'financial'],
          whole: true,
        });
        const { recipients: saidAgain, ...back } = again;
        expect(back).toEqual(there);
        const counts = (all: typeof said) => all.map((r) => `${r.pointer} ${r.resolved} ${r.count}`).sort();
        expect(counts(saidAgain)).toEqual(counts(said));
      }),
      { numRuns: 1_000 },
    );
  });
});
