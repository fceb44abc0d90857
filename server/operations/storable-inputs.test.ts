import { expect, test } from 'vitest';
import type { z } from 'zod';
import { actionInput } from './claim-release';
import { decideInput } from './decide-action';
import { engageHaltInput } from './engage-halt';
import { finishRunInput } from './finish-run';
import { liftHaltInput } from './lift-halt';
import { listActionsInput } from './list-actions';
import { listAuditInput } from './list-audit';
import { listRowsInput } from './list-rows';
import { observeInput } from './observe-result';
import { reportInput } from './report-execution';
import { revealInput } from './reveal-data';
import { waitInput } from './wait-for-action';

const SOUND: [name: string, schema: z.ZodType, input: Record<string, unknown>, texts: string[]][] = [
  ['get, cancel and claim', actionInput, { actionId: 'act_1' }, ['actionId']],
  ['wait', waitInput, { actionId: 'act_1', waitSeconds: 1 }, ['actionId']],
  ['report', reportInput, { actionId: 'a', releaseId: 'r', outcome: 'failed' }, ['actionId', 'releaseId']],
  ['finish a run', finishRunInput, { runId: 'run_1', outcome: 'done' }, ['runId', 'outcome']],
  ['observe', observeInput, { runId: 'run_1', tool: 'web', result: 1 }, ['runId', 'tool']],
  [
    'decide',
    decideInput,
    { actionId: 'a', digest: 'd', footprintDigest: 'f', decision: 'reject', note: 'no' },
    ['actionId', 'note'],
  ],
  ['rows', listRowsInput, { actionId: 'a', footprintDigest: 'f' }, ['actionId']],
  ['reveal', revealInput, { actionId: 'a', footprintDigest: 'f', reason: 'a case' }, ['actionId', 'reason']],
  ['halt', engageHaltInput, { scope: 'agent', id: 'a', reason: 'stop' }, ['id', 'reason']],
  ['lift', liftHaltInput, { haltId: 'h', reason: 'go' }, ['haltId', 'reason']],
  ['the inbox', listActionsInput, { agentId: 'a', runId: 'r', q: 'words' }, ['agentId', 'runId', 'q']],
  ['the log', listAuditInput, { actionId: 'a', kind: 'halt.' }, ['actionId', 'kind']],
];

test.each(SOUND)(
  '%s: text the database cannot hold is refused at its place, not answered with an error',
  (_, schema, input, texts) => {
    expect(schema.safeParse(input).success).toBe(true);
    for (const name of texts) {
      for (const broken of ['a\u0000b', 'a\ud800b']) {
        const parsed = schema.safeParse({ ...input, [name]: broken });
        expect(parsed.success).toBe(false);
        expect(parsed.error?.issues.map((issue) => issue.path.join('/'))).toEqual([name]);
      }
    }
  },
);
