import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blastRadius, levelRank } from '@/server/domain/blast-radius';
import type { Effect, ToolDefinition } from '@/server/domain/catalog';
import { footprint } from '@/server/domain/footprint';
import { footprintDigest } from '@/server/domain/footprint-digest';
import { sentenceFor } from '@/server/domain/sentence';
import { NOWHERE } from '@/server/domain/surroundings';
import { EFFECTS } from '@/server/domain/vocabulary';
import { directoryOf, somebody } from '@/server/testing/directories';
import { createPayloadScanner } from '../payload/payload-scanner';
import { EffectAnalyzer } from './effect-analyzer';

const analyzer = new EffectAnalyzer({ now: () => new Date(0) }, createPayloadScanner());
const tool = (effects: Effect[]): ToolDefinition => ({
  id: 'tol',
  workspaceId: 'ws',
  name: 'office.act',
  description: '',
  kind: 'custom',
  execution: 'agent',
  inputSchema: {},
  effects,
  target: null,
  definitionHash: 'h',
});
const measure = async (effects: Effect[], args: Record<string, unknown>) => {
  const call = { tool: tool(effects), args };
  const { footprint: f } = await analyzer.measure(call, { around: NOWHERE });
  return { ...f, radius: blastRadius(f), codes: f.unknowns.map((u) => u.code) };
};

const PAY: Effect = { effect: 'pay', amount: '$.payments[*].amount', currency: '$.payments[*].currency' };

describe('money', () => {
  test('is summed per currency in minor units, said in the sentence and part of the digest', async () => {
    const args = {
      payments: [
        { amount: '1,200.50', currency: 'EUR' },
        { amount: 35, currency: 'EUR' },
        { amount: '¥500', currency: 'JPY' },
      ],
    };
    const f = await measure([PAY], args);
    expect(f.items).toMatchObject([
      { kind: 'money', count: 123_550, money: { currency: 'EUR', exponent: 2 }, provenance: 'declared' },
      { kind: 'money', count: 500, money: { currency: 'JPY', exponent: 0 } },
    ]);
    expect(f.codes).toEqual([]);
    expect(sentenceFor('pay', f, f.radius)).toBe(
      'Pay 1,235.50 EUR through pay and pay 500 JPY through pay. Cannot be undone.',
    );
    const dollars = structuredClone(f);
    if (dollars.items[0]?.money) dollars.items[0].money.currency = 'USD';
    expect(footprintDigest(dollars)).not.toBe(footprintDigest(f));
  });

  test.each([
    ['a payment without an amount', [{ amount: 5, currency: 'EUR' }, { currency: 'EUR' }]],
    ['a payment without a currency', [{ amount: 5, currency: 'EUR' }, { amount: 5 }]],
    [
      'a negative amount',
      [
        { amount: 5, currency: 'EUR' },
        { amount: -5, currency: 'EUR' },
      ],
    ],
    ['a currency nobody knows', [{ amount: 5, currency: 'gold' }]],
    ['an object for an amount', [{ amount: { value: 5 }, currency: 'EUR' }]],
    [
      'amounts beyond counting',
      [
        { amount: 9e13, currency: 'EUR' },
        { amount: 9e13, currency: 'EUR' },
      ],
    ],
    ['no payment at all', []],
  ])('%s makes the amount unknown and the call critical, never smaller', async (_, payments) => {
    const f = await measure([PAY], { payments });
    expect(f.codes).toContain('amount_unknown');
    expect(f.items.some((i) => i.kind === 'money' && i.count === null)).toBe(true);
    expect(f.radius.level).toBe('critical');
  });

  test('takes one currency for all amounts from an argument or from the map', async () => {
    const each: Effect = { effect: 'pay', amount: '$.amounts[*]', currency: '$.currency' };
    expect((await measure([each], { amounts: [1, 2], currency: 'eur' })).items).toMatchObject([
      { count: 300 },
    ]);
    const minor: Effect = { effect: 'pay', amount: '$.amounts', currency: 'EUR', amountIn: 'minor' };
    expect((await measure([minor], { amounts: [100, 2] })).items).toMatchObject([
      { count: 102, resource: '1.02 EUR', note: '2 payments' },
    ]);
  });

  test('that the map does not locate is unknown', async () => {
    expect((await measure([{ effect: 'pay' }], { amount: 3 })).codes).toEqual(['amount_unknown']);
  });

  test('leaves what is paid to in the footprint beside it, counted once', async () => {
    const f = await measure([{ ...PAY, resource: '$.account' }], {
      account: 'DE00 0000',
      payments: [{ amount: 5, currency: 'EUR' }],
    });
    expect(f.items).toMatchObject([
      { kind: 'resource', resource: 'DE00 0000', restates: true },
      { kind: 'money', count: 500 },
    ]);
    expect(sentenceFor('pay', f, f.radius)).toMatch(/^Pay 5\.00 EUR through pay\. /);
  });
});

