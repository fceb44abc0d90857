import { HOLDPOINT } from '@/server/domain/audit-event';
import { BROKER_KINDS, type ToolDefinition } from '@/server/domain/catalog';
import type { Executor, RunOutcome } from '@/server/domain/ports';
import { findAction, isHaltedNow, type StoredAction } from '@/server/store/actions';
import { claimRelease } from '@/server/store/claims';
import { renewLease, writeCommitEvidence } from '@/server/store/leases';
import type { Deps } from './deps';
import { type Ending, finishExecution } from './finish-execution';
import { holdAgain, mayRun } from './hold-again';
import { toolOf } from './measure-action';
import { readSurroundings } from './read-surroundings';
import { traceCall, withOrigins } from './trace-call';

const LEASE_SECONDS = 60;
const DEADLINE_MS = 60_000;

function endingOf(outcome: Exclude<RunOutcome, { kind: 'drifted' }>): Ending {
  switch (outcome.kind) {
    case 'succeeded':
      return {
        status: 'succeeded',
        actor: HOLDPOINT,
        result: outcome.result,
        data: {
          rowCount: outcome.result.rowCount,
          columns: outcome.result.columns.map((c) => c.name),
          truncated: outcome.result.truncated,
        },
      };
    case 'failed':
      return {
        status: 'failed',
        actor: HOLDPOINT,
        result: { error: outcome.error },
        data: { error: outcome.error },
      };
    case 'stopped':
      return {
        status: 'revoked',
        actor: HOLDPOINT,
        result: null,
        data: { because: 'a halt came before the commit; the transaction was rolled back' },
      };
    case 'unknown_outcome':
      return {
        status: 'unknown_outcome',
        actor: HOLDPOINT,
        result: { error: { code: 'unknown_outcome', message: UNKNOWN } },
        data: { why: outcome.why },
      };
  }
}

export const UNKNOWN =
  'The connection was lost while committing. It may or may not have happened; look before you do anything again. It is never retried.';

/** Only broker tools are executed here, and their kind is one Holdpoint can execute. */
export function executorFor(deps: Pick<Deps, 'executors'>, tool: ToolDefinition): Executor {
  const kind = BROKER_KINDS.find((each) => each === tool.kind);
  if (kind === undefined) throw new Error(`tools of kind ${tool.kind} are executed by agents`);
  return deps.executors[kind];
}

async function runClaimed(deps: Deps, action: StoredAction, tool: ToolDefinition): Promise<void> {
  const executor = executorFor(deps, tool);
  const stop = new AbortController();
  const forget = deps.changes.onWorkspace(action.workspaceId, (change) => {
    // `beforeCommit` would refuse anyway; this only ends a long statement sooner. The halt may be of something else.
    if (change !== null && change.status !== 'halted') return;
    isHaltedNow(deps.db, action.id).then(
      (halted) => halted && stop.abort(),
      () => undefined,
    );
  });
  const keepAlive = setInterval(
    () => {
      renewLease(deps.db, action.id, deps.processId, LEASE_SECONDS).catch(() => undefined);
    },
    (LEASE_SECONDS * 1_000) / 3,
  );
  try {
    const call = { tool, args: action.args };
    const around = await readSurroundings(deps, action);
    const traced = await traceCall(call, around);
    const outcome = await executor.run(call, {
      around,
      accept: (measurement) => mayRun(deps, action, tool, withOrigins(measurement, traced)),
      beforeCommit: (evidence) => writeCommitEvidence(deps.db, action.id, deps.processId, evidence),
      deadlineMs: DEADLINE_MS,
      signal: stop.signal,
    });
    if (outcome.kind === 'drifted') {
      await holdAgain(deps, action, tool, withOrigins(outcome.measurement, traced));
      return;
    }
    // A statement cut off by a halt fails like any other; what became of the action is the halt's doing.
    const ended = outcome.kind === 'failed' && stop.signal.aborted ? ({ kind: 'stopped' } as const) : outcome;
    await finishExecution(deps, action.workspaceId, action.id, deps.processId, endingOf(ended));
  } finally {
    clearInterval(keepAlive);
    forget();
  }
}

/**
 * Claims and runs one released broker action: the approved bytes, or nothing (P3). Safe to call any number of times from any process; the
 * claim lets one through (P2). Never retried once claimed.
 */
export async function executeAction(deps: Deps, actionId: string): Promise<void> {
  const planned = await findAction(deps.db, actionId);
  if (planned?.status !== 'released' || planned.execution !== 'broker') return;
  const claim = await claimRelease(deps.db, {
    workspaceId: planned.workspaceId,
    actionId,
    execution: 'broker',
    agentId: null,
    keyId: null,
    holder: deps.processId,
    leaseSeconds: LEASE_SECONDS,
    actor: HOLDPOINT,
    directory: null,
  });
  if (claim.code !== null) return;
  const action = await findAction(deps.db, actionId);
  if (action?.status !== 'executing') return;
  const tool = await toolOf(deps, action);
  if (!tool) {
    await finishExecution(deps, action.workspaceId, action.id, deps.processId, {
      status: 'failed',
      actor: HOLDPOINT,
      result: {
        error: { code: 'tool_removed', message: 'The tool was removed before this ran. Nothing was done.' },
      },
      data: { error: { code: 'tool_removed' } },
    });
    return;
  }
  await runClaimed(deps, action, tool);
}
