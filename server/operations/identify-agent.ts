import { type AgentHolder, findAgentHolder, touchKeys } from '@/server/store/agent-holders';
import type { Deps } from './deps';

export type { AgentHolder };

/** Who holds the key with this id, whatever its state; null when there is no such key. The caller compares the secret. */
export function identifyAgent(deps: Pick<Deps, 'db'>, keyId: string): Promise<AgentHolder | null> {
  return findAgentHolder(deps.db, keyId);
}

/** Writes down when keys were last used; an older time never replaces a newer one. */
export function noteKeyUse(
  deps: Pick<Deps, 'db'>,
  keys: readonly { keyId: string; at: Date }[],
): Promise<void> {
  return touchKeys(deps.db, keys);
}
