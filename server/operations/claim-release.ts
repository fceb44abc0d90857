import { z } from 'zod';
import { accept, type Outcome } from '@/server/domain/refusal';
import type { AgentScope } from '@/server/domain/scopes';
import { storable } from '@/server/domain/storable-text';
import { findAction } from '@/server/store/actions';
import { claimRelease as take } from '@/server/store/claims';
import { claimRefusal } from './claim-refusals';
import type { Deps } from './deps';
import { lookAgain } from './look-again';
import { reevaluateAction } from './reevaluate-action';

export const actionInput = z.strictObject({ actionId: storable(z.string().min(1).max(100)) });

export type ClaimedRelease = { releaseId: string; release: string; expiresAt: string };

/** An agent that never reports is given up on after this; the outcome is then unknown. */
const REPORT_SECONDS = 60 * 60;

/** A directory that changes under every look is being filled; the agent comes back. */
const LOOKS_MAX = 8;

/** Looks again and takes the release under the directory and the policy it looked with, as often as those change in between. */
async function takeUnchanged(deps: Deps, agent: AgentScope, actionId: string) {
  for (let look = 0; look < LOOKS_MAX; look++) {
    const seen = await lookAgain(deps, agent, actionId);
    if (seen.drifted) return 'drifted' as const;
    const claimed = await take(deps.db, {
      workspaceId: agent.workspaceId,
      actionId,
      execution: 'agent',
      agentId: agent.agentId,
      keyId: agent.keyId,
      holder: `agent:${agent.agentId}`,
      leaseSeconds: REPORT_SECONDS,
      actor: { kind: 'agent', id: agent.agentId, name: agent.agentName },
      directory: seen.directory,
      policy: seen.policy,
    });
    if (claimed.code === null) return claimed;
    if (claimed.code === 'policy_changed') {
      await reevaluateAction(deps, agent.workspaceId, actionId);
      continue;
    }
    if (claimed.code !== 'directory_changed') return { ...claimed, code: claimed.code };
    deps.directories.drop(agent.workspaceId);
    deps.catalog.drop(agent.workspaceId);
  }
  return 'unavailable' as const;
}

/**
 * Hands an agent the release of its own action: once, only while no halt is in force, and only when what it would do and whom it would reach
 * is what was approved (P3); otherwise it is held again. A signed statement that names the digest and can be verified offline. The claim is
 * committed before the signature exists, so a lost answer never becomes a second permit.
 */
export async function claimRelease(
  deps: Deps,
  agent: AgentScope,
  input: { actionId: string },
): Promise<Outcome<ClaimedRelease>> {
  const claimed = await takeUnchanged(deps, agent, input.actionId);
  if (typeof claimed === 'string') return claimRefusal(claimed);
  if (claimed.code !== null) return claimRefusal(claimed.code);
  const action = await findAction(deps.db, input.actionId);
  const expiresAt = claimed.expiresAt;
  const release = await deps.signer.sign({
    iss: deps.url,
    sub: agent.agentId,
    jti: claimed.releaseId,
    workspace: agent.workspaceId,
    action: input.actionId,
    tool: action?.toolName ?? null,
    digest: action?.digest ?? null,
    iat: Math.floor(deps.clock.now().getTime() / 1_000),
    exp: Math.floor(expiresAt.getTime() / 1_000),
  });
  return accept({ releaseId: claimed.releaseId, release, expiresAt: expiresAt.toISOString() });
}
