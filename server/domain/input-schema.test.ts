import { expect, test } from 'vitest';
import { compileInputSchema, findSchemaFaults } from './input-schema';
import { SQL_INPUT_SCHEMA } from './tool-schemas';

const email = {
  type: 'object',
  required: ['recipients', 'body'],
  properties: {
    recipients: { type: 'array', items: { type: 'string', format: 'email' } },
    body: { type: 'string' },
    tone: { enum: ['plain', 'warm'] },
  },
  additionalProperties: false,
};
const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);

test('arguments that fit have no problems', () => {
  expect(compileInputSchema(email)({ recipients: ['a@b.example'], body: 'x' })).toEqual([]);
});

test('every wrong place is named by its JSON pointer, with what to do', () => {
  const problems = compileInputSchema(email)({
    recipients: ['a@b.example', 'no address'],
    tone: 'cold',
    'a/b': 1,
  });
  expect(problems).toEqual(
    expect.arrayContaining([
      { pointer: '/body', message: 'is required; add it' },
      { pointer: '/a~1b', message: 'is not known to this tool; remove it' },
      { pointer: '/recipients/1', message: 'must match format "email"' },
      { pointer: '/tone', message: 'must be one of "plain", "warm"' },
    ]),
  );
  expect(problems).toHaveLength(4);
});

test('a list of a hundred thousand wrong items yields one problem, not a hundred thousand', () => {
  const args = { recipients: Array.from({ length: 100_000 }, () => 7), body: 'x' };
  expect(compileInputSchema(email)(args)).toEqual([{ pointer: '/recipients/0', message: 'must be string' }]);
});

test('arguments nested to exhaust the stack are refused before anything walks them', () => {
  const validate = compileInputSchema({ type: 'object' });
  expect(validate({ a: nested(60) })).toEqual([]);
  expect(validate({ a: nested(5_000) })).toEqual([
    { pointer: '', message: 'must be nested at most 64 levels deep' },
  ]);
});

test('a pattern that makes backtracking engines hang answers in linear time', () => {
  const schema = { type: 'object', properties: { v: { type: 'string', pattern: '^(a+)+$' } } };
  expect(findSchemaFaults(schema)).toEqual([]);
  expect(compileInputSchema(schema)({ v: `${'a'.repeat(20_000)}!` })).toHaveLength(1);
});

test('two patterns in one schema are two patterns', () => {
  const validate = compileInputSchema({
    type: 'object',
    properties: { a: { type: 'string', pattern: '^a$' }, b: { type: 'string', pattern: '^b$' } },
  });
  expect(validate({ a: 'a', b: 'b' })).toEqual([]);
  expect(validate({ a: 'b', b: 'a' }).map((p) => p.pointer)).toEqual(['/a', '/b']);
});

test.each([
  ['arguments that are no object', { type: 'array' }, '/type'],
  ['look-around', { type: 'object', properties: { a: { pattern: '(?=x)y' } } }, '/properties/a/pattern'],
  [
    'a huge pattern',
    { type: 'object', properties: { a: { pattern: 'a'.repeat(501) } } },
    '/properties/a/pattern',
  ],
  [
    'a hostile property pattern',
    { type: 'object', patternProperties: { '(a)\\1': {} } },
    '/patternProperties/(a)\\1',
  ],
  [
    'unbounded uniqueItems',
    { type: 'object', properties: { a: { uniqueItems: true } } },
    '/properties/a/uniqueItems',
  ],
  ['a keyword of the wrong shape', { type: 'object', required: 'a' }, '/required'],
  ['an unknown keyword', { type: 'object', requierd: ['a'] }, ''],
  ['an unknown format', { type: 'object', properties: { a: { type: 'string', format: 'e-mail' } } }, ''],
  ['a reference to elsewhere', { type: 'object', properties: { a: { $ref: 'https://example.com/a' } } }, ''],
])('a schema with %s is refused at its place', (_, schema, pointer) => {
  const faults = findSchemaFaults(schema);
  expect(faults.map((f) => f.pointer)).toEqual([pointer]);
  expect(faults[0]?.message.length).toBeGreaterThan(10);
});

test('schemas of both current drafts are understood', () => {
  const tuple7 = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    properties: { p: { items: [{ type: 'number' }] } },
  };
  const tuple2020 = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: { p: { prefixItems: [{ type: 'number' }] } },
  };
  for (const schema of [tuple7, tuple2020]) {
    expect(findSchemaFaults(schema)).toEqual([]);
    expect(compileInputSchema(schema)({ p: ['x'] })[0]?.pointer).toBe('/p/0');
  }
});

test.each([
  ['a bare statement', { statement: 'select 1' }, []],
  ['scalars and arrays as parameters', { statement: 's', params: [1, 'a', null, true, [1, 'b', null]] }, []],
  ['no statement', {}, ['/statement']],
  ['an empty statement', { statement: '' }, ['/statement']],
  ['a statement beyond 100,000 characters', { statement: 'x'.repeat(100_001) }, ['/statement']],
  ['201 parameters', { statement: 's', params: Array(201).fill(1) }, ['/params']],
  ['something else', { statement: 's', role: 'postgres' }, ['/role']],
])('SQL arguments with %s get the stated answer', (_, args, pointers) => {
  expect(compileInputSchema(SQL_INPUT_SCHEMA)(args).map((p) => p.pointer)).toEqual(pointers);
});

test('an object as an SQL parameter is refused at its place', () => {
  const problems = compileInputSchema(SQL_INPUT_SCHEMA)({ statement: 's', params: [{ a: 1 }] });
  expect(problems.some((p) => p.pointer === '/params/0')).toBe(true);
});
