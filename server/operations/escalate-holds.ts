import { HOLDPOINT } from '@/server/domain/audit-event';
import { lockAction } from '@/server/store/actions';
import { append } from '@/server/store/audit';
import { inTransaction } from '@/server/store/database';
import { listDueEscalations } from '@/server/store/escalations';
import { enqueue } from '@/server/store/outbox';
import type { Deps } from './deps';

/** What happens at half, at three quarters and at nine tenths of a hold's time (the database plans when that is). */
const STAGES = [
  { stage: 'remind', topic: 'action.reminded' },
  { stage: 'widen', topic: 'action.widened' },
  { stage: 'page', topic: 'action.paged' },
] as const;

/**
 * Says again what waits for a decision and is running out of time. Nobody becomes entitled by it: asking more people to look asks less of nobody.
 * Answers how many were due; call again while it returns `limit`.
 */
export async function escalateHolds(deps: Deps, limit = 100): Promise<number> {
  const due = await listDueEscalations(deps.db, limit);
  for (const row of due) await escalateOne(deps, row.workspaceId, row.id);
  return due.length;
}

async function escalateOne(deps: Deps, workspaceId: string, actionId: string): Promise<void> {
  await inTransaction(deps.db, async (tx) => {
    const action = await lockAction(tx, workspaceId, actionId);
    if (action?.status !== 'held' || action.escalatesAt === null || action.escalatesAt > action.now) return;
    const said = STAGES[action.escalation];
    await tx.plannedAction.update({ where: { id: actionId }, data: { escalation: { increment: 1 } } });
    // Over already: its end is written down by the next sweep, and told as that.
    if (said === undefined || (action.expiresAt !== null && action.expiresAt <= action.now)) return;
    const { digest, footprintDigest } = action;
    await append(tx, {
      workspaceId,
      actionId,
      digest,
      footprintDigest,
      kind: 'action.escalated',
      actor: HOLDPOINT,
      data: { stage: said.stage },
    });
    await enqueue(tx, { workspaceId, topic: said.topic, actionId, payload: {} });
  });
}
