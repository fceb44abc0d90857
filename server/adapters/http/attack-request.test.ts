import { expect, test } from 'vitest';
import { readHttpCall } from './http-call';
import { httpCall, httpTarget } from './testing';

const target = httpTarget({ credentials: { header: { name: 'X-Key', value: 'k' } } });
const read = (args: Record<string, unknown>, operationId: string | null = null) =>
  readHttpCall(httpCall(target, args, operationId));
const problems = (args: Record<string, unknown>, operationId: string | null = null) => {
  const outcome = read(args, operationId);
  return outcome.ok ? [] : outcome.problems.map((p) => p.pointer);
};

test('a call that fits an operation becomes exactly one request below the base URL', () => {
  const outcome = read({
    method: 'GET',
    path: '/customers',
    query: { limit: 5, tag: ['a b', 'c&d'] },
    headers: { 'X-Trace': 't' },
  });
  expect(outcome).toMatchObject({
    ok: true,
    http: {
      url: 'https://crm.example/v1/customers?limit=5&tag=a+b&tag=c%26d',
      body: null,
      headers: { 'x-trace': 't' },
    },
  });
});

test.each([
  '/customers/../admin',
  '/customers/..%2fadmin',
  '/customers/%2e%2e/admin',
  '/customers/%2E%2E%5Cadmin',
  '/customers/%252e%252e/admin',
  '/customers/1%2f2',
  '/customers//1',
  '//evil.example/customers',
  'https://evil.example/customers',
  'https://user:pw@crm.example/v1/customers',
  '/customers/1;admin=true',
  '/customers/1?limit=5',
  '/customers/1#x',
  '\\\\evil.example\\customers',
  '/customers\\1',
  '/customers/1\r\nHost: evil.example',
  '/customers/%00',
  '/customers/%0d%0aX: y',
  '/files/\uff0e\uff0e',
  '/files/%EF%BC%8E%EF%BC%8E',
  '/files/%E2%80%AEtxt',
  '/files/%zz',
  '/files/%c0%ae',
  'customers',
  '/customers/',
  '/unknown',
])('the path %j is refused where it stands', (path) => {
  expect(problems({ method: 'GET', path })).toEqual(['/path']);
});

test.each([
  'Host',
  'authorization',
  'Cookie',
  'Connection',
  'Transfer-Encoding',
  'X-Forwarded-For',
  'X-Key',
  'Proxy-Authorization',
  'X-HTTP-Method-Override',
  'Content-Length',
  'Idempotency-Key',
  'If-Match',
])('an agent cannot set the header %s, whatever the document says', (name) => {
  expect(problems({ method: 'GET', path: '/customers', headers: { [name]: 'x' } })).toContain(
    `/headers/${name}`,
  );
});

test('a header with a line break, one the document does not have, and a query it does not have are refused', () => {
  expect(problems({ method: 'GET', path: '/customers', headers: { 'X-Trace': 'a\r\nHost: b' } })).toEqual([
    '/headers/X-Trace',
  ]);
  expect(problems({ method: 'GET', path: '/customers', headers: { 'X-Other': 'a' } })).toEqual([
    '/headers/X-Other',
  ]);
  expect(problems({ method: 'GET', path: '/customers', query: { admin: 1, limit: 101 } }).sort()).toEqual([
    '/query/admin',
    '/query/limit',
  ]);
});

test('a method the path does not have is refused at the method', () => {
  expect(problems({ method: 'PUT', path: '/customers/1' })).toEqual(['/method']);
});

test('path parameters and bodies are held against their schemas, with pointers back', () => {
  expect(problems({ method: 'GET', path: '/customers/abc' })).toEqual(['/path']);
  expect(problems({ method: 'GET', path: '/customers/0' })).toEqual(['/path']);
  expect(problems({ method: 'PATCH', path: '/customers/1' })).toEqual(['/body']);
  expect(
    problems({ method: 'PATCH', path: '/customers/1', body: { email: 'x', role: 'admin' } }).sort(),
  ).toEqual(['/body/email', '/body/role']);
  expect(problems({ method: 'POST', path: '/customers', body: { name: 'a', parent: { name: 1 } } })).toEqual([
    '/body/parent/name',
  ]);
});

test('a body where the operation takes none is refused', () => {
  expect(problems({ method: 'DELETE', path: '/customers/1', body: { all: true } })).toEqual(['/body']);
});

test('a literal path is meant before one with a parameter', () => {
  expect(read({ method: 'GET', path: '/customers/me' })).toMatchObject({
    http: { operation: { name: 'GET /customers/me' } },
  });
});

test('a tool bound to an operation takes its parameters by name and cannot be led to another path', () => {
  expect(read({ params: { id: 7 } }, 'getCustomer')).toMatchObject({
    http: { url: 'https://crm.example/v1/customers/7' },
  });
  expect(problems({ params: { id: '7/../8' } }, 'getCustomer')).toContain('/params/id');
  expect(problems({ params: { id: 7 }, method: 'DELETE' }, 'getCustomer')).toEqual([]);
  expect(problems({}, 'nothing')).toEqual(['']);
});
