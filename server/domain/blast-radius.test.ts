import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyFootprint, anyWorsening } from '@/server/testing/arbitrary-footprint';
import { blastRadius, levelRank } from './blast-radius';
import type { Footprint, FootprintItem } from './footprint';

const footprint = (of: Partial<Footprint>): Footprint => ({
  version: 1,
  items: [],
  unknowns: [],
  subjects: 0,
  method: 'rehearsed',
  readOnly: false,
  measuredAt: '',
  durationMs: 0,
  ...of,
});
const item = (of: Partial<FootprintItem>): FootprintItem => ({
  kind: 'relation',
  target: 'hr',
  resource: 'public.employees',
  operation: 'delete',
  count: 1,
  provenance: 'measured',
  ...of,
});

describe('P4: unknown never lowers', () => {
  test('adding a fact, enlarging one or losing one never lowers the level', () => {
    fc.assert(
      fc.property(anyFootprint, fc.array(anyWorsening, { minLength: 1, maxLength: 4 }), (before, worse) => {
        const after = worse.reduce((f, w) => w.apply(f), before);
        const [low, high] = [blastRadius(before), blastRadius(after)];
        expect(levelRank(high.level), worse.map((w) => w.name).join(', ')).toBeGreaterThanOrEqual(
          levelRank(low.level),
        );
        expect(high.unknowns).toBeGreaterThanOrEqual(low.unknowns);
      }),
      { numRuns: 5_000 },
    );
  });

  test('a number nobody could count is null in every sum it belongs to, never zero', () => {
    const radius = blastRadius(
      footprint({
        subjects: null,
        items: [
          item({ operation: 'delete', count: null }),
          item({ operation: 'update', count: null, via: 'trigger t' }),
          item({ operation: 'read', count: null }),
          item({ kind: 'audience', operation: 'send', count: null }),
        ],
      }),
    );
    expect(radius).toMatchObject({
      rowsDeleted: null,
      rowsChanged: null,
      rowsRead: null,
      rowsReachedIndirectly: null,
      people: null,
      audience: null,
      unknowns: 4,
    });
  });

  test('rows another item counts already are summed once, and still seen in everything else', () => {
    const radius = blastRadius(
      footprint({
        items: [
          item({ resource: 'public.events', operation: 'delete', count: 9 }),
          item({
            resource: 'public.events_2026',
            count: 9,
            via: 'partition of public.events',
            restates: true,
            classes: ['health'],
          }),
          item({ resource: 'public.people', operation: 'read', count: 4 }),
          item({ resource: 'public.directory', operation: 'read', count: null, restates: true }),
        ],
      }),
    );
    expect(radius).toMatchObject({
      rowsDeleted: 9,
      rowsReachedIndirectly: 0,
      rowsRead: 4,
      classes: ['health'],
      unknowns: 1,
    });
  });

  test('money is summed per currency in minor units, and one unknown amount makes its total unknown', () => {
    const pay = (count: number | null, currency?: string, exponent = 2) =>
      item({
        kind: 'money',
        operation: 'pay',
        count,
        ...(currency === undefined ? {} : { money: { currency, exponent } }),
      });
    const radius = (...items: FootprintItem[]) => blastRadius(footprint({ items }));
    expect(radius(pay(120_050, 'EUR'), pay(50, 'EUR'), pay(500, 'JPY', 0))).toMatchObject({
      money: [
        { currency: 'EUR', minor: 120_100, exponent: 2 },
        { currency: 'JPY', minor: 500, exponent: 0 },
      ],
      level: 'high',
      because: ['It moves 1,201.00 EUR and 500 JPY'],
    });
    expect(radius(pay(1, 'EUR'), pay(null))).toMatchObject({
      money: [
        { currency: null, minor: null },
        { currency: 'EUR', minor: 1 },
      ],
      level: 'critical',
    });
    expect(radius(pay(null, 'EUR'), pay(5, 'EUR')).money).toEqual([
      { currency: 'EUR', minor: null, exponent: 2 },
    ]);
    expect(radius(pay(Number.MAX_SAFE_INTEGER, 'EUR'), pay(1, 'EUR')).money?.[0]?.minor).toBeNull();
    expect([0, 1_000_000, 1_000_001].map((cents) => radius(pay(cents, 'EUR')).level)).toEqual([
      'high',
      'high',
      'critical',
    ]);
    expect(radius(item({})).money).toEqual([]);
  });

  test('what goes out without anybody named as receiving it has an unknown audience', () => {
    for (const operation of ['send', 'share', 'invite', 'grant'] as const) {
      const radius = blastRadius(footprint({ items: [item({ kind: 'resource', operation })] }));
      expect(radius).toMatchObject({ audience: null, level: 'critical' });
    }
  });

  test('counts climb the ladder exactly where the ladder says', () => {
    const level = (operation: FootprintItem['operation'], count: number) =>
      blastRadius(footprint({ items: [item({ operation, count })] })).level;
    expect([0, 1, 20, 21, 1_000, 1_001].map((n) => level('delete', n))).toEqual([
      'low',
      'moderate',
      'moderate',
      'high',
      'high',
      'critical',
    ]);
    expect([0, 1, 200, 201, 10_000, 10_001].map((n) => level('update', n))).toEqual([
      'low',
      'moderate',
      'moderate',
      'high',
      'high',
      'critical',
    ]);
  });
});
