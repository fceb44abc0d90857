import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classOf, maskRow, sightOf } from './masking';
import { CLASSIFICATIONS } from './vocabulary';

const WORDS = [...CLASSIFICATIONS, 'trade-secret'];
const anySight = fc
  .record({
    clearances: fc.uniqueArray(fc.constantFrom(...WORDS)),
    revealed: fc.uniqueArray(fc.constantFrom(...WORDS)),
  })
  .map(({ clearances, revealed }) => ({ clearances, revealed: new Set(revealed) }));

describe('P10: nothing outside the clearance is ever shown', () => {
  test('no value of a class outside the clearance is anywhere in the row, whatever was revealed', () => {
    const columns = fc.uniqueArray(
      fc.record({ column: fc.constantFrom('a', 'b', 'c', 'd'), classification: fc.constantFrom(...WORDS) }),
      { selector: (c) => c.column },
    );
    fc.assert(
      fc.property(columns, anySight, fc.constantFrom('before', 'after', 'both'), (cols, sight, sides) => {
        const row = Object.fromEntries(cols.map((c) => [c.column, `secret of ${c.classification}`]));
        const changed = Object.fromEntries(
          cols.map((c) => [c.column, { deep: `secret of ${c.classification}` }]),
        );
        const image = {
          resource: 'public.t',
          operation: 'update' as const,
          key: 'a=1',
          before: sides === 'after' ? null : row,
          after: sides === 'before' ? null : changed,
        };
        const shown = JSON.stringify(maskRow(image, cols, sight, false));
        for (const { classification } of cols) {
          const open = classification === 'public' || classification === 'internal';
          if (!open && !sight.clearances.includes(classification)) {
            expect(shown).not.toContain(`secret of ${classification}`);
          }
        }
      }),
    );
  });

  test('a reveal shows more only within the clearance', () => {
    for (const word of ['health', 'credential', 'unclassified', 'trade-secret']) {
      const revealed = new Set([word]);
      expect(sightOf(word, { clearances: [word], revealed: new Set() })).toBe('masked');
      expect(sightOf(word, { clearances: [word], revealed })).toBe('shown');
      expect(sightOf(word, { clearances: [], revealed })).toBe('withheld');
    }
  });

  test('a column nobody classified is unclassified, also when it has the name of something every object has', () => {
    const classes = { 'public.t': { id: 'public' } };
    expect(classOf(classes, 'public.t', 'id')).toBe('public');
    expect(classOf(classes, 'public.t', 'other')).toBe('unclassified');
    expect(classOf(classes, 'other.t', 'id')).toBe('unclassified');
    for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
      const all = { clearances: WORDS, revealed: new Set(WORDS) };
      const nobody = { clearances: [], revealed: new Set<string>() };
      expect(sightOf(classOf(classes, 'public.t', name), nobody)).not.toBe('shown');
      expect(classOf(classes, 'public.t', name)).toBe('unclassified');
      expect(sightOf(classOf(classes, name, 'x'), all)).toBe('shown');
    }
  });

  test('a column that is missing is absent, not empty; a null is shown as null', () => {
    const columns = [
      { column: 'a', classification: 'public' },
      { column: 'b', classification: 'public' },
    ];
    const image = { resource: 't', operation: 'insert' as const, key: 'k', before: null, after: { a: null } };
    expect(maskRow(image, columns, { clearances: [], revealed: new Set() }, true).after).toEqual([
      { state: 'shown', value: null },
      { state: 'absent' },
    ]);
  });
});
