import type { Notice } from '@/server/domain/audit-event';
import type { Tx } from './database';
import type { Prisma } from './generated/client';

/** Leaves notices for the outbox worker, committed with the change that causes them. */
export async function enqueue(tx: Tx, ...notices: Notice[]): Promise<void> {
  if (notices.length === 0) return;
  await tx.outbox.createMany({
    data: notices.map((n) => ({
      workspaceId: n.workspaceId,
      topic: n.topic,
      actionId: n.actionId ?? null,
      payload: n.payload as Prisma.InputJsonObject,
    })),
  });
}

/** Wakes every process (waiting agents, open tabs) when the transaction commits; nothing is heard if it rolls back. */
export async function wake(
  tx: Tx,
  workspaceId: string,
  change: { actionId?: string; status?: string; runId?: string; config?: true },
): Promise<void> {
  const payload = JSON.stringify({
    w: workspaceId,
    ...(change.actionId === undefined ? {} : { a: change.actionId }),
    ...(change.status === undefined ? {} : { s: change.status }),
    ...(change.runId === undefined ? {} : { r: change.runId }),
    ...(change.config === undefined ? {} : { c: 1 }),
  });
  await tx.$executeRaw`SELECT pg_notify('holdpoint', ${payload})`;
}
