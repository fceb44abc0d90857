import { settlesAfter } from '@/server/domain/agent-view';
import type { Actor } from '@/server/domain/audit-event';
import type { ToolDefinition } from '@/server/domain/catalog';
import type { Measured, Measurement } from '@/server/domain/ports';
import type { AgentScope } from '@/server/domain/scopes';
import { spends } from '@/server/domain/stand-to-mandate';
import { sealImages } from '@/server/store/evidence';
import { newId } from '@/server/store/new-id';
import type { Submission, SubmissionCode } from '@/server/store/submissions';
import type { Deps } from './deps';
import { type Exposed, exposeAction } from './expose-action';
import { type Judgement, judgeAction } from './judge-action';
import { MEASURE_LEASE_SECONDS } from './measure-action';
import { measureCall } from './measure-call';
import { readSurroundings } from './read-surroundings';
import { analyzerFor } from './take-measurement';

/** Each further attempt means that somebody else of the same run or agent was written in between. */
const MAX_ATTEMPTS = 8;

export type Planned = {
  id: string;
  digest: string;
  call: { tool: ToolDefinition; args: Record<string, unknown> };
  submittedAt: Date;
  input: {
    runId?: string | undefined;
    args: Record<string, unknown>;
    reason?: string | undefined;
    idempotencyKey?: string | undefined;
  };
};
type Standing = Partial<Submission> & Pick<Submission, 'status' | 'events' | 'notices'>;
export type Written = { submission: Submission; code: Exclude<SubmissionCode, 'policy_changed'> };

async function judge(
  deps: Deps,
  agent: AgentScope,
  tool: ToolDefinition,
  measurement: Measurement,
): Promise<Judgement> {
  const asked = {
    id: agent.agentId,
    name: agent.agentName,
    clearances: agent.clearances,
    ownerId: agent.ownerId,
  };
  return judgeAction(deps, await deps.policies.get(agent.workspaceId), asked, tool, measurement);
}

async function standingOf(
  deps: Deps,
  actionId: string,
  judgement: Judgement,
  exposed: Exposed,
): Promise<Standing> {
  const { measurement } = exposed;
  const { expirySeconds, obligation, ...rest } = judgement;
  const held = rest.status === 'held';
  const chunks = held ? await sealImages(deps.vault, actionId, rest.footprintDigest, measurement.images) : [];
  return {
    ...rest,
    ...exposed.based,
    addsLabels: exposed.addsLabels,
    exposure: rest.status === 'denied' ? [] : exposed.rows,
    ...(rest.footprint.mandate === undefined ? {} : { spends: spends(rest.blastRadius) }),
    level: rest.blastRadius.level,
    imagesTotal: measurement.imagesTotal,
    ...(expirySeconds === null ? {} : { expirySeconds }),
    ...(obligation === null ? {} : { obligation }),
    ...(rest.status === 'released' ? { releaseId: newId('release') } : {}),
    chunks: chunks.map((c) => ({ ...c, sealed: Buffer.from(c.sealed).toString('base64') })),
    notices: held
      ? [{ topic: 'action.held', payload: { sentence: rest.sentence, level: rest.blastRadius.level } }]
      : [],
  };
}

function toSubmission(deps: Deps, agent: AgentScope, planned: Planned, outcome: Standing): Submission {
  const { call, input } = planned;
  const reach = analyzerFor(deps, call.tool).reach(call);
  const actor: Actor = { kind: 'agent', id: agent.agentId, name: agent.agentName };
  return {
    ...(reach === 'arguments' ? {} : { settlesAt: settlesAfter(planned.submittedAt).toISOString() }),
    ...outcome,
    id: planned.id,
    workspaceId: agent.workspaceId,
    agentId: agent.agentId,
    agentName: agent.agentName,
    keyId: agent.keyId,
    runId: input.runId ?? null,
    toolId: call.tool.id,
    toolName: call.tool.name,
    toolHash: call.tool.definitionHash,
    targetId: call.tool.target?.id ?? null,
    execution: call.tool.execution,
    args: input.args,
    reason: input.reason ?? null,
    digest: planned.digest,
    idempotencyKey: input.idempotencyKey ?? null,
    events: [{ kind: 'action.submitted', actor, data: { tool: call.tool.name } }, ...outcome.events],
  };
}

