import { z } from 'zod';
import { actionDigest, unfaithfulValues } from '@/server/domain/action-digest';
import { toAgentView } from '@/server/domain/agent-view';
import type { Actor } from '@/server/domain/audit-event';
import type { ToolDefinition } from '@/server/domain/catalog';
import { jsonObject } from '@/server/domain/json-object';
import type { Measurement } from '@/server/domain/ports';
import { accept, type InputProblem, type Outcome, type Refusal, refuse } from '@/server/domain/refusal';
import type { AgentScope } from '@/server/domain/scopes';
import type { AgentActionView } from '@/server/domain/views';
import { findByIdempotencyKey } from '@/server/store/agent-actions';
import { sealImages } from '@/server/store/evidence';
import { newId } from '@/server/store/new-id';
import type { Submission, SubmissionCode } from '@/server/store/submissions';
import type { Deps } from './deps';
import { judgeAction } from './judge-action';
import { readSurroundings } from './read-surroundings';
import { refusalFor } from './submission-refusals';
import { takeMeasurement } from './take-measurement';

export const submitInput = z.strictObject({
  runId: z.string().max(100).optional(),
  tool: z.string().min(1).max(200),
  args: jsonObject,
  reason: z.string().max(10_000).optional(),
  idempotencyKey: z.string().min(1).max(200).optional(),
});
export type SubmitInput = z.infer<typeof submitInput>;

export const MAX_ARGS_BYTES = 512 * 1024;
const MAX_PROBLEMS = 50;
/** A measurement the submission itself waits for gives up after this and becomes an unknown, which holds. */
const QUICK_DEADLINE_MS = 10_000;
/** A measurement in the background belongs to one process this long; a dead one's is taken over afterwards. */
export const MEASURE_LEASE_SECONDS = 60;

type Call = { tool: ToolDefinition; args: Record<string, unknown> };

/** Faults of the bytes come first: walking them is bounded in depth, while what follows is not. */
function checkArgs(deps: Deps, call: Call, input: SubmitInput): Outcome<true> {
  const unfaithful = [
    ...unfaithfulValues(call.args),
    ...unfaithfulValues(input.reason ?? '', '/reason'),
    ...unfaithfulValues(input.runId ?? '', '/runId'),
    ...unfaithfulValues(input.idempotencyKey ?? '', '/idempotencyKey'),
  ];
  if (unfaithful.length > 0) return unfit(call.tool, unfaithful);
  const size = Buffer.byteLength(JSON.stringify(call.args));
  if (size > MAX_ARGS_BYTES) {
    return refuse(
      'args_too_large',
      `The arguments are ${size} bytes; at most ${MAX_ARGS_BYTES} are taken. Split the work, or pass a reference instead of the content.`,
    );
  }
  const problems = [
    ...deps.catalog.validateArgs(call.tool, call.args),
    ...analyzerFor(deps, call.tool).check(call),
  ];
  return problems.length === 0 ? accept(true as const) : unfit(call.tool, problems);
}

function unfit(tool: ToolDefinition, problems: InputProblem[]): Refusal {
  const [first] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return refuse(
    'args_invalid',
    `The arguments do not fit ${tool.name}: ${first?.pointer || '/'} ${first?.message}${more}. Correct them and submit again.`,
    { problems: problems.slice(0, MAX_PROBLEMS) },
  );
}

export const analyzerFor = (deps: Deps, tool: ToolDefinition) => deps.analyzers[tool.kind];

