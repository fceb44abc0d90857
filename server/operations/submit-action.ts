import { z } from 'zod';
import { actionDigest } from '@/server/domain/action-digest';
import { settlesAfter, toAgentView } from '@/server/domain/agent-view';
import { jsonObject } from '@/server/domain/json-object';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import type { AgentScope } from '@/server/domain/scopes';
import type { AgentActionView } from '@/server/domain/views';
import { findByIdempotencyKey } from '@/server/store/agent-actions';
import { newId } from '@/server/store/new-id';
import type { Submission, SubmissionCode } from '@/server/store/submissions';
import { applyGrant } from './apply-grant';
import { checkArgs } from './check-args';
import type { Deps } from './deps';
import { measureCall } from './measure-call';
import { refusalFor } from './submission-refusals';
import { analyzerFor } from './take-measurement';
import { getAgentAction } from './wait-for-action';
import { type Planned, type Written, writePending, writeVerdict } from './write-submission';

export const submitInput = z.strictObject({
  runId: z.string().max(100).optional(),
  tool: z.string().min(1).max(200),
  args: jsonObject,
  reason: z.string().max(10_000).optional(),
  idempotencyKey: z.string().min(1).max(200).optional(),
});
export type SubmitInput = z.infer<typeof submitInput>;

/**
 * A read that is not allowed within this is written down as `measuring`, whether or not measuring is over. Before that nothing of it exists,
 * or an agent could find out with its key, its run or a cancellation whether it does.
 */
const RECORD_MS = 250;

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
  if (earlier.digest === digest) return accept(toAgentView(earlier, deps.url, deps.clock.now()));
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
  code: Exclude<SubmissionCode, null | 'policy_changed'>,
  key: string | undefined,
  digest: string,
): Promise<Outcome<AgentActionView>> {
  if (key !== undefined && OF_NEW_ACTIONS.has(code)) {
    const earlier = await findEarlier(deps, agent, key, digest);
    if (earlier !== null) return earlier;
  }
  return refusalFor(deps, agent, code === 'duplicate' ? 'internal' : code === 'stale' ? 'unavailable' : code);
}

async function answer(
  deps: Deps,
  agent: AgentScope,
  planned: Planned,
  { submission, code }: Written,
): Promise<Outcome<AgentActionView>> {
  const { call, input, digest } = planned;
  if (code !== null) return notWritten(deps, agent, code, input.idempotencyKey, digest);
  if (submission.status === 'released' && call.tool.execution === 'broker')
    deps.backlog.execute(submission.id);
  if (submission.status === 'held' && (await applyGrant(deps, agent.workspaceId, submission.id))) {
    return getAgentAction(deps, agent, { actionId: submission.id });
  }
  return accept(viewOf(deps, submission));
}

function viewOf(deps: Deps, written: Submission): AgentActionView {
  const now = deps.clock.now();
  const expiresAt =
    written.expirySeconds === undefined ? null : new Date(now.getTime() + written.expirySeconds * 1_000);
  const settlesAt = written.settlesAt === undefined ? null : new Date(written.settlesAt);
  const rest = { expiresAt, settlesAt, veiledUntil: null, withdrawnAt: null, note: null, result: null };
  return toAgentView({ ...written, ...rest }, deps.url, now);
}

/**
 * A read is answered as soon as policy allows it, with one write. Any other is written at one moment and answered at another that depend on
 * nothing but when it was submitted; its measurement goes on meanwhile.
 */
async function submitRead(
  deps: Deps,
  agent: AgentScope,
  planned: Planned,
): Promise<Outcome<AgentActionView>> {
  const { call, id, input, submittedAt } = planned;
  const of = { workspaceId: agent.workspaceId, agentId: agent.agentId, runId: input.runId ?? null };
  const measuring = measureCall(deps, of, call);
  const recordAt = deps.until(new Date(submittedAt.getTime() + RECORD_MS));
  const early = await Promise.race([measuring, recordAt]);
  if (early) {
    const written = await writeVerdict(deps, agent, planned, early, { onlyReleased: true });
    if (written !== null) return answer(deps, agent, planned, written);
  }
  await recordAt;
  const written = await answer(deps, agent, planned, await writePending(deps, agent, planned));
  // Refused, or a repetition of an earlier one.
  if (!written.ok || written.value.actionId !== id) return written;
  const released = deps.backlog
    .conclude(id, measuring)
    .then((status) => (status === 'released' ? undefined : new Promise<void>(() => undefined)));
  await Promise.race([released, deps.until(settlesAfter(submittedAt))]);
  return getAgentAction(deps, agent, { actionId: id });
}

/**
 * Records what an agent plans and answers where it stands. When the tool was redefined after this process last read it, nothing has been
 * written: it is judged once more by what the tool is now, which no agent should have to do by hand.
 */
export async function submitAction(
  deps: Deps,
  agent: AgentScope,
  input: SubmitInput,
): Promise<Outcome<AgentActionView>> {
  const outcome = await submitOnce(deps, agent, input);
  return !outcome.ok && outcome.code === 'tool_changed' ? submitOnce(deps, agent, input) : outcome;
}

/**
 * One write, grouped with its neighbours'; acknowledged only after its commit (P9).
 * What arguments alone decide is judged first; of what is measured on a target the answer tells nothing that depends on its data, unless
 * policy allowed it.
 */
async function submitOnce(
  deps: Deps,
  agent: AgentScope,
  input: SubmitInput,
): Promise<Outcome<AgentActionView>> {
  const submittedAt = deps.clock.now();
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
  const planned = { id: newId('action'), digest, call, input, submittedAt };
  const reach = analyzerFor(deps, tool).reach(call);
  if (reach === 'read') return submitRead(deps, agent, planned);
  if (reach === 'arguments') {
    const of = { workspaceId: agent.workspaceId, agentId: agent.agentId, runId: input.runId ?? null };
    const measured = await measureCall(deps, of, call);
    const written = await writeVerdict(deps, agent, planned, measured, { onlyReleased: false });
    // Only what must be released can come back unwritten.
    return written === null ? refusalFor(deps, agent, 'unavailable') : answer(deps, agent, planned, written);
  }
  const written = await answer(deps, agent, planned, await writePending(deps, agent, planned));
  if (written.ok && written.value.actionId === planned.id) deps.backlog.measure(planned.id, agent.agentId);
  return written;
}
