import { noticeWords } from '@/server/domain/notice-words';
import type { Messenger } from '@/server/domain/ports';
import { markDelivered, markFailed, type QueuedNotice, takeNotices } from '@/server/store/outbox-queue';
import type { Deps } from './deps';
import { makeReviewLink } from './make-review-link';

const BATCH = 20;
const TAKEN_SECONDS = 120;
/** Waits between attempts, in seconds; after the last one the notice is a dead letter. */
const RETRY_SECONDS = [5, 30, 120, 600, 3_600, 14_400];
const NEEDS_DECISION: ReadonlySet<string> = new Set(['action.held', 'action.drifted']);

/** A link of their own for what somebody has to decide; everything else has an address that everybody knows. */
async function linkFor(deps: Deps, notice: QueuedNotice, personId: string): Promise<string | null> {
  const { topic, workspaceId, actionId, expiresAt } = notice;
  if (actionId === null || !NEEDS_DECISION.has(topic)) return null;
  return makeReviewLink(deps, { workspaceId, actionId, personId, expiresAt });
}

async function deliver(deps: Deps, messenger: Messenger | null, notice: QueuedNotice): Promise<void> {
  const stale = NEEDS_DECISION.has(notice.topic) && !notice.stillHeld;
  const words = noticeWords({ ...notice, url: deps.url, expiresAt: notice.expiresAt?.toISOString() ?? null });
  if (!messenger || stale || !words) return;
  for (const { id, ...to } of notice.people) {
    const link = await linkFor(deps, notice, id);
    await messenger.send({ to, ...words, ...(link === null ? {} : { link }) });
  }
}

/**
 * Delivers what is due, at least once each, and answers how many it took. Without a messenger there is nobody to tell outside the dashboard, and
 * notices count as delivered. A message that is refused is tried again later and never holds up another.
 */
export async function deliverNotices(deps: Deps, messenger: Messenger | null): Promise<number> {
  const notices = await takeNotices(deps.db, BATCH, TAKEN_SECONDS);
  for (const notice of notices) {
    try {
      await deliver(deps, messenger, notice);
      await markDelivered(deps.db, notice.id);
    } catch (error) {
      const retry = RETRY_SECONDS[notice.attempts - 1] ?? null;
      await markFailed(deps.db, notice.id, error instanceof Error ? error.message : String(error), retry);
    }
  }
  return notices.length;
}
