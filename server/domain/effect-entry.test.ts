import { describe, expect, test } from 'vitest';
import { parseDocument } from './workspace-document';

const problems = (effect: Record<string, unknown>) => {
  const parsed = parseDocument({ apiVersion: 'holdpoint/v1', tools: [{ name: 't', effects: [effect] }] });
  return parsed.ok
    ? []
    : (parsed.problems ?? []).map((p) => `${p.pointer.replace('/tools/0/effects/0', '')} ${p.message}`);
};
const parsed = (effect: Record<string, unknown>) => {
  const document = parseDocument({ apiVersion: 'holdpoint/v1', tools: [{ name: 't', effects: [effect] }] });
  return document.ok ? document.value.tools?.[0]?.effects?.[0] : document;
};

describe('an effect in a document', () => {
  test.each<[string, Record<string, unknown>, RegExp]>([
    ['an effect nobody knows', { effect: 'teleport' }, /^\/effect /],
    ['a field nobody knows', { effect: 'send', to: '$.to' }, /^\/to "to" is not known here/],
    ['a path that is none', { effect: 'send', audience: 'to' }, /^\/audience This is not a JSONPath like/],
    ['a path that costs too much', { effect: 'send', audience: '$..a..b' }, /use \.\. at most once/],
    [
      'a currency that is none',
      { effect: 'pay', amount: '$.a', currency: 'gold' },
      /^\/currency Write a code of ISO 4217 like EUR/,
    ],
    [
      'a currency path that is none',
      { effect: 'pay', amount: '$.a', currency: '$.[' },
      /^\/currency Write a code/,
    ],
    ['a unit nobody knows', { effect: 'pay', amount: '$.a', amountIn: 'cents' }, /^\/amountIn /],
    ['a condition that is none', { effect: 'send', when: true }, /^\/when Write the JSONPath of an argument/],
    ['a condition with a broken path', { effect: 'send', when: 'notify' }, /^\/when Write the JSONPath/],
    [
      'a condition by value with a broken path',
      { effect: 'send', when: { path: 'notify', is: true } },
      /^\/when\/path Write the JSONPath/,
    ],
    ['a condition of no values', { effect: 'send', anyone: { path: '$.a', is: [] } }, /^\/anyone/],
    [
      'classes by no value',
      { effect: 'read', classesBy: { path: '$.a', map: {} } },
      /^\/classesBy\/map Name at least one value/,
    ],
    [
      'a class in capitals',
      { effect: 'read', classesBy: { path: '$.a', map: { x: ['Public'] } } },
      /^\/classesBy\/map\/x\/0 Name a classification/,
    ],
  ])('%s is refused at its place, with what to do', (_, effect, message) => {
    expect(problems(effect)).toEqual([expect.stringMatching(message)]);
  });

  test('is taken with everything the language has, lists and codes in one form', () => {
    expect(
      parsed({
        effect: 'share',
        when: { path: '$.share', is: true, absent: false },
        anyone: { path: '$.access', is: ['anyone'] },
        amount: '$.price',
        currency: 'eur',
        amountIn: 'minor',
        classesBy: { path: '$.label', map: { hr: ['personal', 'personal'] }, otherwise: ['internal'] },
      }),
    ).toMatchObject({
      when: { path: '$.share', is: [true], absent: false },
      currency: 'EUR',
      classesBy: { map: { hr: ['personal'] } },
    });
  });

  test('cannot reach what every object has through its mapping', () => {
    const effect = parsed(
      JSON.parse(
        '{"effect":"read","classesBy":{"path":"$.a","map":{"x":["public"],"__proto__":["public"]}}}',
      ),
    );
    expect(Object.getPrototypeOf((effect as { classesBy: { map: object } }).classesBy.map)).toBe(
      Object.prototype,
    );
  });
});
