import { expect, test } from 'vitest';
import { findPathFault, select } from './json-path';
import { pathsInSchema, unknownArgument } from './schema-paths';

const SCHEMA = {
  type: 'object',
  additionalProperties: false,
  properties: {
    to: { type: 'array', items: { $ref: '#/$defs/person' } },
    body: { type: 'string', description: 'What it says.' },
    'odd name': { type: ['string', 'null'] },
    "it's": { enum: ['a'] },
    more: { type: 'object', properties: { deep: { type: 'boolean' } } },
    self: { $ref: '#' },
  },
  allOf: [{ properties: { extra: { type: 'number' } } }],
  $defs: { person: { type: 'object', properties: { email: { type: 'string' } } } },
};

test('every argument of a schema can be named, through lists, definitions and combinations', () => {
  const paths = pathsInSchema(SCHEMA).map((p) => `${p.path} ${p.type}`);
  expect(paths).toEqual(
    expect.arrayContaining([
      '$.to array',
      '$.to[*] object',
      '$.to[*].email string',
      '$.body string',
      "$['odd name'] string or null",
      "$['it\\'s'] choice",
      '$.more.deep boolean',
      '$.extra number',
    ]),
  );
  for (const { path } of pathsInSchema(SCHEMA)) expect(findPathFault(path), path).toBeNull();
  expect(select("$['it\\'s']", { "it's": 'a' }).values[0]?.value).toBe('a');
});

test('a schema that contains itself or is very wide ends', () => {
  expect(pathsInSchema(SCHEMA).length).toBeLessThanOrEqual(300);
  const wide = { properties: Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`p${i}`, {}])) };
  expect(pathsInSchema(wide)).toHaveLength(300);
  expect(pathsInSchema(JSON.parse('{"properties": {"__proto__": {"type": "string"}}}'))).toHaveLength(1);
  expect(pathsInSchema({ $ref: '#/nowhere' })).toEqual([]);
});

test('a name that a closed schema does not have is found, and nothing is said of an open one', () => {
  const closed = { ...SCHEMA, allOf: undefined };
  expect(unknownArgument('$.recipient[*]', closed)).toBe('recipient');
  expect(unknownArgument('$.to[*].email', closed)).toBeNull();
  expect(unknownArgument('$.more.other', closed)).toBeNull();
  expect(unknownArgument('$..anything', closed)).toBeNull();
  expect(unknownArgument('$.toString', closed)).toBe('toString');
  expect(unknownArgument('$.recipient', { ...closed, additionalProperties: true })).toBeNull();
});
