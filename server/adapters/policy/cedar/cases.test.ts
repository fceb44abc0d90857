import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createCedarPolicy } from './cedar-policy';
import { checkPolicies } from './check-policies';
import { readDefaultPolicies } from './read-policies';
import { DEFAULT_CASES, readCases, runCases, withoutCase } from './run-cases';

const policies = readDefaultPolicies();
const cases = readCases(DEFAULT_CASES);
const engine = createCedarPolicy({ policies });

describe('the policies that ship', () => {
  it('are valid, every one', () => {
    expect(checkPolicies(policies)).toEqual([]);
  });

  it('have a case each', () => {
    expect(withoutCase(Object.keys(policies), cases)).toEqual([]);
  });

  it.each(runCases(engine, cases))('answer $case.name: $case.title', ({ faults }) => {
    expect(faults).toEqual([]);
  });

  it('leave no fact in braces and no gap in what a reviewer reads', () => {
    const said = runCases(engine, cases).flatMap(({ verdict }) =>
      verdict.rules.map((r) => `${r.title}. ${r.because}`),
    );
    expect(said.filter((text) => /[{}]|undefined|null| {2}/.test(text))).toEqual([]);
  });
});

describe('the runner of cases', () => {
  const one = cases.find((c) => c.name === 'hold/bulk-update');

  it('notices a policy that stopped matching, a lower quorum and another verdict', () => {
    const { 'bulk-change': _, ...less } = policies;
    const weaker = createCedarPolicy({ policies: less });
    const [result] = runCases(weaker, one ? [one] : []);
    expect(result?.faults).toEqual([
      'policies: expected ["bulk-change","changes"], got ["changes"]',
      'quorum: expected 2, got 1',
    ]);
  });

  it('names policies that no case expects', () => {
    expect(withoutCase(['changes', 'new-one'], cases)).toEqual(['new-one']);
  });

  it('refuses a case with a word it does not know', async () => {
    const { readCase } = await import('./case-file');
    const file = `${DEFAULT_CASES}/hold/bulk-update.json`;
    const json = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    expect(() => readCase('bulk-update', 'hold', { ...json, expects: {} })).toThrow(/expects/);
  });
});
