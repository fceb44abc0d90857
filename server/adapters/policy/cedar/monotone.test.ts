import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blastRadius } from '@/server/domain/blast-radius';
import { momentIn, readBusinessHours } from '@/server/domain/business-calendar';
import type { Footprint, FootprintItem } from '@/server/domain/footprint';
import type { PolicyFacts, Verdict } from '@/server/domain/verdict';
import { anyFootprint, anyWorsening, type Worsening } from '@/server/testing/arbitrary-footprint';
import { createCedarPolicy } from './cedar-policy';
import { readDefaultPolicies, splitPolicies } from './read-policies';

/** Thousands of evaluations: a bound for a test that hangs, never a measure of speed. */
const TIMEOUT_MS = 120_000;
const CLASSES = ['internal', 'personal', 'financial', 'health', 'credential', 'trade-secret'];
const calendar = readBusinessHours('Mon-Fri 08:00-18:00 Europe/Berlin');
const engine = createCedarPolicy();

const factsOf = (footprint: Footprint, clearances: readonly string[], name = 'helper'): PolicyFacts => ({
  agent: { id: 'agt_1', name, clearances, ownerId: 'per_1' },
  tool: { name: 'query', kind: 'sql', execution: 'broker', effects: [] },
  target: { name: 'hr', kind: 'postgres' },
  moment: calendar && momentIn(calendar, new Date(footprint.measuredAt)),
  footprint,
  blastRadius: blastRadius(footprint),
});
const judge = (footprint: Footprint, clearances: readonly string[] = []): Verdict =>
  engine.evaluate(factsOf(footprint, clearances));
/** allow < hold for one < hold for two < … < deny. */
const strictness = (v: Verdict): number =>
  v.verdict === 'allow' ? 0 : v.verdict === 'hold' ? v.obligation.quorum : Number.POSITIVE_INFINITY;

const anyClearances = fc.uniqueArray(fc.constantFrom(...CLASSES));
/** Reads that flow, or nearly: most footprints hold anyway, and getting worse shows little there. */
const smallRead: fc.Arbitrary<Footprint> = anyFootprint.map((f) => ({
  ...f,
  items: f.items.slice(0, 2).map(({ via: _via, reversible: _reversible, ...item }) => ({
    ...item,
    kind: 'relation' as const,
    operation: 'read' as const,
    provenance: 'measured' as const,
    count: Math.min(item.count ?? 500, 500),
    classes: (item.classes ?? []).filter((c) => c !== 'unclassified'),
  })),
  unknowns: [],
  subjects: Math.min(f.subjects ?? 50, 50),
  method: 'read_only' as const,
  readOnly: true,
  habits: { firstUse: false, firstTarget: false, newAudience: 0, unusual: [], rate: 1 },
  mandate: { granted: true, outside: [] },
  exposure: { audience: 1, subjects: 12, classes: [], entries: 12, runSubjects: 150, agentSubjects: 900 },
}));
const someFootprint = fc.oneof(anyFootprint, smallRead);
const worse: fc.Arbitrary<Worsening> = fc.oneof(
  { weight: 4, arbitrary: anyWorsening },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Worsening>(
      {
        name: 'estimate every number',
        apply: (f) => ({ ...f, items: f.items.map((i) => ({ ...i, provenance: 'estimated' as const })) }),
      },
      { name: 'forbid it', apply: (f) => ({ ...f, forbidden: { rule: 'x', message: 'It is forbidden.' } }) },
      { name: 'do it at night', apply: (f) => ({ ...f, measuredAt: '2026-03-07T23:00:00.000Z' }) },
      { name: 'lose the time of day', apply: (f) => ({ ...f, measuredAt: 'no instant' }) },
      {
        name: 'do it for the first time',
        apply: (f) => ({
          ...f,
          habits: {
            firstUse: true,
            firstTarget: true,
            newAudience: f.habits?.newAudience ?? null,
            unusual: f.habits?.unusual ?? [],
            rate: f.habits?.rate ?? 0,
          },
        }),
      },
      { name: 'forget whether it was done before', apply: ({ habits: _, ...f }) => f },
      {
        name: 'go beyond a mandate',
        apply: (f) => ({
          ...f,
          mandate: {
            granted: true,
            outside: [...(f.mandate?.outside ?? []), { what: 'rows', why: 'Too many.' }],
          },
        }),
      },
    ),
  },
);

describe('adding a fact can only raise what is asked', () => {
  it(
    'no worsening of any footprint lowers the verdict or the quorum',
    () => {
      let flowed = 0;
      fc.assert(
        fc.property(
          someFootprint,
          fc.array(worse, { minLength: 1, maxLength: 4 }),
          anyClearances,
          (before, steps, clearances) => {
            const [first, second] = [before, steps.reduce((f, w) => w.apply(f), before)].map((f) =>
              strictness(judge(f, clearances)),
            );
            if (first === 0) flowed += 1;
            expect(second, steps.map((w) => w.name).join(', ')).toBeGreaterThanOrEqual(first ?? 0);
          },
        ),
        { numRuns: 1_500 },
      );
      expect(flowed).toBeGreaterThan(50);
    },
    TIMEOUT_MS,
  );

  it(
    'less clearance never asks for less',
    () => {
      fc.assert(
        fc.property(someFootprint, anyClearances, fc.nat(CLASSES.length), (f, clearances, keep) => {
          const fewer = strictness(judge(f, clearances.slice(0, keep)));
          expect(fewer).toBeGreaterThanOrEqual(strictness(judge(f, clearances)));
        }),
        { numRuns: 300 },
      );
    },
    TIMEOUT_MS,
  );
});