describe('an effect that depends on the arguments', () => {
  const map: Effect[] = [
    { effect: 'read', classes: ['public'] },
    { effect: 'send', audience: '$.to', when: { path: '$.notify', is: [true], absent: false } },
  ];

  test('is in the footprint only when it applies', async () => {
    expect((await measure(map, { to: 'a@x.example' })).items.map((i) => i.operation)).toEqual(['read']);
    const notified = await measure(map, { to: 'a@x.example', notify: true });
    expect(notified.items.map((i) => i.operation)).toEqual(['read', 'send']);
    expect(notified.readOnly).toBe(false);
  });

  test('leaves the call unknown when none applies', async () => {
    const f = await measure(map.slice(1), { to: 'a@x.example' });
    expect(f).toMatchObject({
      codes: ['effect_undeclared'],
      readOnly: false,
      method: 'none',
      subjects: null,
    });
  });

  test('may be open to anyone, and is then open to an unknown number of people', async () => {
    const share: Effect[] = [
      {
        effect: 'share',
        resource: '$.file',
        audience: '$.with[*]',
        anyone: { path: '$.access', is: ['anyone'] },
      },
    ];
    const open = await measure(share, { file: 'f1', with: [], access: 'anyone' });
    expect(open.audience?.unbounded).toMatchObject([{ pointer: '/access', why: 'anyone' }]);
    expect(open.radius.audience).toBeNull();
    const closed = await measure(share, { file: 'f1', with: ['a@x.example'], access: 'team' });
    expect(closed.audience?.unbounded).toEqual([]);
    const link: Effect[] = [{ effect: 'share', resource: '$.file', anyone: '$.access' }];
    expect((await measure(link, { file: 'f1', access: true })).radius).toMatchObject({
      audience: null,
      unbounded: 1,
    });
  });

  test('that reaches people is named beside what it shares, and the room is not empty for it', async () => {
    const share: Effect[] = [
      { effect: 'share', resource: '$.file', audience: '$.with[*]', classes: ['public'] },
    ];
    const call = { tool: tool(share), args: { file: 'f1', with: ['ana@acme.com'] } };
    const directory = directoryOf([somebody('ana')]);
    const { footprint: f } = await analyzer.measure(call, { around: { directory, run: null } });
    expect(f.items).toMatchObject([
      { kind: 'resource', resource: 'f1', restates: true },
      { kind: 'audience', count: 1 },
    ]);
    expect(blastRadius(f).audience).toBe(1);
  });

  test('is unknown when one of the places that name recipients is not there', async () => {
    const share: Effect[] = [{ effect: 'share', audience: '$.shares[*].email' }];
    const args = { shares: [{ email: 'ana@acme.com' }, { team: 'sales' }] };
    const directory = directoryOf([somebody('ana')]);
    const { footprint: f } = await analyzer.measure(
      { tool: tool(share), args },
      { around: { directory, run: null } },
    );
    expect(blastRadius(f).audience).toBeNull();
    expect(f.unknowns.map((u) => u.code)).toEqual(['audience_unresolved']);
  });
});

describe('classes by value', () => {
  const by: Effect = {
    effect: 'read',
    classesBy: { path: '$.labels', map: { open: ['public'], pay: ['financial'] } },
  };
  const classes = async (labels: unknown, effect = by) =>
    (await measure([effect], { labels })).radius.classes;

  test('are those of the value, of all values when there are several', async () => {
    expect(await classes('open')).toEqual(['public']);
    expect(await classes(['open', 'pay'])).toEqual(['financial', 'public']);
  });

  test('are unclassified for whatever the mapping does not have', async () => {
    for (const value of ['secret', 'Open', null, undefined, { open: 1 }, '__proto__', 'constructor', 3])
      expect(await classes(value), String(value)).toEqual(['unclassified']);
    expect(await classes(['open', null])).toEqual(['public', 'unclassified']);
    const otherwise = {
      ...by,
      classesBy: { ...by.classesBy, path: '$.labels', map: {}, otherwise: ['health'] },
    };
    expect(await classes('x', otherwise)).toEqual(['health']);
  });
});

