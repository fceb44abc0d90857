import { z } from 'zod';
import { mandateLimits } from '@/server/domain/mandate';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import type { RunDetail } from '@/server/domain/run-views';
import type { ReviewerScope } from '@/server/domain/scopes';
import { storable } from '@/server/domain/storable-text';
import { loadRun, type RunRow, STEPS_ADDED_UP } from '@/server/store/run-queries';
import type { Deps } from './deps';

export const runInput = z.strictObject({ runId: storable(z.string().min(1).max(100)) });

function inForceOf(run: RunRow['run']): RunDetail['inForce'] {
  if (run.mandateLimits === null) return null;
  return {
    limits: mandateLimits.parse(run.mandateLimits),
    by: run.mandateBy,
    expiresAt: run.mandateExpiresAt?.toISOString() ?? null,
    endedAt: run.mandateEndedAt?.toISOString() ?? null,
    spent: {
      calls: run.spentCalls,
      rows: Number(run.spentRows),
      people: Number(run.spentPeople),
      money: Number(run.spentMoney),
    },
  };
}

function toView(row: RunRow, person: ReviewerScope): RunDetail {
  const { run, halt } = row;
  return {
    runId: run.id,
    externalId: run.externalId,
    agent: row.agent,
    owner: row.owner,
    onBehalfOf: run.onBehalfOf === null ? null : { text: run.onBehalfOf, person: row.onBehalfOfName },
    goal: run.goal,
    mandate: run.mandate,
    inForce: inForceOf(run),
    mayGrant:
      run.finishedAt === null && row.owner.id !== person.personId && run.onBehalfOfId !== person.personId,
    outcome: run.outcome,
    startedAt: run.startedAt.toISOString(),
    finishedAt: run.finishedAt?.toISOString() ?? null,
    statuses: row.statuses,
    steps: row.statuses.reduce((sum, { steps }) => sum + steps, 0),
    touched: row.touched,
    people: row.people,
    cap: STEPS_ADDED_UP,
    observations: row.observations,
    observed: row.observed,
    halt:
      halt === null
        ? null
        : { haltId: halt.id, by: halt.engagedBy, reason: halt.reason, at: halt.engagedAt.toISOString() },
  };
}

/**
 * One run as a whole: what it is for, in whose name, what its executed steps read and changed, what the agent reported to have seen. Sums and
 * states only: no row, no value and no reviewer's answer is in it. Its steps are `listActions` of this run.
 */
export async function getRun(
  deps: Pick<Deps, 'db'>,
  person: ReviewerScope,
  input: z.infer<typeof runInput>,
): Promise<Outcome<RunDetail>> {
  const row = await loadRun(deps.db, person.workspaceId, input.runId);
  return row === null
    ? refuse('run_unknown', 'There is no such run in your workspace.')
    : accept(toView(row, person));
}
