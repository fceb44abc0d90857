import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blastRadius } from '@/server/domain/blast-radius';
import type { Footprint, FootprintItem } from '@/server/domain/footprint';
import type { PolicyFacts, Verdict } from '@/server/domain/verdict';
import { anyFootprint, anyWorsening } from '@/server/testing/arbitrary-footprint';
import { builtinPolicy, ONE_PERSON_BOUND, SMALL_READ } from './builtin-rules';

const facts = (footprint: Footprint, clearances: string[] = []): PolicyFacts => ({
  agent: { id: 'agt', name: 'agent', clearances, ownerId: 'per' },
  tool: { name: 'hr.sql', kind: 'sql', execution: 'broker', effects: [] },
  target: { name: 'hr', kind: 'postgres' },
  footprint,
  blastRadius: blastRadius(footprint),
});
const judge = (footprint: Footprint, clearances?: string[]): Verdict =>
  builtinPolicy.evaluate(facts(footprint, clearances));
/** allow < hold for one < hold for two < … < deny. */
const strictness = (v: Verdict): number =>
  v.verdict === 'allow' ? 0 : v.verdict === 'hold' ? v.obligation.quorum : Number.POSITIVE_INFINITY;
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
const footprint = (items: FootprintItem[], of: Partial<Footprint> = {}): Footprint => ({
  version: 1,
  items,
  unknowns: [],
  subjects: 0,
  method: 'read_only',
  readOnly: items.every((i) => i.operation === 'read'),
  measuredAt: '',
  durationMs: 0,
  ...of,
});

describe('P4: adding a fact can only raise what is asked', () => {
  test('no worsening of any footprint lowers the verdict or the quorum', () => {
    fc.assert(
      fc.property(
        anyFootprint,
        fc.array(anyWorsening, { minLength: 1, maxLength: 4 }),
        fc.uniqueArray(fc.constantFrom('internal', 'personal', 'financial', 'health')),
        (before, worse, clearances) => {
          const after = worse.reduce((f, w) => w.apply(f), before);
          expect(
            strictness(judge(after, clearances)),
            worse.map((w) => w.name).join(', '),
          ).toBeGreaterThanOrEqual(strictness(judge(before, clearances)));
        },
      ),
      { numRuns: 8_000 },
    );
  });

  test('more clearance never asks for more, less never for less', () => {
    fc.assert(
      fc.property(anyFootprint, fc.constantFrom('internal', 'personal', 'financial'), (f, word) => {
        expect(strictness(judge(f, [word]))).toBeLessThanOrEqual(strictness(judge(f, [])));
      }),
    );
  });

  test('whatever is forbidden is denied, however harmless the rest looks', () => {
    fc.assert(
      fc.property(anyFootprint, (f) => {
        const forbidden = { rule: 'transaction', message: 'COMMIT is not for agents.' };
        expect(judge({ ...f, forbidden }).verdict).toBe('deny');
      }),
    );
  });

  test('allowed is only what is wholly known, only reads, small and cleared', () => {
    fc.assert(
      fc.property(anyFootprint, (f) => {
        if (judge(f, ['internal', 'personal']).verdict !== 'allow') return;
        expect(f.readOnly).toBe(true);
        expect(f.unknowns).toEqual([]);
        expect(f.method).not.toBe('none');
        for (const i of f.items) {
          expect(i.operation).toBe('read');
          expect(i.count).not.toBeNull();
          for (const c of i.classes ?? []) expect(['public', 'internal', 'personal']).toContain(c);
        }
      }),
      { numRuns: 5_000 },
    );
  });

  test('rules that cannot be evaluated hold for two people', () => {
    const broken = { ...facts(footprint([read()])), blastRadius: null } as unknown as PolicyFacts;
    expect(builtinPolicy.evaluate(broken)).toMatchObject({ verdict: 'hold', obligation: { quorum: 2 } });
  });
});

describe('the bounds', () => {
  test('a small read of open data flows; one row or one person more does not', () => {
    expect(judge(footprint([read()])).verdict).toBe('allow');
    expect(judge(footprint([read({ count: SMALL_READ.rows })])).verdict).toBe('allow');
    expect(judge(footprint([read({ count: SMALL_READ.rows + 1 })])).verdict).toBe('hold');
    const people = (subjects: number) =>
      judge(footprint([read({ classes: ['personal'] })], { subjects }), ['personal']).verdict;
    expect([people(SMALL_READ.people), people(SMALL_READ.people + 1)]).toEqual(['allow', 'hold']);
  });

  test('internal data needs the clearance, unclassified data always a person', () => {
    expect(judge(footprint([read({ classes: ['internal'] })])).verdict).toBe('hold');
    expect(judge(footprint([read({ classes: ['internal'] })]), ['internal']).verdict).toBe('allow');
    expect(judge(footprint([read({ classes: ['unclassified'] })]), ['unclassified']).verdict).toBe('hold');
  });

  test('deleting or changing beyond the bound needs two people', () => {
    const quorum = (operation: FootprintItem['operation'], count: number | null) =>
      strictness(judge(footprint([read({ operation, count })], { method: 'rehearsed' })));
    expect(quorum('delete', ONE_PERSON_BOUND.deleted)).toBe(1);
    expect(quorum('delete', ONE_PERSON_BOUND.deleted + 1)).toBe(2);
    expect(quorum('update', ONE_PERSON_BOUND.changed)).toBe(1);
    expect(quorum('update', ONE_PERSON_BOUND.changed + 1)).toBe(2);
    expect(quorum('delete', null)).toBe(2);
    expect(quorum('truncate', 0)).toBe(2);
    expect(quorum('define', 0)).toBe(2);
  });
});