describe('what the arguments leave open', () => {
  test('a resource they do not name may be anything', async () => {
    const wipe: Effect[] = [{ effect: 'delete', resource: '$.ids[*]' }];
    for (const args of [{}, { ids: [] }, { ids: [null] }, { ids: 'all' }, { ids: ['a', null] }]) {
      const f = await measure(wipe, args);
      expect(f, JSON.stringify(args)).toMatchObject({
        codes: ['resource_unknown'],
        radius: { rowsDeleted: null },
      });
      expect(f.radius.level).toBe('critical');
    }
    expect((await measure(wipe, { ids: ['a', 'b', 'a'] })).radius.rowsDeleted).toBe(2);
  });

  test('ten thousand recipients are read at once, and duplicates once', async () => {
    const to = Array.from({ length: 10_000 }, (_, i) => `p${i}@x.example`);
    const f = await measure([{ effect: 'send', audience: '$.to[*]' }], { to: [...to, ...to] });
    expect(f.audience?.recipients.length).toBeGreaterThan(1_000);
    expect(f.radius.audience, 'a list cut short').toBeNull();
    expect(footprint.safeParse(f).success).toBe(true);
  });

  test('keys every object has and keys named like them are arguments like others', async () => {
    const odd = JSON.parse('{"__proto__": {"to": "a@x.example"}, "toString": "b"}') as Record<
      string,
      unknown
    >;
    const map: Effect[] = [
      { effect: 'write', resource: '$.__proto__.to' },
      { effect: 'write', resource: '$.toString' },
      { effect: 'write', resource: '$.constructor' },
    ];
    expect((await measure(map, odd)).items.map((i) => [i.resource, i.count])).toEqual([
      ['a@x.example', 1],
      ['b', 1],
      ['office.act', null],
    ]);
  });
});

const anyPath = fc.constantFrom('$.a', '$.b[*]', '$..c', '$.list[*].a', '$.none');
const anyCondition = fc.oneof(anyPath, fc.record({ path: anyPath, is: fc.constant(['x', true]) }));
const anyEffect: fc.Arbitrary<Effect> = fc
  .record(
    {
      effect: fc.constantFrom(...EFFECTS),
      when: anyCondition,
      resource: anyPath,
      audience: anyPath,
      amount: anyPath,
      currency: fc.constantFrom('EUR', '$.currency'),
      anyone: anyCondition,
      classes: fc.subarray(['public', 'financial', 'credential']),
      reversible: fc.boolean(),
    },
    { requiredKeys: ['effect'] },
  )
  .map((e) => e as Effect);
const anyArgs = fc.record(
  {
    a: fc.oneof(fc.constantFrom('x', 'y', 1, -3, null), fc.jsonValue()),
    b: fc.array(fc.constantFrom('p@x.example', 5, null)),
    list: fc.array(fc.oneof(fc.record({ a: fc.constantFrom(1, 'x') }), fc.constant({}))),
    currency: fc.constantFrom('EUR', 'XXX'),
  },
  { requiredKeys: [] },
);

describe('P4: describing more never asks for less', () => {
  test('another effect beside one that applies never lowers the level nor hides an unknown', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyEffect, { maxLength: 3 }),
        anyEffect,
        fc.nat(3),
        anyArgs,
        async (rest, more, at, args) => {
          const map: Effect[] = [{ effect: 'read', classes: ['public'] }, ...rest];
          const before = await measure(map, args);
          const after = await measure(map.toSpliced(at, 0, more), args);
          expect(levelRank(after.radius.level)).toBeGreaterThanOrEqual(levelRank(before.radius.level));
          expect(after.radius.unknowns).toBeGreaterThanOrEqual(before.radius.unknowns);
          expect(before.readOnly || !after.readOnly).toBe(true);
          for (const code of before.codes) expect(after.codes).toContain(code);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('leaving an argument out never lowers the level of a map that needs it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...EFFECTS), anyArgs, async (effect, args) => {
        const map: Effect[] = [{ effect, resource: '$.a', classes: ['public'], reversible: true }];
        const { a: _, ...without } = args;
        const full = await measure(map, args);
        const less = await measure(map, without);
        expect(levelRank(less.radius.level)).toBeGreaterThanOrEqual(levelRank(full.radius.level));
      }),
      { numRuns: 500 },
    );
  });
});
