import fc from 'fast-check';
import { expect, test } from 'vitest';
import { blastRadius } from '@/server/domain/blast-radius';
import type { Footprint, FootprintItem } from '@/server/domain/footprint';
import { mostGuarded, ringFigures } from './ring-figures';
import { bandsOf, widthOf } from './ring-geometry';

const item = (over: Partial<FootprintItem>): FootprintItem => ({
  kind: 'relation',
  target: 'hr',
  resource: 'public.employees',
  operation: 'update',
  count: 1,
  provenance: 'measured',
  ...over,
});
const footprint = (items: FootprintItem[], subjects: number | null = 0): Footprint => ({
  version: 1,
  items,
  unknowns: [],
  subjects,
  method: 'rehearsed',
  readOnly: false,
  measuredAt: '2026-01-01T00:00:00.000Z',
  durationMs: 1,
});
const figures = (items: FootprintItem[], subjects?: number | null) => {
  const measured = footprint(items, subjects);
  return Object.fromEntries(
    ringFigures(measured, blastRadius(measured)).map((figure) => [figure.id, figure]),
  );
};

test('rows a change also reads are not counted as touched a second time', () => {
  expect(figures([item({ count: 8 }), item({ operation: 'read', count: 5000 })]).direct?.count).toBe(8);
});

test('rows reached through a cascade are kept apart from rows the statement names', () => {
  const drawn = figures([
    item({ operation: 'delete', count: 3 }),
    item({
      operation: 'delete',
      count: 40,
      resource: 'public.payslips',
      via: 'foreign key payslips_employee_fk',
    }),
  ]);
  expect(drawn.direct?.count).toBe(3);
  expect(drawn.reached?.count).toBe(40);
});

test('one uncountable item makes the whole ring a hole that still says what is known', () => {
  const drawn = figures([
    item({ count: 12 }),
    item({ count: null, provenance: 'unknown', resource: 'public.x' }),
  ]);
  expect(drawn.direct).toMatchObject({ count: null, atLeast: 12, provenance: 'unknown' });
});

test('a number is never shown as better known than its weakest part', () => {
  expect(
    figures([item({}), item({ resource: 'public.y', provenance: 'estimated' })]).direct?.provenance,
  ).toBe('estimated');
  expect(figures([item({ subjects: null })], null).people?.provenance).toBe('unknown');
});

test('what touches no table is not drawn as touching zero rows', () => {
  const drawn = figures([item({ kind: 'audience', operation: 'send', resource: '$.to', count: 3 })]);
  expect(Object.keys(drawn)).toEqual(['people', 'audience']);
});

test('an action about which nothing could be found out is drawn as holes, never as zeros', () => {
  const blind: Footprint = {
    ...footprint([], null),
    method: 'none',
    unknowns: [{ code: 'target_unreachable', message: 'The database did not answer.' }],
  };
  const drawn = ringFigures(blind, blastRadius(blind)).filter((figure) => figure.id !== 'audience');
  expect(drawn.map((figure) => figure.count)).toEqual([null, null, null]);
});

test('an opaque function behind a trigger makes the rows reached a hole, not a smaller number', () => {
  const drawn = figures([
    item({ operation: 'delete', count: 3 }),
    item({ operation: 'delete', count: 40, resource: 'public.payslips', via: 'a foreign key' }),
    item({
      kind: 'function',
      operation: 'execute',
      resource: 'public.f()',
      count: null,
      provenance: 'unknown',
      via: 'a trigger',
    }),
  ]);
  expect(drawn.direct?.count).toBe(3);
  expect(drawn.reached).toMatchObject({ count: null, atLeast: 40 });
});

test('a class nobody defined counts as the most guarded of all', () => {
  expect(mostGuarded(['credential', 'trade secret', 'public'])).toBe('trade secret');
});

test('more is never drawn smaller, and unknown is never drawn as nothing', () => {
  fc.assert(
    fc.property(fc.nat(10_000_000), fc.nat(10_000_000), (a, b) => {
      if (a <= b) expect(widthOf(a)).toBeLessThanOrEqual(widthOf(b));
    }),
  );
  expect(widthOf(null)).toBeGreaterThan(widthOf(1));
  expect(widthOf(0)).toBe(0);
});

test('rings never overlap, whatever their counts', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.nat()), { minLength: 1, maxLength: 4 }), (counts) => {
      let edge = 0;
      for (const band of bandsOf(counts)) {
        expect(band.inner).toBeGreaterThan(edge);
        expect(band.outer).toBeGreaterThan(band.inner);
        edge = band.outer;
      }
    }),
  );
});
