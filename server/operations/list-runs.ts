import { z } from 'zod';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import type { RunPage } from '@/server/domain/run-views';
import type { ReviewerScope } from '@/server/domain/scopes';
import { storable } from '@/server/domain/storable-text';
import { listRunRows } from '@/server/store/run-queries';
import type { Deps } from './deps';

export const listRunsInput = z
  .strictObject({
    agentId: storable(z.string().max(100)).optional(),
    /** Only runs that are over, or only those that are not. */
    finished: z.boolean().optional(),
    cursor: z.string().max(100).optional(),
    limit: z.number().int().min(1).max(200).default(50),
  })
  .default({ limit: 50 });

/** One page of the workspace's runs, newest first. The cursor stays valid while new ones begin. */
export async function listRuns(
  deps: Pick<Deps, 'db'>,
  person: ReviewerScope,
  input: z.infer<typeof listRunsInput>,
): Promise<Outcome<RunPage>> {
  const { agentId, finished, cursor, limit } = input;
  if (cursor !== undefined && !/^run_[0-9a-z]{26}$/.test(cursor)) {
    return refuse('cursor_invalid', 'This cursor is not one this list gave out. Start again without it.');
  }
  const rows = await listRunRows(deps.db, {
    workspaceId: person.workspaceId,
    ...(agentId === undefined ? {} : { agentId }),
    ...(finished === undefined ? {} : { finished }),
    ...(cursor === undefined ? {} : { cursor }),
    limit: limit + 1,
  });
  const items = rows.slice(0, limit);
  return accept({ items, nextCursor: rows.length > limit ? (items.at(-1)?.runId ?? null) : null });
}
