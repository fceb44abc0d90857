import { describe, expect, test } from 'vitest';
import { toAgentView } from './agent-view';
import { STATUSES } from './status';

describe('P7: the agent learns nothing before release', () => {
  test('no result is in the view of any state that has not run, even when one is stored', () => {
    for (const status of STATUSES) {
      const view = toAgentView(
        {
          id: 'act_1',
          runId: null,
          status,
          digest: 'sha256:d',
          execution: 'broker',
          expiresAt: null,
          note: null,
          result: { rows: [{ salary: 1 }] },
        },
        'https://h',
      );
      const ran = ['succeeded', 'failed', 'unknown_outcome'].includes(status);
      expect(JSON.stringify(view).includes('salary')).toBe(ran);
    }
  });

  test('has the fields of the contract and no others, so that nothing stored beside them can leak', () => {
    const row = {
      id: 'act_1',
      runId: 'run_1',
      status: 'held' as const,
      digest: 'sha256:d',
      execution: 'agent' as const,
      expiresAt: new Date(0),
      note: 'try a smaller one',
      result: null,
      sentence: 'secret',
      footprint: 'secret',
      level: 'secret',
    };
    expect(toAgentView(row, 'https://h')).toEqual({
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
