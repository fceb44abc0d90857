import { z } from 'zod';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import { STATUSES } from '@/server/domain/status';
import { storable } from '@/server/domain/storable-text';
import type { ActionPage, InboxCounts } from '@/server/domain/views';
import { LEVELS, type Role } from '@/server/domain/vocabulary';
import { countHolds, listActionRows } from '@/server/store/review-queries';
import type { Deps } from './deps';

const status = z.enum(STATUSES);
export const listActionsInput = z
  .strictObject({
    status: z.union([status, z.array(status).min(1).max(STATUSES.length)]).optional(),
    needsMe: z.boolean().optional(),
    agentId: storable(z.string().max(100)).optional(),
    runId: storable(z.string().max(100)).optional(),
    level: z.enum(LEVELS).optional(),
    q: storable(z.string().trim().max(200)).optional(),
    cursor: z.string().max(100).optional(),
    limit: z.number().int().min(1).max(200).default(50),
  })
  .default({ limit: 50 });
export type ListActionsInput = z.infer<typeof listActionsInput>;

const DECIDING: ReadonlySet<Role> = new Set(['owner', 'security_lead', 'reviewer']);
export const mayDecide = (person: ReviewerScope): boolean => person.roles.some((r) => DECIDING.has(r));
const COUNT_CAP = 1_000;

/** One page of the workspace's planned actions, newest first. The cursor stays valid while new ones arrive. */
export async function listActions(
  deps: Deps,
  person: ReviewerScope,
  input: ListActionsInput,
): Promise<Outcome<ActionPage>> {
  if (input.cursor !== undefined && !/^act_[0-9a-z]{26}$/.test(input.cursor)) {
    return refuse('cursor_invalid', 'This cursor is not one this list gave out. Start again without it.');
  }
  const { status, level, ...rest } = input;
  const rows = await listActionRows(deps.db, {
    ...withoutUndefined(rest),
    ...(level === undefined ? {} : { levels: [level] }),
    ...(status === undefined ? {} : { status: Array.isArray(status) ? status : [status] }),
    workspaceId: person.workspaceId,
    personId: person.personId,
    mayDecide: mayDecide(person),
    limit: input.limit + 1,
  });
  const items = rows.slice(0, input.limit);
  const nextCursor = rows.length > input.limit ? (items.at(-1)?.actionId ?? null) : null;
  return accept({ items, nextCursor });
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };
const withoutUndefined = <T extends object>(value: T): Defined<T> =>
  Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as Defined<T>;

/** The numbers beside the inbox's tabs. */
export async function countInbox(deps: Deps, person: ReviewerScope): Promise<Outcome<InboxCounts>> {
  const counts = await countHolds(deps.db, person.workspaceId, person.personId, mayDecide(person), COUNT_CAP);
  return accept({ ...counts, cap: COUNT_CAP });
}
