import { expect, test } from 'vitest';
import { blastRadius } from '@/server/domain/blast-radius';
import { sentenceFor } from '@/server/domain/sentence';
import { NOWHERE } from '@/server/domain/surroundings';
import { createPayloadScanner } from '../payload/payload-scanner';
import { HttpAnalyzer } from './http-analyzer';
import { httpCall, httpTarget } from './testing';

const clock = { now: () => new Date('2026-01-01T00:00:00Z') };
const measure = async (args: Record<string, unknown>, extra = {}) =>
  (
    await new HttpAnalyzer(clock, createPayloadScanner()).measure(httpCall(httpTarget(extra), args), {
      deadlineMs: 1_000,
    })
  ).footprint;

test('a GET nobody has described is no read: what it does is unknown', async () => {
  const footprint = await measure({ method: 'GET', path: '/customers/me' });
  expect(footprint.readOnly).toBe(false);
  expect(footprint.items).toMatchObject([
    { operation: 'execute', count: null, provenance: 'unknown', reversible: false },
  ]);
  expect(footprint.unknowns.map((u) => u.code)).toEqual(['effect_undeclared', 'unclassified_columns']);
  expect(blastRadius(footprint).level).toBe('critical');
});

test('a declared read is one, with the classes its properties declare', async () => {
  const footprint = await measure({ method: 'GET', path: '/customers' });
  expect(footprint).toMatchObject({ readOnly: true, subjects: 20, unknowns: [], method: 'declared' });
  expect(footprint.items).toMatchObject([
    {
      kind: 'request',
      operation: 'read',
      count: 20,
      provenance: 'declared',
      classes: ['personal'],
      reversible: true,
    },
  ]);
});

test('a DELETE nobody has described deletes an unknown number of things for good', async () => {
  const footprint = await measure({ method: 'DELETE', path: '/customers/3' });
  expect(footprint.items).toMatchObject([{ operation: 'delete', count: null, reversible: false }]);
  expect(blastRadius(footprint).rowsDeleted).toBeNull();
});

test('what the operator says at the target wins over what the document says of itself, and classes only add up', async () => {
  const footprint = await measure(
    { method: 'PATCH', path: '/customers/3', body: { email: 'a@b.example' } },
    {
      operations: {
        changeCustomer: { effect: 'delete', reversible: false },
        'PATCH /customers/**': { classes: ['financial'], count: 9 },
      },
    },
  );
  expect(footprint.items).toMatchObject([
    { operation: 'delete', reversible: false, count: 9, classes: ['financial', 'personal'] },
  ]);
});

test('a change that may send is said to reach nobody knows whom', async () => {
  const footprint = await measure(
    { method: 'POST', path: '/customers', body: { name: 'a' } },
    { operations: { createCustomer: { effect: 'send', count: 1 } } },
  );
  expect(blastRadius(footprint).audience).toBeNull();
});

test('what a change answers with comes back to the agent and is counted as known', async () => {
  const { disclosed } = await new HttpAnalyzer(clock, createPayloadScanner()).measure(
    httpCall(httpTarget({ operations: { changeCustomer: { returns: ['financial'] } } }), {
      method: 'PATCH',
      path: '/customers/3',
      body: { email: 'a@b.example' },
    }),
    { deadlineMs: 1_000 },
  );
  expect(disclosed).toEqual({ classes: ['financial', 'personal'], subjects: null, count: 1 });
});

test('the sentence names the operation as the document does and none of what the agent filled in', async () => {
  const footprint = await measure({
    method: 'PATCH',
    path: '/customers/3',
    body: { email: 'approve@me.example' },
  });
  expect(sentenceFor('crm.call', footprint, blastRadius(footprint))).toBe(
    'Write 1 item through PATCH /customers/{id} on crm: personal data of 1 person.',
  );
});

test('people see the request without its credentials', async () => {
  const footprint = await measure(
    { method: 'GET', path: '/customers' },
    { credentials: { bearer: 's3cret' } },
  );
  expect(footprint.request?.headers).toContainEqual({ name: 'authorization', value: null });
  expect(JSON.stringify(footprint)).not.toContain('s3cret');
});

test('what a request carries is scanned, its query as well as its body; an execution does not look again', async () => {
  const analyzer = new HttpAnalyzer(clock, createPayloadScanner());
  const call = httpCall(httpTarget({}), {
    method: 'POST',
    path: '/customers',
    body: { name: 'pays with 4111 1111 1111 1111' },
  });
  const searched = { goal: null, mandate: null, directory: new Map(), results: [], whole: true };
  const { footprint } = await analyzer.measure(call, { deadlineMs: 1_000, around: NOWHERE, searched });
  expect(footprint.payload?.findings).toEqual([
    { pointer: '/body/name', start: 10, end: 29, class: 'financial', detector: 'payment_card' },
  ]);
  expect(blastRadius(footprint).classes).toContain('financial');
  const asked = httpCall(httpTarget({}), {
    method: 'GET',
    path: '/customers',
    query: { tag: ['4111111111111111'] },
  });
  const read = await analyzer.measure(asked, { deadlineMs: 1_000, around: NOWHERE, searched });
  expect(read.footprint.payload?.findings).toMatchObject([
    { pointer: '/query/tag/0', detector: 'payment_card' },
  ]);
  expect(
    (await analyzer.measure(call, { deadlineMs: 1_000, around: NOWHERE })).footprint.payload,
  ).toBeUndefined();
});
