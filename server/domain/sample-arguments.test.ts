import { expect, test } from 'vitest';
import { compileInputSchema } from './input-schema';
import { sampleArguments } from './sample-arguments';

test('arguments made from a schema fit it', () => {
  const schema = {
    type: 'object',
    required: ['to', 'amount', 'kind', 'when'],
    additionalProperties: false,
    properties: {
      to: { type: 'array', items: { type: 'string', format: 'email' } },
      amount: { type: 'number', minimum: 5 },
      kind: { enum: ['a', 'b'] },
      when: { type: 'string', format: 'date-time' },
      nested: { $ref: '#/$defs/n' },
      either: { oneOf: [{ type: 'boolean' }, { type: 'string' }] },
    },
    $defs: { n: { type: 'object', properties: { deep: { type: ['null', 'string'], maxLength: 4 } } } },
  };
  const sample = sampleArguments(schema);
  expect(compileInputSchema(schema)(sample)).toEqual([]);
  expect(sample).toMatchObject({
    to: ['ana@example.com'],
    amount: 5,
    kind: 'a',
    nested: { deep: 'some' },
    either: true,
  });
});

test('a schema that asks for everything gets little, and soon', () => {
  const hungry = {
    type: 'object',
    properties: Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`p${i}`, { $ref: '#' }])),
  };
  expect(JSON.stringify(sampleArguments(hungry)).length).toBeLessThan(20_000);
  const long = {
    type: 'object',
    properties: { a: { type: 'string', minLength: 1e9 }, b: { type: 'array', minItems: 1e9 } },
  };
  expect(JSON.stringify(sampleArguments(long)).length).toBeLessThan(1_000);
  expect(sampleArguments(JSON.parse('{"properties": {"__proto__": {"type": "string"}}}'))).toBeDefined();
  expect(sampleArguments({ $ref: '#' })).toEqual({});
});
