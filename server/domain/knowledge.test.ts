import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Disclosure, Knowledge } from './knowledge';
import { SUBJECT_BYTES } from './subject-index';

const HOUR = 3_600_000;
const at = (hour: number) => new Date(1_700_000_000_000 + hour * HOUR);
/** Hashes as they are stored, from small numbers. */
const pack = (ids: readonly number[]): Buffer =>
  Buffer.concat(
    [...new Set(ids)].map((id) =>
      createHash('sha256').update(String(id)).digest().subarray(0, SUBJECT_BYTES),
    ),
  );
const told = (ids: readonly number[], classes: string[], hour = 0): Disclosure => ({
  classes,
  subjects: pack(ids),
  count: 0,
  at: at(hour),
});

const anyDisclosures = fc.array(
  fc.record({
    ids: fc.uniqueArray(fc.integer({ min: 0, max: 300 }), { maxLength: 120 }),
    classes: fc.uniqueArray(fc.constantFrom('internal', 'personal', 'financial', 'own-class'), {
      minLength: 1,
    }),
    hour: fc.integer({ min: 0, max: 60 }),
  }),
  { maxLength: 12 },
);

describe('what somebody knows', () => {
  test('is exactly the set of subject and class pairs they were told, and what a further disclosure adds is exactly what is missing', () => {
    fc.assert(
      fc.property(anyDisclosures, (told_) => {
        const knowledge = new Knowledge();
        const model = new Set<string>();
        for (const { ids, classes, hour } of told_) {
          const fresh = ids.flatMap((id) =>
            classes.filter((c) => !model.has(`${id} ${c}`)).map((c) => `${id} ${c}`),
          );
          expect(knowledge.adds(told(ids, classes, hour))).toMatchObject({
            entries: fresh.length,
            subjects: new Set(fresh.map((f) => f.split(' ')[0])).size,
            classes: classes.filter((c) => fresh.some((f) => f.endsWith(` ${c}`))),
          });
          knowledge.learn(told(ids, classes, hour));
          for (const pair of fresh) model.add(pair);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('people are counted once, however often they are read about, and within a window by when they were last', () => {
    fc.assert(
      fc.property(anyDisclosures, fc.integer({ min: 0, max: 60 }), (told_, since) => {
        const knowledge = new Knowledge();
        const last = new Map<number, number>();
        for (const { ids, classes, hour } of told_) {
          const counted = classes.some((c) => c !== 'internal') ? ids : [];
          const all = new Set([...[...last].filter(([, h]) => h >= since).map(([id]) => id), ...counted]);
          const then = told(ids, classes, Math.max(hour, since));
          expect(knowledge.peopleWith(then, at(since))).toBe(all.size);
          knowledge.learn(told(ids, classes, hour));
          for (const id of counted) last.set(id, Math.max(hour, last.get(id) ?? 0));
        }
        expect(knowledge.people(null)).toBe(last.size);
        expect(knowledge.people(at(since))).toBe([...last.values()].filter((h) => h >= since).length);
      }),
      { numRuns: 300 },
    );
  });

  test('people nobody named are added on top, and an unknown number of them makes every sum unknown', () => {
    const knowledge = new Knowledge();
    knowledge.learn(told([1, 2, 3], ['personal']));
    const many: Disclosure = { classes: ['personal'], subjects: null, count: 30_000, at: at(1) };
    expect(knowledge.adds(many)).toEqual({ subjects: 30_000, entries: 30_000, classes: ['personal'] });
    knowledge.learn(many);
    expect(knowledge.people(null)).toBe(30_003);
    const unknown: Disclosure = { ...many, count: null };
    expect(knowledge.adds(unknown)).toMatchObject({ subjects: null, entries: null });
    expect(knowledge.peopleWith(unknown, null)).toBeNull();
    knowledge.learn(unknown);
    expect(knowledge.people(null)).toBeNull();
    expect(knowledge.people(at(2))).toBe(0);
    expect(knowledge.everybody().unnamed).toBeNull();
  });

  test('classes beyond those it can tell apart count as new each time, never as known', () => {
    const knowledge = new Knowledge();
    const classes = Array.from({ length: 40 }, (_, i) => `class-${i}`);
    knowledge.learn(told([1], classes));
    const again = knowledge.adds(told([1], classes));
    expect(again.classes).toEqual(classes.slice(31));
    expect(again.subjects).toBe(1);
  });

  test('a hundred thousand subjects take less than five megabytes', () => {
    const knowledge = new Knowledge();
    knowledge.learn(
      told(
        Array.from({ length: 100_000 }, (_, i) => i),
        ['personal', 'financial'],
      ),
    );
    expect(knowledge.people(null)).toBe(100_000);
    expect(knowledge.bytes).toBeLessThan(5 * 1024 * 1024);
    expect(knowledge.everybody().subjects.length).toBe(100_000 * SUBJECT_BYTES);
  });
});
