import { describe, expect, it } from 'vitest';
import { blastRadius } from '@/server/domain/blast-radius';
import type { Footprint } from '@/server/domain/footprint';
import type { PolicyFacts, Verdict } from '@/server/domain/verdict';
import { createCedarPolicy } from './cedar-policy';
import { checkPolicies } from './check-policies';
import { PLACES } from './prepared-sets';
import { readDefaultPolicies, splitPolicies } from './read-policies';

const footprint: Footprint = {
  version: 1,
  items: [
    {
      kind: 'relation',
      target: 'shop',
      resource: 'public.customers',
      operation: 'read',
      count: 3,
      provenance: 'measured',
      classes: ['internal'],
    },
  ],
  unknowns: [],
  subjects: 3,
  method: 'read_only',
  readOnly: true,
  measuredAt: '2026-03-04T10:00:00.000Z',
  durationMs: 1,
};
const factsOf = (of: Partial<Footprint> = {}): PolicyFacts => {
  const measured = { ...footprint, ...of };
  return {
    agent: { id: 'agt_1', name: 'helper', clearances: ['internal'], ownerId: 'per_1' },
    tool: { name: 'query', kind: 'sql', execution: 'broker', effects: [] },
    target: { name: 'shop', kind: 'postgres' },
    moment: null,
    footprint: measured,
    blastRadius: blastRadius(measured),
  };
};
const ALLOW = '@id("anything") @title("Anything") @because("It may.") permit (principal, action, resource);';
const holdBy = (id: string, annotations: string, when = 'true') =>
  `@id("${id}") @title("${id}") @because("{agent}: {rowsRead}") @verdict("hold") ${annotations} forbid (principal, action, resource) when { ${when} };`;
const judgedBy = (...texts: string[]): Verdict =>
  createCedarPolicy({ policies: splitPolicies(texts.join('\n')) }).evaluate(factsOf());
const HELD_BY_TWO = { verdict: 'hold', obligation: { quorum: 2 }, rules: [{ id: 'policy-error' }] };

describe('holds that match together', () => {
  it('ask for every group, the highest quorum, the shortest time and the strongest proof', () => {
    const verdict = judgedBy(
      ALLOW,
      holdBy('one', '@reviewers("payroll, legal") @expires("PT4H30M")'),
      holdBy('two', '@reviewers("payroll") @quorum("3") @expires("P1D")'),
      holdBy('three', '@presence("passkey") @expires("PT5H")'),
      holdBy('other', '@quorum("9")', 'context.rowsRead > 3'),
    );
    expect(verdict).toMatchObject({
      verdict: 'hold',
      obligation: { reviewers: ['legal', 'payroll'], quorum: 3, expirySeconds: 16_200, presence: 'passkey' },
      rules: [{ id: 'two' }, { id: 'one' }, { id: 'three', because: 'helper: 3 rows' }],
    });
  });

  it('ask any reviewer for one approval within a day unless they say otherwise', () => {
    const obligation = { reviewers: [], quorum: 1, expirySeconds: 86_400, presence: 'session' };
    expect(judgedBy(ALLOW, holdBy('one', ''))).toMatchObject({ obligation });
  });

  it('give way to a forbid without a verdict, which denies', () => {
    const never = '@id("never") @title("Never") @because("No.") forbid (principal, action, resource);';
    expect(judgedBy(ALLOW, never, holdBy('one', ''))).toMatchObject({
      verdict: 'deny',
      rules: [{ id: 'never' }],
    });
  });
});

describe('nothing fails open', () => {
  it('holds when nothing permits', () => {
    const other =
      '@id("x") @title("x") @because("x") permit (principal, action, resource) when { context.rowsRead > 3 };';
    expect(judgedBy(other)).toMatchObject({ verdict: 'hold', rules: [{ id: 'nothing-permits' }] });
  });

  it('holds for two people when a policy errors, which Cedar itself would skip', () => {
    const overflow = holdBy('sum', '', 'context.people + 9223372036854775807 > 0');
    const verdict = judgedBy(ALLOW, overflow);
    expect(verdict).toMatchObject(HELD_BY_TWO);
    expect(verdict.rules[0]?.because).toContain('sum');
  });

  it('still denies when another policy errors', () => {
    const overflow = holdBy('sum', '', 'context.people + 9223372036854775807 > 0');
    const never = '@id("never") @title("Never") @because("No.") forbid (principal, action, resource);';
    expect(judgedBy(ALLOW, overflow, never)).toMatchObject({ verdict: 'deny' });
  });

  it('counts what nobody knows as the largest there is', () => {
    const small =
      '@id("x") @title("x") @because("x") permit (principal, action, resource) when { context.rowsRead <= 9007199254740990 };';
    const engine = createCedarPolicy({ policies: splitPolicies(small) });
    const judged = (count: number | null) =>
      engine.evaluate(factsOf({ items: footprint.items.map((i) => ({ ...i, count })) })).verdict;
    expect([judged(3), judged(null), judged(2 ** 60), judged(1.5), judged(Number.NaN), judged(-1)]).toEqual([
      'allow',
      'hold',
      'hold',
      'hold',
      'hold',
      'hold',
    ]);
  });

  it('holds for two people when the engine is slower than anything policies could mean', () => {
    let now = 0;
    const nowMs = () => (now += 1_001);
    const engine = createCedarPolicy({ policies: splitPolicies(ALLOW), nowMs });
    expect(engine.evaluate(factsOf())).toMatchObject(HELD_BY_TWO);
    expect(engine.evaluate(factsOf())).toMatchObject(HELD_BY_TWO);
  });

  it.each([
    ['does not parse', { broken: 'permit (' }],
    ['names a fact that does not exist', { anything: `${ALLOW.slice(0, -1)} when { context.nobody };` }],
    ['misspells an annotation', { anything: ALLOW, one: holdBy('one', '@quorom("2")') }],
  ])('holds everything for two people when a policy %s', (_, policies) => {
    const engine = createCedarPolicy({ policies });
    expect(engine.evaluate(factsOf())).toMatchObject({ ...HELD_BY_TWO, policy: 'default@invalid' });
  });

  it('holds, and never throws, when the facts are not what they should be', () => {
    const engine = createCedarPolicy();
    for (const broken of [{}, { ...factsOf(), agent: null }, { ...factsOf(), blastRadius: {} }]) {
      expect(engine.evaluate(broken as PolicyFacts)).toMatchObject(HELD_BY_TWO);
    }
  });

  it('takes names that are no valid text', () => {
    const facts = factsOf();
    const odd = {
      ...facts,
      agent: { ...facts.agent, name: 'half \ud800', clearances: ['internal', '\udfff'] },
    };
    expect(createCedarPolicy().evaluate(odd).verdict).toBe('allow');
  });
});

