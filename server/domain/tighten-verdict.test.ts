import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tightenVerdict } from './tighten-verdict';
import type { Obligation, Verdict } from './verdict';

const obligation: fc.Arbitrary<Obligation> = fc.record({
  reviewers: fc.uniqueArray(fc.constantFrom('payroll', 'legal', 'board')),
  quorum: fc.integer({ min: 1, max: 9 }),
  expirySeconds: fc.constantFrom(900, 14_400, 86_400),
  presence: fc.constantFrom('session', 'passkey'),
});
const hold = (asked: Obligation): Verdict => ({
  verdict: 'hold',
  policy: 'v2@x',
  obligation: asked,
  rules: [{ id: 'new', title: 'New', because: 'New.', verdict: 'hold' }],
});

describe('a verdict asked again under another version', () => {
  test('never asks for less than before, nor for less than the version in force', () => {
    fc.assert(
      fc.property(obligation, obligation, (before, asked) => {
        const after = tightenVerdict(hold(before), before, hold(asked));
        const stands = after.kind === 'held' ? after.verdict.obligation : before;
        for (const of of [before, asked]) {
          expect(stands.quorum).toBeGreaterThanOrEqual(of.quorum);
          expect(stands.expirySeconds).toBeLessThanOrEqual(of.expirySeconds);
          expect(stands.reviewers).toEqual(expect.arrayContaining(of.reviewers));
          if (of.presence === 'passkey') expect(stands.presence).toBe('passkey');
        }
      }),
    );
  });

  test('what is allowed now stays held as it was; what is denied now is denied', () => {
    const before = { reviewers: [], quorum: 1, expirySeconds: 900, presence: 'session' as const };
    expect(tightenVerdict(hold(before), before, { verdict: 'allow', rules: [], policy: 'v2@x' }).kind).toBe(
      'unchanged',
    );
    expect(tightenVerdict(hold(before), before, { verdict: 'deny', rules: [], policy: 'v2@x' }).kind).toBe(
      'denied',
    );
  });

  test('reviewers are told in words what is asked now', () => {
    const before = { reviewers: [], quorum: 1, expirySeconds: 86_400, presence: 'session' as const };
    const asked = {
      reviewers: ['payroll'],
      quorum: 2,
      expirySeconds: 14_400,
      presence: 'passkey' as const,
    };
    const after = tightenVerdict(hold(before), before, hold(asked));
    expect(after.kind === 'held' && after.changes).toEqual([
      'Now 2 people must approve, before one person.',
      'Now members of payroll decide.',
      'Now it has to be decided within 4 hours.',
      'Now each approval needs a passkey.',
    ]);
  });
});
