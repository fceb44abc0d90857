import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Turns } from './turns';

test('whoever asks for much gets no more than whoever asks for little, while both wait', () => {
  const turns = new Turns<string>();
  for (let i = 0; i < 100; i++) turns.add('greedy', `g${i}`);
  turns.add('modest', 'm0');
  turns.add('modest', 'm1');
  const order = Array.from({ length: 5 }, () => turns.next(() => 0)?.item);
  expect(order).toEqual(['g0', 'm0', 'g1', 'm1', 'g2']);
});

test('whoever has nothing comes before whoever has something', () => {
  const turns = new Turns<string>();
  turns.add('a', 'a1');
  turns.add('b', 'b1');
  expect(turns.next((name) => (name === 'a' ? 1 : 0))?.item).toBe('b1');
  expect(turns.next((name) => (name === 'a' ? 1 : 0))?.item).toBe('a1');
  expect(turns.next(() => 0)).toBeNull();
});

test('whoever has all that is due waits, though nobody else does', () => {
  const turns = new Turns<string>();
  turns.add('a', 'a1');
  expect(
    turns.next(
      () => 4,
      () => false,
    ),
  ).toBeNull();
  expect(turns.countOf('a')).toBe(1);
});

test('everything that waits comes out once, in its own order, and what was taken back never does', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.boolean())), (entries) => {
      const turns = new Turns<number>();
      for (const [i, [name]] of entries.entries()) turns.add(name, i);
      for (const [i, [name, stays]] of entries.entries()) if (!stays) turns.remove(name, i);
      const out: { name: string; item: number }[] = [];
      for (let got = turns.next(() => 0); got !== null; got = turns.next(() => 0)) out.push(got);
      expect(turns.isEmpty).toBe(true);
      for (const name of ['a', 'b', 'c']) {
        const expected = entries.flatMap(([n, stays], i) => (n === name && stays ? [i] : []));
        expect(out.filter((each) => each.name === name).map(({ item }) => item)).toEqual(expected);
      }
    }),
  );
});
