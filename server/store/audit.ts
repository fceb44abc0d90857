import type { AuditEvent } from '@/server/domain/audit-event';
import type { Tx } from './database';
import type { Prisma } from './generated/client';

/** Appends events in the caller's transaction: no transaction, no event, and no change without its event (P6). */
export async function append(tx: Tx, ...events: AuditEvent[]): Promise<void> {
  if (events.length === 0) return;
  await tx.auditEvent.createMany({
    data: events.map((e) => ({
      workspaceId: e.workspaceId,
      kind: e.kind,
      actorKind: e.actor.kind,
      actorId: e.actor.id,
      actorName: e.actor.name,
      actionId: e.actionId ?? null,
      digest: e.digest ?? null,
      footprintDigest: e.footprintDigest ?? null,
      data: (e.data ?? {}) as Prisma.InputJsonObject,
    })),
  });
}
