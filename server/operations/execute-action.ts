import { HOLDPOINT } from '@/server/domain/audit-event';
import { withPayload } from '@/server/domain/carried';
import { BROKER_KINDS, type ToolDefinition } from '@/server/domain/catalog';
import type { BrokerResult, Executor, Measurement, RunOutcome, ToolError } from '@/server/domain/ports';
import { findAction, isHaltedNow, type StoredAction } from '@/server/store/actions';
import { renewLease, writeCommitEvidence } from '@/server/store/leases';
import { sealUndo } from '@/server/store/undo';
import { callOf } from './call-of';
import { claimJudged } from './claim-judged';
import type { Deps } from './deps';
import { exposeMeasured, standingOf } from './expose-action';
import { type Ending, finishExecution } from './finish-execution';
import { holdAgain, isAsApproved, mayRun } from './hold-again';
import { toolOf } from './measure-action';
import { isPublication, publishPolicy } from './publish-policy';
import { readSurroundings } from './read-surroundings';
import { withDefinition } from './take-measurement';
import { traceCall, withOrigins } from './trace-call';

const LEASE_SECONDS = 60;
const DEADLINE_MS = 60_000;

/** The database's own words stand apart in the log: they may quote values, and not everybody may read those. */
const forTheLog = ({ code, message, withoutValues }: ToolError) =>
  withoutValues === undefined ? { code, message } : { code, message: withoutValues, quoted: message };

const forTheAgent = ({ withoutValues: _, ...error }: ToolError) => error;

/** What the log keeps of a result: how much, never what. */
function factsOf(result: BrokerResult): Record<string, unknown> {
  if ('status' in result)
    return { httpStatus: result.status, bytes: result.bytes, truncated: result.truncated };
  if ('files' in result) return { fileCount: result.count, truncated: result.truncated };
  return {
    rowCount: result.rowCount,
    columns: result.columns.map((c) => c.name),
    truncated: result.truncated,
  };
}

function endingOf(outcome: Exclude<RunOutcome<BrokerResult>, { kind: 'drifted' }>): Ending {
  switch (outcome.kind) {
    case 'succeeded':
      return {
        status: 'succeeded',
        actor: HOLDPOINT,
        result: outcome.result,
        data: factsOf(outcome.result),
      };
    case 'failed':
      return {
        status: 'failed',
        actor: HOLDPOINT,
        result: { error: forTheAgent(outcome.error) },
        data: { error: forTheLog(outcome.error) },
      };
    case 'stopped':
      return {
        status: 'revoked',
        actor: HOLDPOINT,
        result: null,
        data: { because: 'a halt or another policy came before the commit; the transaction was rolled back' },
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
  'The connection was lost at the decisive moment. It may or may not have happened; look before you do anything again. It is never retried.';

/** Only broker tools are executed here, and their kind is one Holdpoint can execute. */
export function executorFor(deps: Pick<Deps, 'executors'>, tool: ToolDefinition): Executor {
  const kind = BROKER_KINDS.find((each) => each === tool.kind);
  if (kind === undefined) throw new Error(`tools of kind ${tool.kind} are executed by agents`);
  return deps.executors[kind];
}

/** Keeps how what just ran can be taken back, or says why it cannot. */
async function withUndo(
  deps: Deps,
  action: StoredAction,
  outcome: RunOutcome<BrokerResult>,
  ending: Ending,
): Promise<Ending> {
  const plan = outcome.kind === 'succeeded' ? outcome.measurement.undo?.() : undefined;
  if (plan === undefined) return ending;
  if (!plan.possible) return { ...ending, data: { ...ending.data, undo: plan } };
  const sealed = await sealUndo(deps.vault, action.id, plan);
  const { rows, left } = plan;
  return { ...ending, undo: sealed, data: { ...ending.data, undo: { possible: true, rows, left } } };
}

/** What the run and the agent know as the execution begins: the release has told them of what was measured before, so only what is more is new. */
async function exposing(deps: Deps, action: StoredAction, tool: ToolDefinition) {
  const { workspaceId, agentId, runId } = action;
  const around = await readSurroundings(deps, action, { fresh: true });
  await deps.knowledge.check(workspaceId, agentId);
  const known = await deps.knowledge.ofAgent(workspaceId, agentId, around.run === null ? null : runId);
  const from = { workspaceId, known, around, stands: standingOf(action) };
  return { around, of: (measurement: Measurement) => exposeMeasured(deps, from, tool, measurement) };
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
    const call = await callOf(deps, action, tool);
    const expose = await exposing(deps, action, tool);
    const traced = await traceCall(call, expose.around);
    const inForce = await deps.policies.get(action.workspaceId);
    // The version that allows by rule what is no longer exactly what was released; it has to be in force when that commits.
    let byRule: string | null = null;
    // What it carries was looked through when it was planned, and its arguments are the same; what the run has read since is no part of them.
    const exposed = (measurement: Measurement) => {
      const carried = withPayload(measurement.footprint, action.footprint?.payload ?? null, tool.name);
      return expose.of(withDefinition(tool, withOrigins({ ...measurement, footprint: carried }, traced)));
    };
    const outcome = await executor.run(call, {
      around: expose.around,
      actionId: action.id,
      accept: (measurement) => {
        const now = exposed(measurement).measurement;
        byRule = isAsApproved(action, now) ? null : inForce.policy;
        return mayRun(deps, inForce, action, tool, now);
      },
      beforeCommit: (evidence) => writeCommitEvidence(deps.db, action.id, deps.processId, evidence, byRule),
      deadlineMs: DEADLINE_MS,
      signal: stop.signal,
    });
    if (outcome.kind === 'drifted') {
      const now = exposed(outcome.measurement);
      await holdAgain(deps, action, tool, now.measurement, now);
      return;
    }
    // A statement cut off by a halt fails like any other; what became of the action is the halt's doing.
    const ended = outcome.kind === 'failed' && stop.signal.aborted ? ({ kind: 'stopped' } as const) : outcome;
    const more = ended.kind === 'succeeded' ? expose.of(ended.measurement).rows : [];
    const ending = await withUndo(deps, action, ended, { ...endingOf(ended), exposure: more });
    await finishExecution(deps, action.workspaceId, action.id, deps.processId, ending);
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
  const claim = await claimJudged(deps, {
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
  if (isPublication(action)) return publishPolicy(deps, action);
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
