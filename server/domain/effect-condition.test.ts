import { describe, expect, test } from 'vitest';
import { type EffectCondition, readCondition } from './effect-condition';

const holds = (condition: EffectCondition, args: Record<string, unknown>) =>
  readCondition(condition, args).holds;

describe('a condition of an effect', () => {
  test('of a path alone holds when the argument is there', () => {
    expect(holds('$.cc', { cc: ['a'] })).toBe(true);
    expect(holds('$.cc', { cc: false })).toBe(true);
    expect(holds('$.cc', { cc: null })).toBe(false);
    expect(holds('$.cc', {})).toBe(false);
  });

  test('by value holds for that value however it is written, and not for another of its kind', () => {
    const notify: EffectCondition = { path: '$.notify', is: [true] };
    expect(holds(notify, { notify: true })).toBe(true);
    expect(holds(notify, { notify: false })).toBe(false);
    const open: EffectCondition = { path: '$.access', is: ['anyone', 'public'] };
    expect(holds(open, { access: ' Anyone ' })).toBe(true);
    expect(holds(open, { access: 'team' })).toBe(false);
  });

  test('holds in doubt: left out, or a value it does not speak of', () => {
    const notify: EffectCondition = { path: '$.notify', is: [true] };
    for (const args of [{}, { notify: null }, { notify: 'TRUE' }, { notify: 1 }, { notify: [false] }])
      expect(holds(notify, args), JSON.stringify(args)).toBe(true);
    expect(holds({ ...notify, absent: false }, {})).toBe(false);
    expect(holds({ ...notify, absent: false }, { notify: 'TRUE' })).toBe(true);
  });

  test('by exception is ruled out only by exactly the values it excepts', () => {
    const outside: EffectCondition = { path: '$.access', not: ['private'] };
    expect(holds(outside, { access: 'private' })).toBe(false);
    for (const access of ['Private', 'PRIVATE ', 'anyone', 1, ['private']])
      expect(holds(outside, { access }), String(access)).toBe(true);
    expect(holds(outside, {})).toBe(true);
  });

  test('over several values holds when one of them fits', () => {
    const any: EffectCondition = { path: '$.shares[*].access', is: ['anyone'] };
    expect(holds(any, { shares: [{ access: 'team' }, { access: 'anyone' }] })).toBe(true);
    expect(holds(any, { shares: [{ access: 'team' }, { access: 'owner' }] })).toBe(false);
    expect(holds(any, { shares: [{ access: 'team' }, {}] }), 'one of them does not say').toBe(true);
  });
});