async function judged(
  deps: Deps,
  agent: AgentScope,
  tool: ToolDefinition,
  actionId: string,
  measurement: Measurement,
): Promise<Partial<Submission> & Pick<Submission, 'status' | 'events' | 'notices'>> {
  const asked = {
    id: agent.agentId,
    name: agent.agentName,
    clearances: agent.clearances,
    ownerId: agent.ownerId,
  };
  const { expirySeconds, obligation, ...rest } = judgeAction(deps, asked, tool, measurement);
  const held = rest.status === 'held';
  const chunks = held ? await sealImages(deps.vault, actionId, rest.footprintDigest, measurement.images) : [];
  return {
    ...rest,
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

/**
 * An idempotency key was seen before: the same digest is the same action, another one is a conflict. Null when the key is new.
 */
async function findEarlier(
  deps: Deps,
  agent: AgentScope,
  key: string,
  digest: string,
): Promise<Outcome<AgentActionView> | null> {
  const earlier = await findByIdempotencyKey(deps.db, agent.agentId, key);
  if (earlier === null) return null;
  if (earlier.digest === digest) return accept(toAgentView(earlier, deps.url));
  return refuse(
    'idempotency_conflict',
    'This idempotencyKey was used for another action. Use a new key for a new action, or repeat the first one unchanged.',
  );
}

/** Refusals that say nothing about an action taken before: repeating its submission still answers that one. */
const OF_NEW_ACTIONS: ReadonlySet<string> = new Set(['duplicate', 'halted', 'tool_changed', 'run_finished']);

async function notWritten(
  deps: Deps,
  agent: AgentScope,
  code: Exclude<SubmissionCode, null>,
  key: string | undefined,
  digest: string,
): Promise<Outcome<AgentActionView>> {
  if (key !== undefined && OF_NEW_ACTIONS.has(code)) {
    const earlier = await findEarlier(deps, agent, key, digest);
    if (earlier !== null) return earlier;
  }
  return refusalFor(deps, agent, code === 'duplicate' ? 'internal' : code);
}

type Planned = { id: string; digest: string; call: Call; input: SubmitInput };

/** Judged at once when measuring is quick; otherwise only recorded, with this process holding the measurement's lease. */
async function judgedOrPending(deps: Deps, agent: AgentScope, planned: Planned) {
  const { call, id } = planned;
  const analyzer = analyzerFor(deps, call.tool);
  if (analyzer.isQuick(call)) {
    const { workspaceId } = agent;
    const around = await readSurroundings(deps, { workspaceId, runId: planned.input.runId ?? null });
    const measurement = await takeMeasurement(deps, analyzer, call, {
      deadlineMs: QUICK_DEADLINE_MS,
      around,
    });
    return judged(deps, agent, call.tool, id, measurement);
  }
  return {
    status: 'measuring' as const,
    events: [],
    notices: [],
    leaseHolder: deps.processId,
    leaseSeconds: MEASURE_LEASE_SECONDS,
  };
}

async function toSubmission(deps: Deps, agent: AgentScope, planned: Planned): Promise<Submission> {
  const { call, input } = planned;
  const outcome = await judgedOrPending(deps, agent, planned);
  const actor: Actor = { kind: 'agent', id: agent.agentId, name: agent.agentName };
  return {
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

function viewOf(deps: Deps, written: Submission): AgentActionView {
  const expiresAt =
    written.expirySeconds === undefined
      ? null
      : new Date(deps.clock.now().getTime() + written.expirySeconds * 1_000);
  return toAgentView({ ...written, expiresAt, note: null, result: null }, deps.url);
}

/**
 * Records what an agent plans and answers where it stands. One write, grouped with its neighbours'; acknowledged only after its commit (P9).
 * What is quick to measure is measured and judged first; the rest is recorded as `measuring` and judged in the background.
 */
export async function submitAction(
  deps: Deps,
  agent: AgentScope,
  input: SubmitInput,
): Promise<Outcome<AgentActionView>> {
  const tool = await deps.catalog.getTool(agent.workspaceId, input.tool);
  if (!tool) {
    return refuse(
      'tool_unknown',
      `There is no tool named "${input.tool}". agent.tools lists the ones you have.`,
    );
  }
  const call = { tool, args: input.args };
  const reason = input.reason ?? null;
  const sound = checkArgs(deps, call, input);
  if (!sound.ok) return sound;
  const digest = actionDigest({
    workspaceId: agent.workspaceId,
    agentId: agent.agentId,
    tool: tool.name,
    args: input.args,
    reason,
  });
  const submission = await toSubmission(deps, agent, { id: newId('action'), digest, call, input });
  const code = await deps.submissions.write(submission);
  if (code !== null) return notWritten(deps, agent, code, input.idempotencyKey, digest);
  if (submission.status === 'measuring') deps.backlog.measure(submission.id);
  if (submission.status === 'released' && tool.execution === 'broker') deps.backlog.execute(submission.id);
  return accept(viewOf(deps, submission));
}
