import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BlastRadius, blastRadius } from './blast-radius';
import type { Footprint, FootprintItem } from './footprint';
import { costOf, type GrantableAction, misfit, shapeOf } from './grant';
import type { Verdict } from './verdict';

const item = (of: Partial<FootprintItem> = {}): FootprintItem => ({
  kind: 'relation',
  target: 'hr',
  resource: 'public.employees',
  operation: 'update',
  count: 3,
  provenance: 'measured',
  classes: ['personal'],
  subjects: 3,
  ...of,
});
const footprintOf = (items: FootprintItem[], of: Partial<Footprint> = {}): Footprint => ({
  version: 1,
  items,
  unknowns: [],
  subjects: 3,
  method: 'rehearsed',
  readOnly: false,
  measuredAt: '2026-11-25T10:00:00Z',
  durationMs: 1,
  ...of,
});
const obligation = { reviewers: [], quorum: 1, expirySeconds: 3_600, presence: 'session' as const };
const held = (rules: string[]): Verdict => ({
  verdict: 'hold',
  policy: 'p',
  obligation,
  rules: rules.map((id) => ({ id, title: id, because: id, verdict: 'hold' })),
});
const action = (footprint = footprintOf([item()]), of: Partial<GrantableAction> = {}): GrantableAction => ({
  toolHash: 'h',
  target: 't',
  footprint,
  blastRadius: blastRadius(footprint),
  verdict: held(['changes']),
  obligation,
  ...of,
});
const plenty = { uses: 10, rows: 100, people: 100 };
const shape = () => {
  const made = shapeOf(action());
  if (!made.ok) throw new Error(made.message);
  return made.value;
};

describe('a grant fits what looks like the action it was made from', () => {
  test('the same again, and less of it', () => {
    expect(misfit(shape(), plenty, action())).toBeNull();
    expect(
      misfit(shape(), plenty, action(footprintOf([item({ count: 1, subjects: 1 })], { subjects: 1 }))),
    ).toBeNull();
  });

  const audience = {
    recipients: [],
    resolved: 1,
    unbounded: [],
    lacking: 0,
    external: 1,
    truncated: false,
    syncedAt: null,
  };
  const seenBy = (id: string): Footprint =>
    footprintOf(
      [item(), item({ kind: 'audience', operation: 'send', resource: id, count: 1, classes: [] })],
      {
        audience: { ...audience, members: [{ kind: 'external', id, name: id, via: [], lacks: [] }] },
      },
    );
  test.each<[string, GrantableAction, RegExp]>([
    [
      'another table',
      action(footprintOf([item(), item({ resource: 'public.payslips' })])),
      /also touches public.payslips/,
    ],
    ['another operation', action(footprintOf([item({ operation: 'delete' })])), /also touches .*delete/],
    [
      'a cascade that was not there',
      action(footprintOf([item(), item({ resource: 'public.x', via: 'trigger t' })])),
      /public.x/,
    ],
    ['another column', action(footprintOf([item({ columns: ['salary'] })])), /employees.salary/],
    ['another class', action(footprintOf([item({ classes: ['health'] })])), /health/],
    ['another definition', action(undefined, { toolHash: 'other' }), /definition/],
    ['another target', action(undefined, { target: 'other' }), /another target/],
    [
      'another reason to hold',
      action(undefined, { verdict: held(['changes', 'outside-hours']) }),
      /outside-hours/,
    ],
    [
      'a second person',
      action(undefined, { obligation: { ...obligation, quorum: 2 } }),
      /more than one person/,
    ],
    ['a passkey', action(undefined, { obligation: { ...obligation, presence: 'passkey' } }), /presence/],
    ['a role', action(undefined, { obligation: { ...obligation, roles: ['owner'] } }), /by role/],
    [
      'an unknown count',
      action(footprintOf([item({ count: null, provenance: 'unknown' })])),
      /Not everything/,
    ],
    [
      'something unmeasured',
      action(footprintOf([item()], { unknowns: [{ code: 'timeout', message: 'x' }] })),
      /critical|Not everything/i,
    ],
    [
      'unknown people',
      action(footprintOf([item({ subjects: null })], { subjects: null })),
      /not known|Critical/,
    ],
    ['somebody else who sees it', action(seenBy('mallory@evil.example')), /audience|also touches|would see/],
    ['nothing measured at all', action(undefined, { footprint: null }), /not held for people/],
  ])('not %s', (_, other, why) => {
    expect(misfit(shape(), plenty, other)).toMatch(why);
  });

  test('and not beyond what is left of its bounds', () => {
    expect(misfit(shape(), { ...plenty, uses: 0 }, action())).toMatch(/as often as it may/);
    expect(misfit(shape(), { ...plenty, rows: 2 }, action())).toMatch(/3 rows; 2 are left/);
    expect(misfit(shape(), { ...plenty, people: 2 }, action())).toMatch(/3 people; 2 are left/);
  });
});

test('money, untrusted destinations, critical and unknown things cannot be allowed in advance at all', () => {
  const paid = footprintOf([
    item({ kind: 'money', operation: 'pay', count: 100, money: { currency: 'EUR', exponent: 2 } }),
  ]);
  const planted = footprintOf([item()], {
    destinations: { total: 1, asked: 0, untrusted: 1, nowhere: 0, planted: 0, whole: true },
  });
  for (const footprint of [paid, planted, footprintOf([item({ operation: 'define', classes: [] })])]) {
    expect(shapeOf(action(footprint))).toMatchObject({ ok: false, code: 'grant_refused' });
  }
});

test('adding anything to an action never makes it fit a grant that it did not fit', () => {
  const pick = fc.record({
    resource: fc.constantFrom('public.employees', 'public.payslips'),
    operation: fc.constantFrom('read', 'update', 'delete') as fc.Arbitrary<FootprintItem['operation']>,
    count: fc.option(fc.nat(120)),
    classes: fc.subarray(['personal', 'health']),
    subjects: fc.option(fc.nat(120)),
  });
  const made = shape();
  fc.assert(
    fc.property(fc.array(pick, { maxLength: 4 }), pick, (some, more) => {
      const of = (picked: (typeof some)[number][]) => {
        const items = picked.map((p) =>
          item({ ...p, provenance: p.count === null ? 'unknown' : 'measured' }),
        );
        const known = items.every((i) => i.subjects !== null);
        return action(
          footprintOf(items, { subjects: known ? items.reduce((n, i) => n + (i.subjects ?? 0), 0) : null }),
        );
      };
      const before = misfit(made, plenty, of(some));
      const after = misfit(made, plenty, of([...some, more]));
      if (before !== null) expect(after).not.toBeNull();
    }),
    { numRuns: 500 },
  );
});

test('a use that touches something costs at least one row', () => {
  const nothing = footprintOf([item({ count: 0, subjects: 0 })], { subjects: 0 });
  expect(costOf(nothing, blastRadius(nothing) as BlastRadius)).toEqual({ uses: 1, rows: 1, people: 0 });
});
