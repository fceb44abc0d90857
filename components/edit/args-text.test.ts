import { expect, test } from 'vitest';
import { fromText, toText, whole } from './args-text';

test('arguments survive being turned into text and back', () => {
  for (const args of [
    { statement: 'SELECT 1' },
    { statement: 'SELECT $1', params: [3] },
    { to: ['a'], body: 'x' },
    {},
  ]) {
    expect(fromText(toText(args, true))).toEqual({ args });
    expect(fromText(toText(args, false))).toEqual({ args });
  }
});

test('what is no object says so', () => {
  for (const json of ['[1]', 'null', '3', '{', '{"a": }']) {
    expect(fromText({ statement: null, json })).toHaveProperty('problem');
  }
});

test('a statement stands before the rest when compared', () => {
  expect(whole(toText({ statement: 'SELECT 1', params: [] }, true))).toBe('SELECT 1\n{\n  "params": []\n}');
});
