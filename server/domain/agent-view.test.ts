import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AgentViewSource,
  agentSees,
  isWithdrawable,
  SETTLE_MS,
  settlesAfter,
  toAgentView,
  VEIL_MS,
  veilOver,
} from './agent-view';
import { nextStatus, STATUSES, type Status } from './status';

const SUBMITTED = new Date('2026-03-02T10:00:00.000Z');
const at = (ms: number) => new Date(SUBMITTED.getTime() + ms);
const source = (of: Partial<AgentViewSource> = {}): AgentViewSource => ({
  id: 'act_1',
  runId: null,
  status: 'held',
  digest: 'sha256:d',
  execution: 'broker',
  settlesAt: null,
  veiledUntil: null,
  withdrawnAt: null,
  expiresAt: null,
  note: null,
  result: null,
  ...of,
});

describe('P7: the agent learns nothing before release', () => {
  test('no result is in the view of any state that has not run, even when one is stored', () => {
    for (const status of STATUSES) {
      for (const settlesAt of [null, at(SETTLE_MS)]) {
        const stored = source({ status, settlesAt, result: { rows: [{ salary: 1 }] } });
        const ran = ['succeeded', 'failed', 'unknown_outcome'].includes(status);
        expect(JSON.stringify(toAgentView(stored, 'https://h', at(0))).includes('salary')).toBe(ran);
      }
    }
  });

  test('has the fields of the contract and no others, so that nothing stored beside them can leak', () => {
    const row = {
      ...source({ runId: 'run_1', execution: 'agent', expiresAt: new Date(0), note: 'try a smaller one' }),
      sentence: 'secret',
      footprint: 'secret',
      level: 'secret',
    };
    expect(toAgentView(row, 'https://h', at(0))).toEqual({
      actionId: 'act_1',
      runId: 'run_1',
      status: 'held',
      digest: 'sha256:d',
      execution: 'agent',
      expiresAt: '1970-01-01T00:00:00.000Z',
      retryAfterSeconds: 5,
      note: 'try a smaller one',
      url: 'https://h/actions/act_1',
    });
  });
});

/** What is stored of an action that took this long to measure and came out like that, at a moment. */
function stored(outcome: 'held' | 'denied' | 'revoked', measuredMs: number, nowMs: number): AgentViewSource {
  const base = source({ settlesAt: settlesAfter(SUBMITTED) });
  if (nowMs < measuredMs) return { ...base, status: 'measuring' };
  const end = at(measuredMs);
  if (outcome !== 'held') {
    return { ...base, status: outcome, veiledUntil: veilOver(settlesAfter(SUBMITTED), end) };
  }
  return { ...base, status: 'held', expiresAt: veilOver(SUBMITTED, new Date(end.getTime() + 86_400_000)) };
}
const LONGEST_MEASURING_MS = 33_000;
const duration = fc.integer({ min: 0, max: LONGEST_MEASURING_MS });
const moment = fc.integer({ min: 0, max: 300_000 });

describe('P7: time tells nothing', () => {
  test('two measurements that end differently late look the same at every moment, whatever they end in', () => {
    const outcomes = fc.constantFrom('held', 'denied', 'revoked');
    fc.assert(
      fc.property(outcomes, duration, duration, moment, (outcome, one, other, now) => {
        const seen = (ms: number) => toAgentView(stored(outcome, ms, now), 'u', at(now));
        expect(seen(one)).toEqual(seen(other));
      }),
    );
  });

  test('until the first minute is over what measuring came to looks the same too', () => {
    fc.assert(
      fc.property(duration, duration, fc.integer({ min: 0, max: VEIL_MS - 1 }), (one, other, now) => {
        const held = toAgentView(stored('held', one, now), 'u', at(now));
        expect(toAgentView(stored('denied', other, now), 'u', at(now))).toEqual(held);
        expect(held.status).toBe(now < SETTLE_MS ? 'measuring' : 'held');
      }),
    );
  });

  test('what will change by itself is said with the moment it does, and nothing changes before', () => {
    fc.assert(
      fc.property(fc.constantFrom('held', 'denied', 'revoked'), duration, moment, (outcome, ms, now) => {
        const row = stored(outcome, ms, now);
        const { status, changesAt } = agentSees(row, at(now));
        if (changesAt === null) {
          expect(agentSees(row, at(now + 10 * VEIL_MS)).status).toBe(status);
        } else {
          expect(agentSees(row, new Date(changesAt.getTime() - 1)).status).toBe(status);
          expect(agentSees(row, changesAt).status).not.toBe(status);
        }
      }),
    );
  });

  test('what is judged from arguments alone, and what people do, is shown at once', () => {
    for (const status of STATUSES) expect(agentSees(source({ status }), at(0)).status).toBe(status);
    for (const status of [
      'released',
      'rejected',
      'sent_back',
      'expired',
      'cancelled',
      'succeeded',
    ] as const) {
      const row = source({ status, settlesAt: at(SETTLE_MS), veiledUntil: at(VEIL_MS) });
      expect(agentSees(row, at(0)).status).toBe(status);
    }
  });

  test('an execution that found something else than was approved is shown as running until a whole minute after it began', () => {
    const row = source({ settlesAt: at(SETTLE_MS), veiledUntil: veilOver(at(5_000), at(7_500)) });
    expect(agentSees(row, at(10_000)).status).toBe('executing');
    expect(agentSees(row, at(5_000 + VEIL_MS - 1)).status).toBe('executing');
    expect(agentSees(row, at(5_000 + VEIL_MS)).status).toBe('held');
  });

  test('the end of a hold is told only where no data had a say in it; that of a release always', () => {
    const end = at(86_400_000);
    const view = (of: Partial<AgentViewSource>) =>
      toAgentView(source({ expiresAt: end, ...of }), 'u', at(9_000));
    expect(view({ settlesAt: at(SETTLE_MS) })).not.toHaveProperty('expiresAt');
    expect(view({}).expiresAt).toBe(end.toISOString());
    expect(view({ settlesAt: at(SETTLE_MS), status: 'released' }).expiresAt).toBe(end.toISOString());
  });
});

describe('withdrawing', () => {
  test('is possible for what has not begun to run, as the agent sees it', () => {
    for (const status of STATUSES) expect(isWithdrawable(status)).toBe(nextStatus(status, 'cancel') !== null);
  });

  test('of what was denied unseen looks like any other, then and later', () => {
    const row: AgentViewSource = { ...stored('denied', 200, 400), withdrawnAt: at(400) };
    const cancelled: Status = 'cancelled';
    for (const now of [400, SETTLE_MS, VEIL_MS, 3 * VEIL_MS]) {
      expect(agentSees(row, at(now))).toEqual({ status: cancelled, changesAt: null });
    }
  });
});
