import type { AgentScope } from '@/server/domain/scopes';
import { findAction } from '@/server/store/actions';
import type { Deps } from './deps';
import { standingOf } from './expose-action';
import { holdAgain, mayRun } from './hold-again';
import { toolOf } from './measure-action';
import { readSurroundings } from './read-surroundings';
import { analyzerFor, takeMeasurement } from './take-measurement';

/** The agent waits for the answer; what takes longer is unknown, which is not what was approved. */
const DEADLINE_MS = 10_000;

/** `policy`: the version it was looked at under. `directory`: the version it was looked at with; null when there is nothing to look at, which the claim refuses by itself. */
export type SecondLook = { drifted: boolean; directory: string | null; policy: string };

/**
 * Measures what an agent is about to execute itself once more, just before its claim, and holds the action again when that is not what was
 * approved: somebody joined the channel, lost a clearance, or another tool stands behind the name.
 */
export async function lookAgain(deps: Deps, agent: AgentScope, actionId: string): Promise<SecondLook> {
  const inForce = await deps.policies.get(agent.workspaceId);
  // No claim succeeds with it: what was not looked at, because it was not there yet, is looked at in another round.
  const nothingSeen = { drifted: false, directory: null, policy: inForce.policy };
  const action = await findAction(deps.db, actionId);
  const isTheirs = action?.workspaceId === agent.workspaceId && action.agentId === agent.agentId;
  if (!isTheirs || action.status !== 'released' || action.execution !== 'agent') {
    return nothingSeen;
  }
  const directory = await deps.directories.get(action.workspaceId);
  const same = { drifted: false, directory: directory.version, policy: inForce.policy };
  const tool = await toolOf(deps, action);
  // Measuring by another definition would say nothing about what was approved; the claim refuses it by what is stored.
  if (tool?.definitionHash !== action.toolHash) return nothingSeen;
  const before = { actionId, at: action.createdAt };
  const around = { ...(await readSurroundings(deps, action, { before })), directory };
  const call = { tool, args: action.args };
  const measured = await takeMeasurement(deps, analyzerFor(deps, tool), call, {
    deadlineMs: DEADLINE_MS,
    around,
    agentId: action.agentId,
  });
  const measurement = { ...measured, footprint: { ...measured.footprint, ...standingOf(action) } };
  if (mayRun(deps, inForce, action, tool, measurement)) return same;
  // Nothing written means that somebody else moved it: the claim says what it is now.
  return { ...same, drifted: await holdAgain(deps, action, tool, measurement) };
}
