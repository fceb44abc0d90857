import { listAbandoned } from '@/server/store/leases';
import type { Deps } from './deps';

export type UnfinishedWork = { actionId: string; agentId: string; work: 'measure' | 'execute' | 'recover' };

/** Work that nobody alive is doing, oldest first: what a crash left behind, and releases whose process died before it ran them. */
export async function listUnfinished(deps: Deps, limit: number): Promise<UnfinishedWork[]> {
  const found = await listAbandoned(deps.db, limit);
  return found.map(({ id, agentId, status }) => ({
    actionId: id,
    agentId,
    work: status === 'released' ? 'execute' : status === 'executing' ? 'recover' : 'measure',
  }));
}
