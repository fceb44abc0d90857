import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blastRadius } from '@/server/domain/blast-radius';
import type { Effect, ToolDefinition } from '@/server/domain/catalog';
import { footprint } from '@/server/domain/footprint';
import { footprintDigest } from '@/server/domain/footprint-digest';
import { sentenceFor } from '@/server/domain/sentence';
import { NOWHERE } from '@/server/domain/surroundings';
import { EFFECTS } from '@/server/domain/vocabulary';
import { directoryOf, somebody, someGroup } from '@/server/testing/directories';
import { createPayloadScanner } from '../payload/payload-scanner';
import { createCedarPolicy } from '../policy/cedar/cedar-policy';
import { EffectAnalyzer } from './effect-analyzer';

const policy = createCedarPolicy();
let clock = 0;
const analyzer = new EffectAnalyzer({ now: () => new Date(clock++) }, createPayloadScanner());
const tool = (effects: Effect[], definitionHash = 'h'): ToolDefinition => ({
  id: 'tol',
  workspaceId: 'ws',
  name: 'mail.send',
  description: '',
  kind: 'custom',
  execution: 'agent',
  inputSchema: {},
  effects,
  target: null,
  definitionHash,
});
const measure = async (effects: Effect[], args: Record<string, unknown>, hash?: string) =>
  (await analyzer.measure({ tool: tool(effects, hash), args }, { around: NOWHERE })).footprint;
const verdict = (f: Awaited<ReturnType<typeof measure>>, of: ToolDefinition) =>
  policy.evaluate({
    agent: { id: 'a', name: 'a', clearances: [], ownerId: 'o' },
    tool: { name: of.name, kind: of.kind, execution: of.execution, effects: of.effects.map((e) => e.effect) },
    target: null,
    moment: null,
    footprint: f,
    blastRadius: blastRadius(f),
  }).verdict;

const anyEffect: fc.Arbitrary<Effect> = fc.record({
  effect: fc.constantFrom(...EFFECTS),
  resource: fc.constantFrom('$.a', '$.b[*]', '$..c'),
});

describe('a tool measured from its effect map', () => {
  test('is never more certain than declared, whatever the arguments, and always a sound footprint', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyEffect, { maxLength: 4 }),
        fc.dictionary(fc.string(), fc.jsonValue()),
        async (effects, args) => {
          const f = await measure(effects, args);
          expect(footprint.safeParse(f).success).toBe(true);
          for (const item of f.items)
            expect(item.kind === 'audience' ? ['measured', 'unknown'] : ['declared', 'unknown']).toContain(
              item.provenance,
            );
        },
      ),
    );
  });

  test('flows at once only when every effect is a read of declared open data', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyEffect, { maxLength: 3 }), fc.boolean(), async (plain, declared) => {
        const effects = plain.map((e) => (declared ? { ...e, classes: ['public'] } : e));
        const f = await measure(effects, { a: 'x', b: ['y'] });
        if (verdict(f, tool(effects)) !== 'allow') return;
        expect(effects.length).toBeGreaterThan(0);
        expect(effects.every((e) => e.effect === 'read' && e.classes?.includes('public'))).toBe(true);
      }),
    );
  });

  test('a tool nobody described is unknown, and unknown holds', async () => {
    const f = await measure([], { anything: 1 });
    expect(f).toMatchObject({ method: 'none', readOnly: false, subjects: null });
    expect(f.unknowns.map((u) => u.code)).toEqual(['effect_undeclared']);
    expect(verdict(f, tool([]))).toBe('hold');
  });

  test('recipients count as unknown people however few are named, and a missing amount as an unknown amount', async () => {
    const send: Effect[] = [{ effect: 'send', audience: '$.to[*]' }];
    for (const to of [[], ['a@x.example'], ['a@x.example', 'everyone@x.example'], 'not a list']) {
      const f = await measure(send, { to });
      expect(blastRadius(f)).toMatchObject({ audience: null, level: 'critical' });
    }
    const pay: Effect[] = [{ effect: 'pay', amount: '$.amount' }];
    expect((await measure(pay, {})).unknowns.map((u) => u.code)).toEqual(['amount_unknown']);
    expect(blastRadius(await measure(pay, { amount: 3 })).level, 'of no currency').toBe('critical');
  });

  test('a channel is counted by the directory, with who lacks a clearance for what is sent', async () => {
    const people = Array.from({ length: 41 }, (_, i) =>
      somebody(`p${i}`, { clearances: i < 3 ? ['financial'] : [] }),
    );
    const directory = directoryOf(
      people,
      [
        someGroup(
          'payroll',
          people.map((p) => p.id),
          { kind: 'channel' },
        ),
      ],
      { syncedAt: '2026-01-01T00:00:00.000Z' },
    );
    const share: Effect[] = [{ effect: 'share', audience: '$.with', classes: ['financial'] }];
    const call = { tool: tool(share), args: { with: '#payroll' } };
    const { footprint: f } = await analyzer.measure(call, { around: { directory, run: null } });
    expect(f.unknowns).toEqual([]);
    expect(f.items).toMatchObject([
      { kind: 'audience', operation: 'share', count: 41, provenance: 'measured' },
    ]);
    expect(f.audience).toMatchObject({ resolved: 41, lacking: 38, syncedAt: '2026-01-01T00:00:00.000Z' });
    const radius = blastRadius(f);
    expect(radius).toMatchObject({ audience: 41, lacking: 38, unbounded: 0 });
    expect(sentenceFor('docs.share', f, radius)).toBe(
      'Share with 41 people: financial data of an unknown number of people. 38 of them have no clearance for financial. Cannot be undone.',
    );
    const undeclared = { tool: tool([{ effect: 'share', audience: '$.with' }]), args: { with: '#payroll' } };
    const open = (await analyzer.measure(undeclared, { around: { directory, run: null } })).footprint;
    expect(blastRadius(open)).toMatchObject({ audience: 41, lacking: null });
    expect(sentenceFor('docs.share', open, blastRadius(open))).toContain('Who of them is cleared');
  });

  test('recipients in a list, in a list of lists or in objects keep their place in the arguments', async () => {
    const directory = directoryOf([somebody('ana'), somebody('lee')]);
    const send: Effect[] = [{ effect: 'send', audience: '$.to' }];
    const args = { to: ['ana@acme.com', [{ email: 'lee@acme.com' }], 'eve@else.example'] };
    const { footprint: f } = await analyzer.measure(
      { tool: tool(send), args },
      { around: { directory, run: null } },
    );
    expect(f.audience?.recipients.map((r) => [r.pointer, r.resolved])).toEqual([
      ['/to/0', 'person'],
      ['/to/1/0', 'person'],
      ['/to/2', 'external'],
    ]);
  });

  test('another definition of the same tool is another footprint; another moment is not', async () => {
    const write: Effect[] = [{ effect: 'write', resource: '$.a' }];
    const once = footprintDigest(await measure(write, { a: 'x' }));
    expect(footprintDigest(await measure(write, { a: 'x' }))).toBe(once);
    expect(footprintDigest(await measure(write, { a: 'x' }, 'redefined'))).not.toBe(once);
    expect(footprintDigest(await measure(write, { a: 'y' }))).not.toBe(once);
  });
});
