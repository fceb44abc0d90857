import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EffectAnalyzer } from '@/server/adapters/effects/effect-analyzer';
import { createPayloadScanner } from '@/server/adapters/payload/payload-scanner';
import { anyFootprint } from '@/server/testing/arbitrary-footprint';
import { blastRadius } from './blast-radius';
import type { ToolDefinition } from './catalog';
import type { Footprint } from './footprint';
import { sentenceFor } from './sentence';
import { NOWHERE } from './surroundings';
import { EFFECTS } from './vocabulary';

const analyzer = new EffectAnalyzer({ now: () => new Date(0) }, createPayloadScanner());
const say = (f: Footprint, tool = 'hr.sql') => sentenceFor(tool, f, blastRadius(f));
const tool = (effects: ToolDefinition['effects']): ToolDefinition => ({
  id: 'tol',
  workspaceId: 'ws',
  name: 'pages.tool',
  description: '',
  kind: 'custom',
  execution: 'agent',
  inputSchema: {},
  effects,
  target: null,
  definitionHash: 'h',
});

describe('the sentence', () => {
  test('holds no text of the arguments, whatever the effect map selects from them', async () => {
    const planted = 'ROUTINE-APPROVED-BY-SECURITY';
    const args = {
      path: planted,
      to: [planted, `${planted}2`],
      body: planted,
      amount: planted,
      unit: planted,
    };
    for (const effect of EFFECTS) {
      for (const paths of [
        { resource: '$.path' },
        { location: '$.path' },
        { audience: '$.to[*]', content: '$.body' },
        { amount: '$.amount', currency: '$.unit' },
      ]) {
        const { footprint } = await analyzer.measure(
          { tool: tool([{ effect, ...paths }]), args },
          { around: NOWHERE },
        );
        expect(say(footprint, 'pages.tool'), effect).not.toContain(planted);
        expect(say(footprint, 'pages.tool')).toMatch(/^[A-Z].*\.$/);
      }
    }
  });

  test('an unknown number is said to be unknown, never zero', () => {
    fc.assert(
      fc.property(anyFootprint, (f) => {
        const direct = f.items.filter((i) => i.via === undefined && i.kind === 'relation');
        const sentence = say(f);
        expect(sentence.length).toBeGreaterThan(10);
        if (f.items.length === 1 && direct[0]?.count === null && direct[0].operation !== 'define') {
          expect(sentence).toMatch(/unknown number|could not be measured/);
        }
        if (blastRadius(f).unknowns > 0) expect(sentence).toContain('could not be measured');
        if (!blastRadius(f).reversible) expect(sentence).toContain('Cannot be undone.');
      }),
    );
  });

  test('reads as a person would say it', () => {
    const f: Footprint = {
      version: 1,
      items: [
        {
          kind: 'relation',
          target: 'hr',
          resource: 'public.employees',
          operation: 'update',
          count: 214,
          provenance: 'measured',
          classes: ['financial', 'personal'],
        },
        {
          kind: 'relation',
          target: 'hr',
          resource: 'public.salary_changes',
          operation: 'insert',
          count: 214,
          provenance: 'measured',
          via: 'trigger record_change',
        },
      ],
      unknowns: [],
      subjects: 214,
      method: 'rehearsed',
      readOnly: false,
      measuredAt: '',
      durationMs: 0,
    };
    expect(say(f)).toMatch(
      /^Update 214 rows in employees\b.*\b214 more\b.*cascades or triggers\b.*financial and personal data of 214 people\.$/,
    );
    const nothing = say({ ...f, items: [], method: 'none', unknowns: [{ code: 'timeout', message: '' }] });
    expect(nothing).toMatch(/^Run hr\.sql, whose effect is not known\b.*1 fact could not be measured\.$/);
  });
});
