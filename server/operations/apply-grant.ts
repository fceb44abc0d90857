import { decide, inWhosePlace } from '@/server/domain/decide';
import { costOf, misfit } from '@/server/domain/grant';
import type { Role } from '@/server/domain/vocabulary';
import { groupsOf, isHalted, lockAction, type StoredAction, shareHaltLock } from '@/server/store/actions';
import { inTransaction, type Tx } from '@/server/store/database';
import { isToolConfirmed } from '@/server/store/definitions';
import { hasLiveGrant, lockLiveGrants, type StoredGrant, spendGrant } from '@/server/store/grants';
import { listLentGroups } from '@/server/store/voters';
import type { Deps } from './deps';
import { decidable, recordDecision, saveDecision, standsUnder } from './write-decision';

/** What a grant looks at of a held action; the same when it is made and when it is used. */
export const grantable = (action: StoredAction) => ({
  toolHash: action.toolHash,
  target: action.targetId,
  footprint: action.footprint,
  blastRadius: action.blastRadius,
  verdict: action.verdict,
  obligation: action.obligation,
});

/** Whoever gave it, as they are now: a grant of somebody who may not decide this action themselves is worth nothing for it. */
async function giverOf(tx: Tx, grant: StoredGrant) {
  const { workspaceId, personId } = grant;
  const person = await tx.person.findFirst({ where: { id: personId, workspaceId, disabledAt: null } });
  return {
    personId,
    roles: (person?.roles ?? []) as Role[],
    groups: await groupsOf(tx, workspaceId, personId),
    lent: await listLentGroups(tx, workspaceId, personId),
  };
}

async function use(tx: Tx, action: StoredAction, grant: StoredGrant): Promise<boolean> {
  const { footprint, blastRadius, footprintDigest, digest } = action;
  if (footprint === null || blastRadius === null || footprintDigest === null) return false;
  const cost = costOf(footprint, blastRadius);
  if (cost === null || misfit(grant.shape, grant.left, grantable(action)) !== null) return false;
  const open = await decidable(tx, action, grant.personId);
  const giver = await giverOf(tx, grant);
  const input = { decision: 'approve' as const, digest, footprintDigest, note: null, grantId: grant.id };
  const result = decide(open, giver, input, action.now);
  if (!result.ok || result.value.status !== 'released') return false;
  const voter = { personId: grant.personId, name: grant.personName };
  const inPlaceOf = inWhosePlace(open, giver) ?? [];
  await saveDecision(tx, voter, action, input, result.value);
  await recordDecision(tx, voter, action, input, { ...result.value, inPlaceOf });
  await spendGrant(tx, grant.id, cost);
  return true;
}

/**
 * Releases a held action by a grant, if one was given for what looks like it: as the approval of whoever gave it, counted where every approval is
 * counted, under the same locks. Answers whether it was. What drifted, what is halted and what was judged under another policy waits for people.
 */
export async function applyGrant(deps: Deps, workspaceId: string, actionId: string): Promise<boolean> {
  if (!(await hasLiveGrant(deps.db, actionId))) return false;
  const inForce = await deps.policies.get(workspaceId);
  const released = await inTransaction(deps.db, async (tx) => {
    await shareHaltLock(tx, workspaceId);
    const action = await lockAction(tx, workspaceId, actionId);
    if (action?.status !== 'held' || action.round > 1 || action.undoesId !== null || action.isDrill)
      return null;
    if (!(await standsUnder(tx, action, inForce))) return null;
    if ((await isHalted(tx, action)) || !(await isToolConfirmed(tx, action.toolId))) return null;
    for (const grant of await lockLiveGrants(tx, action.agentId, action.toolId)) {
      if (await use(tx, action, grant)) return action;
    }
    return null;
  });
  if (released?.execution === 'broker') deps.backlog.execute(actionId);
  return released !== null;
}
