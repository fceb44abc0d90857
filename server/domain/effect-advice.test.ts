import { describe, expect, test } from 'vitest';
import type { Effect } from './catalog';
import { adviseOn } from './effect-advice';

const SCHEMA = {
  type: 'object',
  additionalProperties: false,
  properties: { to: { type: 'array' }, notify: { type: 'boolean' }, amount: { type: 'number' } },
};
const fields = (effect: Effect) => adviseOn(effect, SCHEMA).map((a) => a.field);

describe('advice about an effect', () => {
  test('names a path that can never find anything', () => {
    expect(adviseOn({ effect: 'send', audience: '$.recipients[*]' }, SCHEMA)).toEqual([
      {
        field: 'audience',
        message: 'The input schema has no argument recipients, so $.recipients[*] never finds anything.',
        certain: true,
      },
    ]);
    expect(
      fields({ effect: 'send', audience: '$.to[*]', when: { path: '$.notfy', is: [true], absent: false } }),
    ).toEqual(['when']);
  });

  test('asks for what the effect needs', () => {
    expect(fields({ effect: 'pay' })).toEqual(['amount']);
    expect(fields({ effect: 'pay', amount: '$.amount' })).toEqual(['currency']);
    expect(fields({ effect: 'share' })).toEqual(['audience']);
    expect(fields({ effect: 'read' })).toEqual(['classes']);
    expect(fields({ effect: 'write', currency: 'EUR' })).toEqual(['currency']);
    expect(fields({ effect: 'send', audience: '$.to', when: { path: '$.notify', is: [true] } })).toEqual([
      'when',
    ]);
  });

  test('is silent about a map that says everything', () => {
    expect(fields({ effect: 'pay', amount: '$.amount', currency: 'EUR', when: '$.notify' })).toEqual([]);
    expect(fields({ effect: 'read', classes: ['public'] })).toEqual([]);
  });
});