describe('numbers that are not measured', () => {
  const numbering = {
    kind: 'sequence' as const,
    target: 'shop',
    resource: 'public.history_id_seq',
    operation: 'write' as const,
    count: 3,
    provenance: 'estimated' as const,
    via: 'default of public.history.id',
  };
  const rulesWith = (item: Footprint['items'][number]) =>
    createCedarPolicy()
      .evaluate(factsOf({ items: [...footprint.items, item], readOnly: false }))
      .rules.map((r) => r.id);

  it('are not those a column’s default gave out: the rows they number are counted', () => {
    expect(rulesWith(numbering)).not.toContain('estimated');
  });

  it('are those of a sequence moved on purpose, of one that cannot be put back, and of one nobody counted', () => {
    const { via: _via, ...onPurpose } = numbering;
    for (const item of [
      onPurpose,
      { ...numbering, reversible: false },
      { ...numbering, provenance: 'unknown' as const },
    ])
      expect(rulesWith(item)).toContain('estimated');
  });
});

describe('a set of policies', () => {
  it('is named by its content in every verdict', () => {
    const [one, two] = [judgedBy(ALLOW).policy, judgedBy(ALLOW, holdBy('one', '')).policy];
    expect(one).toMatch(/^default@[0-9a-f]{12}$/);
    expect(two).not.toBe(one);
  });

  it('keeps its answers however many others are in use', () => {
    const engines = Array.from({ length: 3 * PLACES }, (_, i) => ({
      engine: createCedarPolicy({ policies: splitPolicies([ALLOW, holdBy(`hold-${i}`, '')].join('\n')) }),
      expected: `hold-${i}`,
    }));
    for (const rowsRead of [1, 2]) {
      for (const { engine, expected } of engines) {
        const facts = factsOf({ items: footprint.items.map((i) => ({ ...i, count: rowsRead })) });
        expect(engine.evaluate(facts).rules.map((r) => r.id)).toEqual([expected]);
      }
    }
  }, 60_000);

  it('is read in the order it is written, file by file', () => {
    const ids = Object.keys(readDefaultPolicies());
    expect(ids.indexOf('small-read')).toBe(0);
    expect(ids.indexOf('bulk-delete')).toBeLessThan(ids.indexOf('clearance'));
  });

  it('does not hold two policies of one name, nor one without', () => {
    expect(() => splitPolicies(`${ALLOW}\n${ALLOW}`)).toThrow('Two policies are called "anything".');
    expect(() => splitPolicies('permit (principal, action, resource);')).toThrow('A policy has no @id');
  });
});

describe('checking policies', () => {
  const problems = (...texts: string[]) =>
    checkPolicies(splitPolicies(texts.join('\n'))).map((p) => p.message);

  it('finds nothing wrong with sound ones', () => {
    expect(problems(ALLOW, holdBy('one', '@quorum("2") @expires("P7D") @reviewers("a")'))).toEqual([]);
  });

  it.each([
    ['@quorum("0")', 'must be a number from 1 to 9'],
    ['@expires("4 hours")', 'must be a duration'],
    ['@expires("P31D")', 'must be a duration'],
    ['@expires("PT")', 'must be a duration'],
    ['@presence("fingerprint")', '@presence'],
    ['@reviewers(" , ")', 'must name a group'],
    ['@quorom("2")', 'quorom'],
  ])('refuses %s', (annotation, message) => {
    expect(problems(holdBy('one', annotation)).join()).toContain(message);
  });

  it('refuses obligations on what is no hold', () => {
    expect(problems(ALLOW.replace('permit', '@quorum("2") permit')).join()).toContain('quorum');
    expect(problems(ALLOW.replace('permit', '@verdict("hold") permit')).join()).toContain('verdict');
    expect(problems(holdBy('one', '').replace('"hold"', '"hodl"')).join()).toContain('hold');
  });

  it('refuses a reason with a fact nobody has', () => {
    expect(problems(ALLOW.replace('It may.', 'It reads {salary}.')).join()).toContain('does not exist');
  });

  it('refuses facts of the wrong name or type, although the engine calls that a success', () => {
    expect(problems(holdBy('one', '', 'context.rowsread > 3')).join()).toContain('rowsread');
    expect(problems(holdBy('one', '', 'context.rowsRead > "3"')).join()).not.toBe('');
    expect(problems(holdBy('one', '', 'context.moment.businessHours')).join()).toContain('moment');
  });
});
