import { z } from 'zod';
import { accept, type Outcome } from '@/server/domain/refusal';
import type { AgentScope } from '@/server/domain/scopes';
import { storable } from '@/server/domain/storable-text';
import { findAction } from '@/server/store/actions';
import { claimRelease as take } from '@/server/store/claims';
import { claimRefusal } from './claim-refusals';
import type { Deps } from './deps';

export const actionInput = z.strictObject({ actionId: storable(z.string().min(1).max(100)) });

export type ClaimedRelease = { releaseId: string; release: string; expiresAt: string };

/** An agent that never reports is given up on after this; the outcome is then unknown. */
const REPORT_SECONDS = 60 * 60;

/**
 * Hands an agent the release of its own action: once, only while no halt is in force, as a signed statement that names the digest and can be
 * verified offline. The claim is committed before the signature exists, so a lost answer never becomes a second permit.
 */
export async function claimRelease(
  deps: Deps,
  agent: AgentScope,
  input: { actionId: string },
): Promise<Outcome<ClaimedRelease>> {
  const claimed = await take(deps.db, {
    workspaceId: agent.workspaceId,
    actionId: input.actionId,
    execution: 'agent',
    agentId: agent.agentId,
    keyId: agent.keyId,
    holder: `agent:${agent.agentId}`,
    leaseSeconds: REPORT_SECONDS,
    actor: { kind: 'agent', id: agent.agentId, name: agent.agentName },
  });
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
