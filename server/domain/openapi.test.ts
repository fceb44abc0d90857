import { expect, test } from 'vitest';
import { compileInputSchema, findSchemaFaults } from './input-schema';
import { findOpenApiFaults, readOperations } from './openapi';
import { operationSchema } from './tool-schemas';

const operation = (more: object = {}) => ({ responses: { 200: { description: 'ok' } }, ...more });
const document = (version: string, paths: object, components: object = {}) => ({
  openapi: version,
  info: { title: 'x', version: '1' },
  paths,
  components,
});
const body = (schema: object) => ({
  requestBody: { required: true, content: { 'application/json': { schema } } },
});
const pointers = (value: Record<string, unknown>) => findOpenApiFaults(value).map((f) => f.pointer);

test.each(['3.0.3', '3.1.0'])('a document of version %s with references inside is read whole', (version) => {
  const schemas = {
    Node: {
      type: 'object',
      required: ['name'],
      properties: { name: { type: 'string', example: 'a' }, next: { $ref: '#/components/schemas/Node' } },
    },
  };
  const value = document(
    version,
    { '/nodes': { post: operation({ operationId: 'add', ...body({ $ref: '#/components/schemas/Node' }) }) } },
    { schemas },
  );
  expect(findOpenApiFaults(value)).toEqual([]);
  const [add] = readOperations(value);
  if (!add) throw new Error('no operation');
  const schema = operationSchema(add);
  expect(findSchemaFaults(schema)).toEqual([]);
  const validate = compileInputSchema(schema);
  expect(validate({ body: { name: 'a', next: { name: 'b' } } })).toEqual([]);
  expect(validate({ body: { name: 'a', next: {} } }).map((p) => p.pointer)).toEqual(['/body/next/name']);
});

test('what leads out of the document, to nothing or in a circle is refused where it stands', () => {
  const at = (ref: string) =>
    pointers(
      document(
        '3.1.0',
        { '/a': { post: operation(body({ $ref: ref })) } },
        { schemas: { A: { $ref: '#/components/schemas/B' }, B: { $ref: '#/components/schemas/A' } } },
      ),
    );
  const place = '/paths/~1a/post/requestBody/content/application~1json/schema/$ref';
  expect(at('https://evil.example/x.json')).toContain(place);
  expect(at('other.yaml#/A')).toContain(place);
  expect(at('file:///etc/passwd')).toContain(place);
  expect(at('#/components/schemas/Nothing')).toContain(place);
  expect(at('#/components/schemas/A')).toContain(place);
});

test('a property that is named $ref is no reference', () => {
  const schema = { type: 'object', properties: { $ref: { type: 'string' } } };
  expect(pointers(document('3.1.0', { '/a': { post: operation(body(schema)) } }))).toEqual([]);
});

test.each([
  [{}, '/openapi'],
  [{ openapi: '2.0' }, '/openapi'],
  [{ openapi: '3.1.0', info: { title: 'x' }, paths: {} }, '/info'],
  [
    {
      openapi: '3.0.0',
      info: { title: 'x', version: '1' },
      paths: { '/a': { get: { responses: { 200: {} } } } },
    },
    '/paths/~1a/get/responses/200',
  ],
])('what is no OpenAPI document is named by its place (%#)', (value, pointer) => {
  expect(pointers(value)[0]?.startsWith(pointer)).toBe(true);
});

test('two operations of one name, and a declaration that cannot be read, are faults', () => {
  const paths = {
    '/a': {
      get: operation({ operationId: 'x' }),
      post: operation({ operationId: 'x', 'x-holdpoint': { effect: 'explode' } }),
    },
  };
  expect(pointers(document('3.1.0', paths))).toEqual([
    '/paths/~1a/post/operationId',
    '/paths/~1a/post/x-holdpoint',
  ]);
});

test('OpenAPI 3.0’s nullable and exclusive bounds mean what they say', () => {
  const schema = {
    type: 'object',
    properties: {
      a: { type: 'string', nullable: true },
      n: { type: 'number', minimum: 1, exclusiveMinimum: true },
    },
  };
  const [add] = readOperations(document('3.0.3', { '/a': { post: operation(body(schema)) } }));
  if (!add) throw new Error('no operation');
  const validate = compileInputSchema(operationSchema(add));
  expect(validate({ body: { a: null, n: 1.5 } })).toEqual([]);
  expect(validate({ body: { a: 1 } })).not.toEqual([]);
  expect(validate({ body: { n: 1 } })).not.toEqual([]);
});

test('what cannot be sent as the document wants it is not callable, and says why', () => {
  const parameter = (more: object) => ({ name: 'p', required: true, schema: { type: 'string' }, ...more });
  const of = (path: string, more: object) =>
    readOperations(document('3.1.0', { [path]: { get: operation(more) } }))[0]?.unsupported;
  expect(of('/a', { parameters: [parameter({ in: 'cookie' })] })).toContain('cookie');
  expect(of('/a', { parameters: [parameter({ in: 'query', style: 'deepObject' })] })).toContain('style');
  expect(of('/a/{p}.json', { parameters: [parameter({ in: 'path' })] })).toContain('partly');
  expect(of('/a/{q}', {})).toContain('{q}');
  expect(of('/a', { requestBody: { required: true, content: { 'multipart/form-data': {} } } })).toContain(
    'multipart',
  );
  expect(of('/a', {})).toBeNull();
});
