import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyFootprint } from '@/server/testing/arbitrary-footprint';
import type { Audience, AudienceMember } from './audience';
import { describeDrift } from './drift';
import type { Footprint, FootprintItem } from './footprint';
import { footprintDigest } from './footprint-digest';

const shuffled = <T>(list: readonly T[], seed: number): T[] =>
  list
    .map((value, i) => ({ value, at: Math.sin(seed + i * 7_919) }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value);

const base: Footprint = {
  version: 1,
  items: [
    {
      kind: 'relation',
      target: 'hr',
      resource: 'public.employees',
      operation: 'update',
      count: 3,
      provenance: 'measured',
      columns: ['salary'],
      classes: ['financial'],
      subjects: 3,
    },
  ],
  unknowns: [],
  subjects: 3,
  method: 'rehearsed',
  as: { role: 'hr_agent', searchPath: ['public', 'hr'] },
  readOnly: false,
  definitions: 'd',
  rows: 'r',
  measuredAt: 'then',
  durationMs: 5,
};
const withItem = (of: Partial<FootprintItem>): Footprint => ({
  ...base,
  items: base.items.map((i) => ({ ...i, ...of })),
});

/** Every fact a reviewer decides on, each changed once. */
const member: AudienceMember = { kind: 'person', id: 'per_1', name: 'Ana', via: [], lacks: ['financial'] };
const audience: Audience = {
  recipients: [{ pointer: '/to', value: '#payroll', resolved: 'channel', count: 1 }],
  members: [member],
  resolved: 1,
  unbounded: [],
  lacking: 1,
  external: 0,
  truncated: false,
  syncedAt: null,
};

const CHANGED: [name: string, footprint: Footprint][] = [
  ['kind', withItem({ kind: 'resource' })],
  ['target', withItem({ target: 'shop' })],
  ['no target', withItem({ target: null })],
  ['resource', withItem({ resource: 'hr.employees' })],
  ['operation', withItem({ operation: 'delete' })],
  ['count', withItem({ count: 4 })],
  ['count unknown', withItem({ count: null })],
  ['provenance', withItem({ provenance: 'declared' })],
  ['columns', withItem({ columns: ['salary', 'iban'] })],
  ['classes', withItem({ classes: ['health'] })],
  ['subjects of an item', withItem({ subjects: 2 })],
  ['subjects of an item unknown', withItem({ subjects: null })],
  ['via', withItem({ via: 'trigger t' })],
  ['reversible', withItem({ reversible: false })],
  ['one more item', { ...base, items: [...base.items, ...base.items] }],
  ['no item', { ...base, items: [] }],
  ['an unknown', { ...base, unknowns: [{ code: 'timeout', message: '' }] }],
  ['subjects', { ...base, subjects: 4 }],
  ['subjects unknown', { ...base, subjects: null }],
  ['method', { ...base, method: 'planned' }],
  ['forbidden', { ...base, forbidden: { rule: 'set', message: '' } }],
  ['role', { ...base, as: { role: 'admin', searchPath: ['public', 'hr'] } }],
  ['search path', { ...base, as: { role: 'hr_agent', searchPath: ['hr', 'public'] } }],
  ['read-only', { ...base, readOnly: true }],
  ['definitions', { ...base, definitions: 'e' }],
  ['rows', { ...base, rows: 's' }],
  ['an audience', { ...base, audience }],
  ['somebody else in it', { ...base, audience: { ...audience, members: [{ ...member, id: 'per_2' }] } }],
  ['another clearance', { ...base, audience: { ...audience, members: [{ ...member, lacks: [] }] } }],
  [
    'somebody of another kind',
    { ...base, audience: { ...audience, members: [{ ...member, kind: 'guest' }] } },
  ],
  [
    'a way without bound',
    { ...base, audience: { ...audience, unbounded: [{ pointer: '/to', why: 'joinable', name: 'payroll' }] } },
  ],
  ['how many lack a clearance', { ...base, audience: { ...audience, lacking: null } }],
  ['a list cut short', { ...base, audience: { ...audience, truncated: true } }],
  ['those beyond the list', { ...base, audience: { ...audience, rest: 'r' } }],
];

describe('the identity of what would be touched', () => {
  test('does not depend on the order in which it was measured, on when, or on how long it took', () => {
    fc.assert(
      fc.property(anyFootprint, fc.nat(), (f, seed) => {
        const again: Footprint = {
          ...f,
          items: shuffled(f.items, seed).map((i) => ({
            ...i,
            ...(i.columns ? { columns: shuffled(i.columns, seed) } : {}),
            ...(i.classes ? { classes: shuffled(i.classes, seed + 1) } : {}),
          })),
          unknowns: shuffled(f.unknowns, seed),
          measuredAt: 'later',
          durationMs: 99,
        };
        expect(footprintDigest(again)).toBe(footprintDigest(f));
      }),
    );
  });

  test.each(CHANGED)('changes with %s', (_, changed) => {
    expect(footprintDigest(changed)).not.toBe(footprintDigest(base));
  });

  test('all those changes differ from each other as well', () => {
    expect(new Set(CHANGED.map(([, f]) => footprintDigest(f))).size).toBe(CHANGED.length);
  });

  test('who is called what, through which group they are reached and when the directory was synced do not change it', () => {
    const renamed = {
      ...audience,
      members: [{ ...member, name: 'Ana Ruiz', via: ['leads'] }],
      syncedAt: '2026-01-01T00:00:00.000Z',
    };
    expect(footprintDigest({ ...base, audience: renamed })).toBe(footprintDigest({ ...base, audience }));
  });

  test('an estimate that varies from run to run does not change it, a measurement of the same number does', () => {
    const estimated = (count: number) => footprintDigest(withItem({ provenance: 'estimated', count }));
    expect(estimated(3)).toBe(estimated(4_000));
    expect(estimated(3)).not.toBe(footprintDigest(withItem({ provenance: 'measured', count: 3 })));
  });
});

describe('drift in words', () => {
  test('says at least one thing whenever the digests differ', () => {
    for (const [name, changed] of CHANGED) {
      expect(describeDrift(base, changed).length, name).toBeGreaterThan(0);
    }
    fc.assert(
      fc.property(anyFootprint, anyFootprint, (a, b) => {
        const [first] = describeDrift(a, b);
        expect(first?.after).toBeTruthy();
      }),
    );
  });

  test('names who joined, who left, whose clearance changed and who else could come', () => {
    const eve: AudienceMember = { ...member, id: 'per_2', name: 'Eve', via: ['payroll', 'leads'] };
    const of = (a: Audience): Footprint => ({ ...base, audience: a });
    const afterwards = (was: Audience, is: Audience) => describeDrift(of(was), of(is)).map((c) => c.after);
    expect(afterwards(audience, { ...audience, members: [member, eve] })).toEqual([
      'would see it: Eve (through payroll → leads)',
    ]);
    expect(afterwards({ ...audience, members: [member, eve] }, audience)).toEqual([
      'no longer: Eve (through payroll → leads)',
    ]);
    expect(afterwards({ ...audience, members: [{ ...member, lacks: [] }] }, audience)).toEqual([
      'no financial: Ana',
    ]);
    const open = { ...audience, unbounded: [{ pointer: '/to', why: 'joinable' as const, name: 'payroll' }] };
    expect(afterwards(audience, open)).toEqual(['could join later: payroll']);
  });

  test('names the relation and both numbers where a count changed', () => {
    expect(describeDrift(base, withItem({ count: 9, subjects: 8 }))).toEqual([
      {
        resource: 'public.employees',
        operation: 'update',
        before: '3, 3 people, salary',
        after: '9, 8 people, salary',
      },
    ]);
    expect(describeDrift(base, { ...base, rows: 's' })[0]?.after).toContain('not the same rows or values');
    expect(describeDrift(base, { ...base, definitions: 'e' })[0]?.after).toContain('trigger');
  });
});
