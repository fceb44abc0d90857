import { z } from 'zod';
import { eventWords } from '@/server/domain/event-words';
import { dataWithoutQuotes } from '@/server/domain/quotes';
import { accept, type Outcome } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import { storable } from '@/server/domain/storable-text';
import type { AuditEventView, AuditPage } from '@/server/domain/views';
import { listOpenDrills } from '@/server/store/drills';
import type { AuditEvent } from '@/server/store/generated/client';
import { findOpenVotes } from '@/server/store/review-queries';
import type { Deps } from './deps';

export const listAuditInput = z
  .strictObject({
    actionId: storable(z.string().max(100)).optional(),
    kind: storable(z.string().max(60)).optional(),
    cursor: z
      .string()
      .regex(/^\d{1,18}$/, 'is not a cursor this list gave out')
      .optional(),
    limit: z.number().int().min(1).max(500).default(100),
  })
  .default({ limit: 100 });

/** An event as people read it; the database's own words are left out unless `quotes` are for this person (P10). */
export function toEventView(event: AuditEvent, quotes = false): AuditEventView {
  const stored = event.data as Record<string, unknown>;
  const data = quotes ? stored : dataWithoutQuotes(stored);
  return {
    id: event.id.toString(),
    at: event.at.toISOString(),
    kind: event.kind,
    summary: eventWords(event.kind, event.actorName, data),
    actor: {
      kind: event.actorKind as AuditEventView['actor']['kind'],
      id: event.actorId,
      name: event.actorName,
    },
    actionId: event.actionId,
    digest: event.digest,
    footprintDigest: event.footprintDigest,
    data,
  };
}

/**
 * The same event without who answered what: votes are blind, so whoever has not answered yet learns from the log no more than from the page.
 */
export function withoutVote(event: AuditEvent): AuditEvent {
  if (event.kind !== 'action.decided') return event;
  return { ...event, actorId: null, actorName: 'Somebody', data: {} };
}

/** Events in the order they were written: of one action from its beginning, of the workspace from the latest backwards. */
export async function listAudit(
  deps: Deps,
  person: ReviewerScope,
  input: z.infer<typeof listAuditInput>,
): Promise<Outcome<AuditPage>> {
  const forward = input.actionId !== undefined;
  const after =
    input.cursor === undefined
      ? {}
      : { id: forward ? { gt: BigInt(input.cursor) } : { lt: BigInt(input.cursor) } };
  const rows = await deps.db.prisma.auditEvent.findMany({
    where: {
      workspaceId: person.workspaceId,
      ...(input.actionId === undefined ? {} : { actionId: input.actionId }),
      ...(input.kind === undefined ? {} : { kind: { startsWith: input.kind } }),
      // Whoever may be asked to decide it must not read here that it is one.
      NOT: (await listOpenDrills(deps.db, person)).map((id) => ({
        kind: 'drill.started',
        data: { path: ['drillId'], equals: id },
      })),
      ...after,
    },
    orderBy: { id: forward ? 'asc' : 'desc' },
    take: input.limit + 1,
  });
  const page = rows.slice(0, input.limit);
  const open = await findOpenVotes(
    deps.db,
    person.workspaceId,
    person.personId,
    page.flatMap((e) => (e.kind === 'action.decided' && e.actionId !== null ? [e.actionId] : [])),
  );
  const items = page.map((e) =>
    toEventView(open.get(e.actionId ?? '') === e.footprintDigest && e.actionId !== null ? withoutVote(e) : e),
  );
  return accept({ items, nextCursor: rows.length > input.limit ? (items.at(-1)?.id ?? null) : null });
}