describe('whatever the facts', () => {
  it(
    'what is allowed is wholly known, only reads, small and cleared; and nothing fails on odd names',
    () => {
      fc.assert(
        fc.property(someFootprint, anyClearances, fc.string({ unit: 'binary' }), (f, clearances, name) => {
          const verdict = engine.evaluate(factsOf(f, clearances, name));
          expect(verdict.rules.length).toBeGreaterThan(0);
          expect(verdict.rules.map((r) => r.id)).not.toContain('policy-error');
          if (verdict.verdict !== 'allow') return;
          expect(f).toMatchObject({ readOnly: true, unknowns: [] });
          expect(f.method).not.toBe('none');
          for (const i of f.items) {
            expect([i.operation, i.count === null, i.provenance === 'unknown']).toEqual([
              'read',
              false,
              false,
            ]);
            for (const c of i.classes ?? []) expect(['public', ...clearances]).toContain(c);
          }
        }),
        { numRuns: 1_000 },
      );
    },
    TIMEOUT_MS,
  );

  it(
    'what is forbidden is denied, however harmless the rest looks',
    () => {
      fc.assert(
        fc.property(someFootprint, (f) => {
          const forbidden = { rule: 'transaction', message: 'COMMIT is not for agents.' };
          expect(judge({ ...f, forbidden }, CLASSES).verdict).toBe('deny');
        }),
        { numRuns: 100 },
      );
    },
    TIMEOUT_MS,
  );

  it(
    'a policy that errors holds for at least two people, whatever the others say',
    () => {
      const overflowing =
        '@id("sum") @title("Sum") @because("Sum.") @verdict("hold") forbid (principal, action, resource) when { (context.people + 1) + 9223372036854775807 > 0 };';

      const failingEngine = createCedarPolicy({
        policies: splitPolicies(overflowing, readDefaultPolicies()),
      });
      fc.assert(
        fc.property(someFootprint, anyClearances, (f, clearances) => {
          const verdict = failingEngine.evaluate(factsOf(f, clearances));
          expect(strictness(verdict)).toBeGreaterThanOrEqual(2);
          if (verdict.verdict === 'hold') expect(verdict.rules.map((r) => r.id)).toContain('policy-error');
        }),
        { numRuns: 200 },
      );
    },
    TIMEOUT_MS,
  );
});

describe('the bounds', () => {
  const read = (of: Partial<FootprintItem> = {}): FootprintItem => ({
    kind: 'relation',
    target: 'hr',
    resource: 'public.departments',
    operation: 'read',
    count: 3,
    provenance: 'measured',
    classes: ['public'],
    ...of,
  });
  const only = (item: FootprintItem, of: Partial<Footprint> = {}): Footprint => ({
    version: 1,
    items: [item],
    unknowns: [],
    subjects: 0,
    method: 'read_only',
    readOnly: item.operation === 'read',
    measuredAt: '2026-03-04T10:00:00.000Z',
    durationMs: 0,
    exposure: { audience: 1, subjects: 0, classes: [], entries: 0, runSubjects: 0, agentSubjects: 0 },
    ...of,
  });

  it('let a small read of open data flow, but not one row or one person more', () => {
    const rows = (count: number) => judge(only(read({ count }))).verdict;
    expect([rows(3), rows(1_000), rows(1_001)]).toEqual(['allow', 'allow', 'hold']);
    const people = (subjects: number) =>
      judge(only(read({ classes: ['personal'] }), { subjects }), ['personal']).verdict;
    expect([people(50), people(51)]).toEqual(['allow', 'hold']);
  });

  it('let two hundred people flow in a run and a thousand in a day, but not one more, and not an unknown number', () => {
    const over = (runSubjects: number | null, agentSubjects: number | null) => {
      const exposure = { audience: 1, subjects: 9, classes: [], entries: 9, runSubjects, agentSubjects };
      return judge(only(read({ classes: ['personal'] }), { subjects: 9, exposure }), ['personal']).verdict;
    };
    expect([over(200, 1_000), over(201, 1_000), over(9, 1_001), over(null, 9), over(9, null)]).toEqual([
      'allow',
      'hold',
      'hold',
      'hold',
      'hold',
    ]);
  });

  it('ask for the clearance on internal data, and always for a person on unclassified data', () => {
    const judged = (word: string, clearances: string[]) =>
      judge(only(read({ classes: [word] })), clearances).verdict;
    expect([judged('internal', []), judged('internal', ['internal'])]).toEqual(['hold', 'allow']);
    expect(judged('unclassified', ['unclassified'])).toBe('hold');
  });

  it('ask for two people to delete or change more than one may', () => {
    const quorum = (operation: FootprintItem['operation'], count: number | null) =>
      strictness(judge(only(read({ operation, count }), { method: 'rehearsed' })));
    expect([quorum('delete', 100), quorum('delete', 101)]).toEqual([1, 2]);
    expect([quorum('update', 1_000), quorum('update', 1_001)]).toEqual([1, 2]);
    expect([quorum('delete', null), quorum('truncate', 0), quorum('define', 0)]).toEqual([2, 2, 2]);
  });
});
