import fc from 'fast-check';
import { expect, test } from 'vitest';
import { argumentLeaves } from './argument-leaves';

function resolve(value: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .map((key) => key.replace(/~1/g, '/').replace(/~0/g, '~'))
    .reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], value);
}

test('every value of the arguments is shown, under the pointer that leads to it', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      for (const leaf of argumentLeaves(value)) {
        const found = resolve(value, leaf.pointer);
        expect(leaf.quoted ? found : JSON.stringify(found)).toBe(leaf.value);
      }
    }),
  );
});

test('nothing is left out: a list that is empty is a value as well', () => {
  expect(argumentLeaves({ to: [], body: 'x', more: { 'a/b': 1 } }).map((leaf) => leaf.pointer)).toEqual([
    '/to',
    '/body',
    '/more/a~1b',
  ]);
});
