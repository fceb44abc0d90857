import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DecidableAction, type Decider, type DecisionInput, decide } from './decide';
import { STATUSES } from './status';
import { DECISIONS, ROLES } from './vocabulary';

const NOW = new Date('2026-01-01T12:00:00.000Z');
const action = (of: Partial<DecidableAction> = {}): DecidableAction => ({
  status: 'held',
  digest: 'sha256:d',
  footprintDigest: 'sha256:f',
  expiresAt: new Date(NOW.getTime() + 60_000),
  needed: 1,
  approvers: [],
  deciders: [],
  reviewerGroups: [],
  roles: null,
  excluded: [],
  ...of,
});
const who = (of: Partial<Decider> = {}): Decider => ({
  personId: 'ana',
  roles: ['reviewer'],
  groups: [],
  ...of,
});
const answer = (of: Partial<DecisionInput> = {}): DecisionInput => ({
  digest: 'sha256:d',
  footprintDigest: 'sha256:f',
  decision: 'approve',
  note: null,
  ...of,
});
const codeOf = (outcome: ReturnType<typeof decide>) => (outcome.ok ? 'ok' : outcome.code);

const people = fc.uniqueArray(fc.constantFrom('ana', 'ben', 'cleo', 'dan', 'eve', 'finn'), { maxLength: 6 });
const anyAction = fc.record({
  status: fc.constantFrom(...STATUSES),
  needed: fc.integer({ min: 0, max: 4 }),
  approvers: people,
  excluded: people,
  repeated: fc.boolean(),
  expiresInMs: fc.constantFrom(-1, 0, 1, 60_000),
});

describe('decide', () => {
  test('never releases with fewer distinct entitled people than needed, whatever the history', () => {
    fc.assert(
      fc.property(
        anyAction,
        fc.constantFrom('ana', 'ben', 'zoe'),
        fc.constantFrom(...DECISIONS),
        (a, me, word) => {
          const state = action({
            status: a.status,
            needed: a.needed,
            // The same person recorded twice must not count twice.
            approvers: a.repeated ? [...a.approvers, ...a.approvers] : a.approvers,
            deciders: a.approvers,
            excluded: a.excluded.map((personId) => ({ personId, why: 'No.' })),
            expiresAt: new Date(NOW.getTime() + a.expiresInMs),
          });
          const outcome = decide(state, who({ personId: me }), answer({ decision: word }), NOW);
          if (!outcome.ok || outcome.value.status !== 'released') return;
          expect(a.status).toBe('held');
          expect(word).toBe('approve');
          expect(a.expiresInMs).toBeGreaterThan(0);
          expect(a.excluded).not.toContain(me);
          expect(a.approvers).not.toContain(me);
          expect(a.needed).toBeGreaterThanOrEqual(1);
          expect(new Set([...a.approvers, me]).size).toBeGreaterThanOrEqual(a.needed);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  test('releases exactly when the last distinct person that was needed approves', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), (needed) => {
        const approvers: string[] = [];
        for (let i = 1; i <= needed; i++) {
          const state = action({ needed, approvers, deciders: approvers });
          const outcome = decide(state, who({ personId: `p${i}` }), answer(), NOW);
          expect(outcome).toMatchObject({ ok: true, value: { approvals: i } });
          if (outcome.ok) expect(outcome.value.status).toBe(i === needed ? 'released' : 'held');
          approvers.push(`p${i}`);
        }
      }),
    );
  });

  test('a hold that needs nobody is broken, not free: no approval releases it', () => {
    expect(decide(action({ needed: 0 }), who(), answer(), NOW)).toMatchObject({ value: { status: 'held' } });
  });

  test('the boundary of expiry belongs to expired: at the instant itself nothing is decided', () => {
    const at = (ms: number) => action({ expiresAt: new Date(NOW.getTime() + ms) });
    expect(codeOf(decide(at(-1), who(), answer(), NOW))).toBe('expired');
    expect(codeOf(decide(at(0), who(), answer(), NOW))).toBe('expired');
    expect(codeOf(decide(at(1), who(), answer(), NOW))).toBe('ok');
    for (const decision of DECISIONS) {
      expect(codeOf(decide(at(0), who(), answer({ decision }), NOW))).toBe('expired');
    }
  });

  test('a veto ends it, also when everybody else approved', () => {
    const state = action({ needed: 3, approvers: ['ben', 'cleo'], deciders: ['ben', 'cleo'] });
    expect(decide(state, who(), answer({ decision: 'reject' }), NOW)).toMatchObject({
      value: { status: 'rejected' },
    });
    expect(decide(state, who(), answer({ decision: 'send_back' }), NOW)).toMatchObject({
      value: { status: 'sent_back' },
    });
  });

  test('every answer to other bytes, another footprint or an unmeasured action is a conflict', () => {
    for (const decision of DECISIONS) {
      for (const wrong of [{ digest: 'sha256:x' }, { footprintDigest: 'sha256:x' }]) {
        expect(codeOf(decide(action(), who(), answer({ ...wrong, decision }), NOW))).toBe('digest_conflict');
      }
      const unmeasured = action({ footprintDigest: null });
      expect(codeOf(decide(unmeasured, who(), answer({ decision }), NOW))).toBe('digest_conflict');
    }
  });

  test('only what is held can be decided', () => {
    for (const status of STATUSES) {
      const code = codeOf(decide(action({ status }), who(), answer(), NOW));
      expect(code).toBe(status === 'held' ? 'ok' : 'not_held');
    }
  });

  test('roles that look do not decide; no role at all neither', () => {
    for (const role of ROLES) {
      expect(codeOf(decide(action(), who({ roles: [role] }), answer(), NOW))).toBe(
        role === 'auditor' ? 'not_entitled' : 'ok',
      );
    }
    expect(codeOf(decide(action(), who({ roles: [] }), answer(), NOW))).toBe('not_entitled');
  });

  test('an exclusion beats every role and every group', () => {
    const state = action({
      reviewerGroups: ['payroll'],
      excluded: [{ personId: 'ana', why: 'You own it.' }],
    });
    const me = who({ roles: ['owner', 'security_lead', 'reviewer'], groups: ['payroll'] });
    expect(codeOf(decide(state, me, answer(), NOW))).toBe('excluded_from_voting');
  });
});
