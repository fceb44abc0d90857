import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { outsideData } from '@/server/testing/outside-data';
import { actionDigest, unfaithfulValues } from './action-digest';
import { canonicalJson } from './canonical';

const input = (args: Record<string, unknown>) => ({
  workspaceId: 'ws',
  agentId: 'agt',
  tool: 'hr.sql',
  args,
  reason: null,
});
/** The same value with every object's keys in another order. */
const reordered = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reordered);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([k, v]) => [k, reordered(v)]),
  );
};

describe('the digest of a planned action', () => {
  const vectors = outsideData('crypto_vectors/jcs_rfc8785.json');
  test.skipIf(vectors === null)('is over RFC 8785 canonical JSON (needs the published vectors)', () => {
    const { cases } = JSON.parse(readFileSync(vectors ?? '', 'utf8')) as {
      cases: { name: string; input: string; output_hex: string }[];
    };
    expect(cases.length).toBeGreaterThan(0);
    for (const { name, input: text, output_hex } of cases) {
      const canonical = canonicalJson(JSON.parse(text));
      expect(Buffer.from(canonical, 'utf8').toString('hex'), name).toBe(output_hex);
    }
  });

  test('is the same for the same arguments in any order and after any trip through JSON', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (args) => {
        const sent = JSON.parse(JSON.stringify(args));
        expect(actionDigest(input(reordered(sent) as Record<string, unknown>))).toBe(
          actionDigest(input(sent)),
        );
      }),
    );
  });

  test('differs for another value, agent, tool, workspace or reason', () => {
    const args = { statement: 'DELETE FROM t WHERE id = 1' };
    const digests = [
      input(args),
      input({ statement: 'DELETE FROM t WHERE id = 2' }),
      input({ ...args, params: [] }),
      { ...input(args), agentId: 'agt2' },
      { ...input(args), tool: 'crm.sql' },
      { ...input(args), workspaceId: 'ws2' },
      { ...input(args), reason: '' },
      input({ statement: 'DELETE FROM t WHERE id = 1 ' }),
      input({ statement: 'DELETE FROM t WHERE id = \u0661' }),
    ].map(actionDigest);
    expect(new Set(digests).size).toBe(digests.length);
    for (const digest of digests) expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  test('tells e with an accent from e and an accent: what is shown alike is not the same bytes', () => {
    expect(actionDigest(input({ to: '\u00e9' }))).not.toBe(actionDigest(input({ to: 'e\u0301' })));
  });
});

describe('values that would be altered on the way are found with their pointer', () => {
  const pointers = (value: unknown) => unfaithfulValues(value).map((p) => p.pointer);

  test('NUL characters and half surrogate pairs, in values and keys, at any depth', () => {
    expect(pointers({ a: ['x', 'y\u0000'], 'b/c': { '~': '\udc00' } })).toEqual(['/a/1', '/b~1c/~0']);
    expect(pointers({ 'k\u0000': 1 })).toEqual(['']);
    expect(pointers({ ok: '\u{1F600} é \u200b' })).toEqual([]);
  });

  test('integers beyond 2^53, which JSON parsing has already rounded', () => {
    expect(pointers(JSON.parse('{"id": 9007199254740993, "n": -9007199254740992}'))).toEqual(['/id', '/n']);
    expect(pointers({ id: Number.MAX_SAFE_INTEGER, x: 0.1, y: -0 })).toEqual([]);
  });

  test('nesting beyond 60 levels, without following it', () => {
    let value: unknown = 'x';
    for (let i = 0; i < 200_000; i++) value = [value];
    expect(pointers(value)).toEqual(['/0'.repeat(61)]);
  });

  test('everything else passes: what is found faithful is canonical JSON that parses to itself', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        if (unfaithfulValues(value).length > 0) return;
        expect(canonicalJson(JSON.parse(canonicalJson(value)))).toBe(canonicalJson(value));
      }),
    );
  });
});
