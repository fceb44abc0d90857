import { type BacktestTotals, holdsPerReviewerDay } from '@/server/domain/backtest';
import { diffPolicySets } from '@/server/domain/policy-change';
import type { PolicyChangeView } from '@/server/domain/policy-views';
import { setOf } from '@/server/store/policy-versions';
import type { Deps } from './deps';
import { readVersion } from './edit-draft';

/** What a publication would change, for those who decide about it; null for every other action. */
export async function policyChangeOf(
  deps: Deps,
  workspaceId: string,
  actionId: string,
): Promise<PolicyChangeView | null> {
  const { prisma } = deps.db;
  const proposal = await prisma.policyProposal.findFirst({ where: { actionId, workspaceId } });
  if (proposal === null) return null;
  const [base, inForce, backtest] = await Promise.all([
    readVersion(deps, workspaceId, proposal.baseVersion),
    deps.policies.get(workspaceId),
    proposal.backtestId === null
      ? null
      : prisma.backtest.findFirst({
          where: { id: proposal.backtestId, workspaceId },
          select: { totals: true },
        }),
  ]);
  const totals = backtest && (backtest.totals as BacktestTotals);
  return {
    diff: diffPolicySets(base ?? { policies: [], cases: [] }, setOf(proposal)),
    note: proposal.note,
    authors: proposal.authorNames,
    proposer: proposal.proposerName,
    baseVersion: proposal.baseVersion,
    restores: proposal.restores,
    isStale: inForce.policy !== proposal.basePolicy,
    backtest: totals && { totals, perReviewerDay: holdsPerReviewerDay(totals) },
    backtestId: proposal.backtestId,
  };
}