/** Tells the memories of this process what was just written, so that the next submission of the run needs no look at the database. */
function remember(deps: Deps, agent: AgentScope, written: Submission, exposed: Exposed): void {
  if (written.status !== 'released') return;
  const { workspaceId, agentId } = agent;
  const at = deps.clock.now();
  const acting = { workspaceId, agentId, runId: written.runId };
  if (exposed.rows.length > 0)
    deps.knowledge.took(acting, exposed.known, exposed.based.exposureRevision, exposed.rows, at);
  const { runRevision } = exposed.based;
  const { spends: spent } = written;
  if ((!exposed.addsLabels && !spent) || written.runId === null || runRevision === null) return;
  const classes = exposed.rows.flatMap((row) => (row.kind === 'read' ? row.classes : []));
  const labels = classes.map((name) => ({ class: name, tool: written.toolName }));
  deps.runs.took(workspaceId, written.runId, runRevision + 1, { labels, ...(spent ? { spent } : {}) });
}

async function writeStanding(
  deps: Deps,
  agent: AgentScope,
  planned: Planned,
  standing: Standing,
): Promise<Written> {
  const submission = toSubmission(deps, agent, planned, standing);
  const code = await deps.submissions.write(submission);
  if (code !== 'policy_changed') return { submission, code };
  // Judged under a version that is not in force, whatever this process had heard: judged again like anything that moved.
  deps.policies.drop(agent.workspaceId);
  return { submission, code: 'stale' };
}

/** Only recorded, with this process holding the measurement's lease. */
export const writePending = (deps: Deps, agent: AgentScope, planned: Planned): Promise<Written> =>
  writeStanding(deps, agent, planned, {
    status: 'measuring',
    events: [],
    notices: [],
    leaseHolder: deps.processId,
    leaseSeconds: MEASURE_LEASE_SECONDS,
  });

type Options = { onlyReleased: boolean };

/** Judges and writes. What adds to the ledger takes its turn first and is looked at again then: two at once must not both pass under a bound. */
async function judgeAndWrite(
  deps: Deps,
  agent: AgentScope,
  planned: Planned,
  ask: () => Promise<Exposed>,
  { onlyReleased }: Options,
): Promise<Written | null> {
  const { tool } = planned.call;
  const attempt = async (isTurn: boolean): Promise<Written | null> => {
    const exposed = await ask();
    const judgement = await judge(deps, agent, tool, exposed.measurement);
    if (onlyReleased && judgement.status !== 'released') return null;
    const adds =
      judgement.status === 'released' &&
      (exposed.rows.length > 0 || judgement.footprint.mandate !== undefined);
    if (adds && !isTurn) return deps.knowledge.alone(agent.agentId, () => attempt(true));
    const standing = await standingOf(deps, planned.id, judgement, exposed);
    const written = await writeStanding(deps, agent, planned, standing);
    if (written.code === null) remember(deps, agent, written.submission, exposed);
    return written;
  };
  return attempt(false);
}

/**
 * Judges what was measured and writes the verdict, only if what it rests on (what the run came across, what the agent knows) is still all there
 * is; otherwise it is judged again, and measured again where the run moved. Null, and nothing written, when only a release would have been.
 */
export async function writeVerdict(
  deps: Deps,
  agent: AgentScope,
  planned: Planned,
  first: Measured,
  options: Options,
): Promise<Written | null> {
  const { call, input } = planned;
  const { workspaceId, agentId } = agent;
  const acting = { workspaceId, agentId, runId: input.runId ?? null };
  let measured = first;
  for (let attempt = 1; ; attempt += 1) {
    const ask = await exposeAction(deps, acting, call.tool, measured.measurement, measured.around);
    const written = await judgeAndWrite(deps, agent, planned, ask, options);
    if (written?.code !== 'stale' || attempt === MAX_ATTEMPTS) return written;
    deps.knowledge.forget(workspaceId, agentId);
    const { run } = await readSurroundings(deps, acting, { fresh: true });
    if (run?.revision !== measured.around.run?.revision) measured = await measureCall(deps, acting, call);
  }
}
