import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { draftEffects, type ToolClaims } from './draft-effects';
import { effectEntry } from './effect-entry';

const draft = (name: string, properties: Record<string, unknown>, annotations: ToolClaims = {}) =>
  draftEffects({ name, annotations, inputSchema: { type: 'object', properties } });
const LIST = { type: 'array', items: { type: 'string' } };
const TEXT = { type: 'string' };

describe('a drafted effect map', () => {
  test('finds recipients, content, resources and amounts by the names of arguments, with the reason for each', () => {
    const mail = draft('send_email', { recipients: LIST, body: TEXT });
    expect(mail.effects).toEqual([
      { effect: 'send', audience: '$.recipients[*]', content: '$.body', reversible: false },
    ]);
    expect(mail.reasons.map((r) => r.field)).toEqual(['effect', 'audience', 'content', 'reversible']);
    expect(
      draft('payments.transfer', { amount: { type: 'number' }, currency: TEXT, account_id: TEXT }).effects,
    ).toMatchObject([
      { effect: 'pay', amount: '$.amount', currency: '$.currency', resource: '$.account_id' },
    ]);
    expect(draft('shareFile', { file_id: TEXT, visibility: TEXT, people: LIST }).effects).toMatchObject([
      {
        effect: 'share',
        resource: '$.file_id',
        audience: '$.people[*]',
        anyone: { path: '$.visibility', not: ['private'] },
      },
    ]);
    expect(draft('get_page', { page_id: TEXT }).effects).toEqual([{ effect: 'read', resource: '$.page_id' }]);
  });

  test('takes a name of several verbs for the worst, and a name without one for something that is run', () => {
    expect(draft('list_or_delete', {}).effects[0]?.effect).toBe('delete');
    expect(draft('frobnicate', {}, { readOnlyHint: true }).effects[0]?.effect).toBe('execute');
  });

  test('never believes a claim that would make it look smaller', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('send_email', 'delete_page', 'transfer', 'get_page', 'run_job', 'odd'),
        fc.record(
          {
            readOnlyHint: fc.boolean(),
            destructiveHint: fc.boolean(),
            openWorldHint: fc.boolean(),
            idempotentHint: fc.boolean(),
          },
          { requiredKeys: [] },
        ),
        (name, claims) => {
          const plain = draft(name, { id: TEXT }).effects[0]?.effect;
          const claimed = draft(name, { id: TEXT }, claims).effects[0]?.effect;
          if (plain !== 'read') expect(claimed).toBe(plain);
        },
      ),
    );
    expect(draft('get_page', {}, { readOnlyHint: false }).effects[0]?.effect).toBe('write');
  });

  test('declares no kind of data and nothing reversible, and is always a map that can be saved', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.dictionary(fc.string(), fc.constantFrom(LIST, TEXT, { type: 'number' }, { type: 'object' })),
        (name, properties) => {
          const [effect] = draft(name, properties).effects;
          expect(effect?.classes).toBeUndefined();
          expect(effect?.reversible ?? false).toBe(false);
          expect(effectEntry.safeParse(effect).success).toBe(true);
        },
      ),
    );
  });
});
