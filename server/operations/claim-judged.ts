import type { RefusalCode } from '@/server/domain/refusal';
import { type ClaimRequest, claimRelease } from '@/server/store/claims';
import type { Deps } from './deps';
import { reevaluateAction } from './reevaluate-action';

const TRIES = 5;

type Claimed =
  | { code: null; releaseId: string; expiresAt: Date }
  | { code: RefusalCode; releaseId: null; expiresAt: null };

/**
 * Takes the release of an action under the policy in force: one that was judged under another version is judged again first, and may no longer
 * be released. Whatever version's publishing had returned before, holds (P1).
 */
export async function claimJudged(deps: Deps, request: Omit<ClaimRequest, 'policy'>): Promise<Claimed> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const { policy } = await deps.policies.get(request.workspaceId);
    const claimed = await claimRelease(deps.db, { ...request, policy });
    if (claimed.code === null) return claimed;
    if (claimed.code === 'directory_changed') break;
    if (claimed.code !== 'policy_changed') return { ...claimed, code: claimed.code };
    await reevaluateAction(deps, request.workspaceId, request.actionId);
  }
  return { code: 'unavailable', releaseId: null, expiresAt: null };
}
