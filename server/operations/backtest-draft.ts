import { z } from 'zod';
import { type BacktestTotals, holdsPerReviewerDay } from '@/server/domain/backtest';
import { policySetHash } from '@/server/domain/policy-set';
import type { BacktestChangePage, BacktestView } from '@/server/domain/policy-views';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import { storable } from '@/server/domain/storable-text';
import { cancelBacktest, insertBacktest, listChanges } from '@/server/store/backtests';
import { findDraft } from '@/server/store/policy-drafts';
import { setOf } from '@/server/store/policy-versions';
import { refuseUnlessAdministrator } from './administrators';
import type { Deps } from './deps';
import { noSuchDraft, readVersion } from './edit-draft';

const backtestId = storable(z.string().min(1).max(100));
export const backtestInput = z.strictObject({ backtestId });
export const changesInput = z.strictObject({
  backtestId,
  change: z
    .string()
    .regex(/^(obligation|(allow|hold|deny)>(allow|hold|deny))$/, 'is not a kind of change')
    .optional(),
  cursor: z
    .string()
    .regex(/^act_[0-9a-z]{26}$/, 'is not a cursor this list gave out')
    .optional(),
  limit: z.number().int().min(1).max(200).default(50),
});

const unknown = () =>
  refuse('backtest_unknown', 'There is no such backtest in your workspace; older ones are forgotten.');

/** Begins to replay a draft, as it is now, over the workspace's recorded actions. Goes on in the background; `getBacktest` says how far it is. */
export async function startBacktest(
  deps: Deps,
  person: ReviewerScope,
  input: { draftId: string },
): Promise<Outcome<{ backtestId: string }>> {
  const refused = refuseUnlessAdministrator(person);
  if (refused) return refused;
  const { workspaceId } = person;
  const draft = await findDraft(deps.db, workspaceId, input.draftId);
  if (draft === null) return noSuchDraft();
  const { version, policy } = await deps.policies.get(workspaceId);
  const before = await readVersion(deps, workspaceId, version);
  const after = setOf(draft);
  const running = await deps.db.prisma.backtest.findFirst({
    where: { workspaceId, draftId: draft.id, status: { in: ['queued', 'running'] } },
  });
  // One at a time for each draft: what it was before is no longer worth knowing.
  if (running !== null) await cancelBacktest(deps.db, workspaceId, running.id);
  const id = await insertBacktest(deps.db, {
    workspaceId,
    draftId: draft.id,
    contentHash: policySetHash(after),
    basePolicy: policy,
    before: before?.policies ?? [],
    after: after.policies,
    startedBy: person.name,
  });
  return accept({ backtestId: id });
}

/** The latest replay of a draft; null when there was none. */
export async function getBacktest(
  deps: Deps,
  person: ReviewerScope,
  input: { draftId: string },
): Promise<Outcome<BacktestView | null>> {
  const refused = refuseUnlessAdministrator(person);
  if (refused) return refused;
  const { workspaceId } = person;
  const draft = await findDraft(deps.db, workspaceId, input.draftId);
  if (draft === null) return noSuchDraft();
  const row = await deps.db.prisma.backtest.findFirst({
    where: { workspaceId, draftId: draft.id },
    orderBy: { createdAt: 'desc' },
    omit: { before: true, after: true },
  });
  if (row === null) return accept(null);
  const { policy } = await deps.policies.get(workspaceId);
  const totals = row.totals as BacktestTotals;
  return accept({
    backtestId: row.id,
    status: row.status as BacktestView['status'],
    done: row.done,
    total: row.total,
    totals,
    perReviewerDay: holdsPerReviewerDay(totals),
    error: row.error,
    startedBy: row.startedBy,
    createdAt: row.createdAt.toISOString(),
    isCurrent: row.contentHash === policySetHash(setOf(draft)) && row.basePolicy === policy,
  });
}

/** Stops a replay. Cancelling one that is over changes nothing. */
export async function stopBacktest(
  deps: Deps,
  person: ReviewerScope,
  input: z.infer<typeof backtestInput>,
): Promise<Outcome<{ backtestId: string }>> {
  const refused = refuseUnlessAdministrator(person);
  if (refused) return refused;
  await cancelBacktest(deps.db, person.workspaceId, input.backtestId);
  return accept({ backtestId: input.backtestId });
}

/** What would change, action by action, newest first. For everybody who decides on publications and for those who write them. */
export async function listBacktestChanges(
  deps: Deps,
  person: ReviewerScope,
  input: z.infer<typeof changesInput>,
): Promise<Outcome<BacktestChangePage>> {
  const refused = refuseUnlessAdministrator(person);
  if (refused) return refused;
  const known = await deps.db.prisma.backtest.findFirst({
    where: { id: input.backtestId, workspaceId: person.workspaceId },
    select: { id: true },
  });
  if (known === null) return unknown();
  const rows = await listChanges(deps.db, {
    backtestId: known.id,
    change: input.change ?? null,
    cursor: input.cursor ?? null,
    limit: input.limit + 1,
  });
  const items = rows
    .slice(0, input.limit)
    .map(({ createdAt, ...row }) => ({ ...row, at: createdAt.toISOString() }));
  return accept({ items, nextCursor: rows.length > input.limit ? (items.at(-1)?.actionId ?? null) : null });
}
