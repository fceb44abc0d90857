import { describe, expect, test } from 'vitest';
import { findPathFault, leadingNames, select } from './json-path';

const nested = (levels: number): Record<string, unknown> =>
  levels === 0 ? { to: 'deep@x.example' } : { a: nested(levels - 1) };

describe('a path of an effect map', () => {
  test('is refused when it could visit the arguments more than once', () => {
    for (const path of [
      '$..a..b',
      '$[*, *]',
      "$['a', 'a']",
      '$[0, -1]',
      '$.a[?count($..*) > 2]',
      '$.a[?$.b == $.c]',
      '$.a[?@..b]',
      '$.a[?@.b[*]]',
      "$.a[?match(@.b, 'x')]",
      '$.a[?',
      'a',
    ])
      expect(findPathFault(path), path).not.toBeNull();
  });

  test('is taken when its cost grows with the arguments only', () => {
    for (const path of [
      '$.to[*]',
      '$..email',
      "$['to', 'cc'][*]",
      '$.files[?@.kind == "image"].id',
      '$.rows[0:10]',
      '$.a[?length(@.b) > 3 && !@.c]',
    ])
      expect(findPathFault(path), path).toBeNull();
  });

  test('selects in place, however deep the arguments that are taken at all', () => {
    const [found] = select('$..to', nested(63)).values;
    expect(found).toMatchObject({ value: 'deep@x.example' });
    expect(found?.pointer).toMatch(/^(\/a){63}\/to$/);
  });

  test('reads what the arguments hold and nothing every object has', () => {
    const own = JSON.parse('{"__proto__": {"to": "a@x.example"}}') as Record<string, unknown>;
    expect(select('$.__proto__.to', own).values.map((n) => n.value)).toEqual(['a@x.example']);
    for (const path of ['$.__proto__', '$.constructor', '$.toString', '$.list.length'])
      expect(select(path, { list: [1] }).values, path).toEqual([]);
  });

  test('finds the holes of a list: what is left out of one of them, and null', () => {
    const args = { payments: [{ amount: 1 }, {}, { amount: null }, 'none'], to: ['a', null] };
    expect(select('$.payments[*].amount', args)).toEqual({
      values: [{ path: ['payments', 0, 'amount'], pointer: '/payments/0/amount', value: 1 }],
      missing: ['/payments/1', '/payments/3'],
      nulls: ['/payments/2/amount'],
    });
    expect(select('$.to[*]', args)).toMatchObject({ missing: [], nulls: ['/to/1'] });
    expect(
      select('$.shares[*].with[*]', { shares: [{ with: ['a'] }, {}, { with: 'b' }, { with: [] }] }),
    ).toEqual({
      values: [{ path: ['shares', 0, 'with', 0], pointer: '/shares/0/with/0', value: 'a' }],
      missing: ['/shares/1', '/shares/2/with'],
      nulls: [],
    });
    expect(select("$['to', 'cc'][*]", { to: ['a'] }).missing).toEqual([]);
    expect(select('$.absent', args)).toEqual({ values: [], missing: [''], nulls: [] });
    expect(select('$.to[0]', args).missing).toEqual([]);
  });

  test('names the arguments it begins with', () => {
    expect(leadingNames('$.mail.to[*].address')).toEqual(['mail', 'to']);
    expect(leadingNames('$..to')).toEqual([]);
    expect(leadingNames("$['a','b']")).toEqual([]);
  });
});
