import type { ActionListItem } from '@/server/domain/views';
import type { Level } from '@/server/domain/vocabulary';
import type { Database } from './database';
import { listActionRows } from './review-queries';

const SHOWN = 20;

/** What waits for one person right now and has one of these levels, newest first, at most 20, and whether there is more. */
export async function listWaitingFor(
  db: Database,
  of: { workspaceId: string; personId: string; levels: readonly Level[] },
): Promise<{ items: ActionListItem[]; more: boolean }> {
  const rows = await listActionRows(db, { ...of, mayDecide: true, needsMe: true, limit: SHOWN + 1 });
  return { items: rows.slice(0, SHOWN), more: rows.length > SHOWN };
}
