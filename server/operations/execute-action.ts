import { HOLDPOINT } from '@/server/domain/audit-event';
import { BROKER_KINDS, type ToolDefinition } from '@/server/domain/catalog';
import { describeDrift } from '@/server/domain/drift';
import { footprintDigest } from '@/server/domain/footprint-digest';
import type { Executor, Measurement, RunOutcome, ToolError } from '@/server/domain/ports';
import { findAction, isHaltedNow, type StoredAction } from '@/server/store/actions';
import { claimRelease } from '@/server/store/claims';
import { renewLease, writeCommitEvidence } from '@/server/store/leases';
import type { Deps } from './deps';
import { type Exposed, exposeMeasured } from './expose-action';
import { type Ending, finishExecution } from './finish-execution';
import { type Judgement, judgeAction } from './judge-action';
import { judgedAgent, toolOf } from './measure-action';
import { readSurroundings } from './read-surroundings';
import { recordVerdict } from './record-verdict';
import { withDefinition } from './take-measurement';

const LEASE_SECONDS = 60;
const DEADLINE_MS = 60_000;

/**
 * What may run is decided inside the executing transaction: people approved one footprint, so it must be that one; policy allowed by rule, so
 * the rule is asked again about what is there now.
 */
function mayRun(deps: Deps, action: StoredAction, tool: ToolDefinition, { measurement }: Exposed): boolean {
  if (tool.unconfirmed !== undefined) return false;
  if (footprintDigest(measurement.footprint) === action.footprintDigest) return true;
  if (action.verdict?.verdict !== 'allow') return false;
  return judgeAction(deps, judgedAgent(action), tool, measurement).verdict.verdict === 'allow';
}

/** The database's own words stand apart in the log: they may quote values, and not everybody may read those. */
const forTheLog = ({ code, message, withoutValues }: ToolError) =>
  withoutValues === undefined ? { code, message } : { code, message: withoutValues, quoted: message };

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
        result: { error: { code: outcome.error.code, message: outcome.error.message } },
        data: { error: forTheLog(outcome.error) },
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

const DRIFTED = {
  id: 'drift',
  title: 'Not what was approved any more',
  because: 'What it would touch changed between the verdict and the execution. Nothing was done.',
  verdict: 'hold' as const,
};

/** Drift is always looked at by people, by at least as many as before, whatever policy would say of what is there now. */
function heldFor(action: StoredAction, judgement: Judgement): Judgement {
  const asked = judgement.obligation ?? action.obligation;
  const obligation = {
    reviewers: asked?.reviewers ?? [],
    quorum: Math.max(1, action.needed, judgement.needed),
    expirySeconds: asked?.expirySeconds ?? 24 * 60 * 60,
    presence: asked?.presence ?? ('session' as const),
  };
  const rules = [DRIFTED, ...judgement.verdict.rules.filter((r) => r.verdict === 'hold')];
  const data = { rules: rules.map((r) => r.id), quorum: obligation.quorum };
  return {
    ...judgement,
    status: 'held',
    verdict: { verdict: 'hold', policy: judgement.verdict.policy, rules, obligation },
    obligation,
    needed: obligation.quorum,
    expirySeconds: obligation.expirySeconds,
    events: [{ kind: 'action.held', actor: HOLDPOINT, data }],
  };
}

async function holdAgain(
  deps: Deps,
  action: StoredAction,
  tool: ToolDefinition,
  exposed: Exposed,
): Promise<void> {
  const { measurement } = exposed;
  const judgement = judgeAction(deps, judgedAgent(action), tool, measurement);
  await recordVerdict(deps, action, heldFor(action, judgement), measurement, {
    kind: 'drifted',
    exposed,
    drift: {
      at: deps.clock.now().toISOString(),
      previousDigest: action.footprintDigest ?? '',
      changes: describeDrift(action.footprint, measurement.footprint),
    },
  });
}

/** Only broker tools are executed here, and their kind is one Holdpoint can execute. */
export function executorFor(deps: Pick<Deps, 'executors'>, tool: ToolDefinition): Executor {
  const kind = BROKER_KINDS.find((each) => each === tool.kind);
  if (kind === undefined) throw new Error(`tools of kind ${tool.kind} are executed by agents`);
  return deps.executors[kind];
}

/** What the run and the agent know as the execution begins: the release has told them of what was measured before, so only what is more is new. */
async function exposing(deps: Deps, action: StoredAction, tool: ToolDefinition) {
  const { workspaceId, agentId, runId } = action;
  const around = await readSurroundings(deps, action, { fresh: true });
  await deps.knowledge.check(workspaceId, agentId);
  const known = await deps.knowledge.ofAgent(workspaceId, agentId, around.run === null ? null : runId);
  const from = { workspaceId, known, around };
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
    const expose = await exposing(deps, action, tool);
    const outcome = await executor.run(
      { tool, args: action.args },
      {
        around: expose.around,
        accept: (measurement) => mayRun(deps, action, tool, expose.of(measurement)),
        beforeCommit: (evidence) => writeCommitEvidence(deps.db, action.id, deps.processId, evidence),
        deadlineMs: DEADLINE_MS,
        signal: stop.signal,
      },
    );
    if (outcome.kind === 'drifted')
      return await holdAgain(deps, action, tool, expose.of(withDefinition(tool, outcome.measurement)));
    // A statement cut off by a halt fails like any other; what became of the action is the halt's doing.
    const ended = outcome.kind === 'failed' && stop.signal.aborted ? ({ kind: 'stopped' } as const) : outcome;
    const more = ended.kind === 'succeeded' ? expose.of(ended.measurement).rows : [];
    const ending = { ...endingOf(ended), exposure: more };
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
  const claim = await claimRelease(deps.db, {
    workspaceId: planned.workspaceId,
    actionId,
    execution: 'broker',
    agentId: null,
    keyId: null,
    holder: deps.processId,
    leaseSeconds: LEASE_SECONDS,
    actor: HOLDPOINT,
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
