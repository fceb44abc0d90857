import type { Status } from '@/server/domain/status';
import type { ActionListItem } from '@/server/domain/views';
import type { Level } from '@/server/domain/vocabulary';
import type { Database } from './database';

export type ListFilter = {
  workspaceId: string;
  personId: string;
  /** Whether this person's roles let them decide at all. */
  mayDecide: boolean;
  status?: readonly Status[];
  needsMe?: boolean;
  agentId?: string;
  runId?: string;
  /** Exactly this action. */
  id?: string;
  level?: Level;
  /** Words to find in sentence, tool, agent, goal; or an id. */
  q?: string;
  /** The id to go on after. */
  cursor?: string;
  limit: number;
};

type Row = Omit<
  ActionListItem,
  'agent' | 'createdAt' | 'heldAt' | 'expiresAt' | 'decidedAt' | 'finishedAt'
> & {
  agentId: string;
  agentName: string;
  createdAt: Date;
  heldAt: Date | null;
  expiresAt: Date | null;
  decidedAt: Date | null;
  finishedAt: Date | null;
};

/**
 * What a hold still needs from person $2: not over, not theirs, not decided by them, and meant for a group they are in (or for everybody).
 * The names of their groups depend on no action, so they are gathered once per question and not once per hold. A CASE and no OR: the planner
 * takes `?|` for almost never true, gives up on finding the first few in order, and sorts every hold instead (600 ms with 100,000).
 */
const NEEDS_ME = `
  (a.status = 'held' AND (a.expires_at IS NULL OR a.expires_at > now()) AND $2 NOT IN (g.owner_id, a.owner_id) AND r.on_behalf_of_id IS DISTINCT FROM $2
   AND NOT EXISTS (SELECT FROM decision d WHERE d.action_id = a.id AND d.round = a.round AND d.person_id = $2)
   AND $2 <> ALL (a.excluded_ids) AND (a.obligation -> 'roles' IS NULL OR a.obligation -> 'roles' ?| ARRAY(SELECT unnest(roles) FROM person WHERE id = $2))
   AND CASE WHEN coalesce(jsonb_array_length(a.obligation -> 'reviewers'), 0) = 0 THEN true ELSE a.obligation -> 'reviewers' ?| ARRAY(
     WITH RECURSIVE mine AS (
       SELECT group_id FROM group_member WHERE person_id = $2
       UNION SELECT m.group_id FROM group_member m JOIN mine ON m.member_group_id = mine.group_id)
     SELECT p.name FROM "group" p JOIN mine ON mine.group_id = p.id) END)`;

const SELECT = `
  SELECT a.id AS "actionId", a.sentence, a.level, a.tool_name AS tool, t.name AS target, a.run_id AS "runId", a.agent_id AS "agentId",
    g.name AS "agentName", a.created_at AS "createdAt", a.held_at AS "heldAt", a.expires_at AS "expiresAt", a.decided_at AS "decidedAt",
    a.finished_at AS "finishedAt", a.approvals AS votes, a.needed, a.round > 1 AS drifted,
    CASE WHEN a.status = 'held' AND a.expires_at <= now() THEN 'expired' ELSE a.status END AS status,
    $3::boolean AND ${NEEDS_ME} AS "needsMe"
  FROM planned_action a JOIN agent g ON g.id = a.agent_id
  LEFT JOIN run r ON r.id = a.run_id LEFT JOIN target t ON t.id = a.target_id`;

function conditions(filter: ListFilter, values: unknown[]): string[] {
  const value = (v: unknown): string => `$${values.push(v)}`;
  const where = ['a.workspace_id = $1'];
  if (filter.status) {
    where.push('a.status = wanted.status');
    if (filter.status.length === 1 && filter.status[0] === 'held')
      where.push('(a.expires_at IS NULL OR a.expires_at > now())');
  }
  if (filter.needsMe) where.push(`$3 AND a.status = 'held' AND ${NEEDS_ME}`);
  if (filter.id) where.push(`a.id = ${value(filter.id)}`);
  if (filter.agentId) where.push(`a.agent_id = ${value(filter.agentId)}`);
  if (filter.runId) where.push(`a.run_id = ${value(filter.runId)}`);
  if (filter.level) where.push(`a.level = ${value(filter.level)}`);
  if (filter.q) {
    const like = value(`%${filter.q.replace(/[\\%_]/g, '\\$&')}%`);
    where.push(
      `(a.id = ${value(filter.q)} OR a.sentence ILIKE ${like} OR a.tool_name ILIKE ${like} OR g.name ILIKE ${like} OR r.goal ILIKE ${like})`,
    );
  }
  if (filter.cursor) where.push(`a.id < ${value(filter.cursor)}`);
  return where;
}

const iso = (date: Date | null): string | null => date?.toISOString() ?? null;

/**
 * One page per wanted status, then the newest of all of them. With an equality the index on (workspace, status, id) gives each page in order;
 * with `status = ANY (…)` the planner walked every action of the workspace instead: the first page of holds took 145 ms behind 85,000 newer
 * released actions among a million, and takes 3 ms now.
 */
const perStatus = (page: string, statuses: string, limit: string): string => `
  SELECT page.* FROM unnest(${statuses}::text[]) AS wanted(status)
  CROSS JOIN LATERAL (${page}) AS page ORDER BY page."actionId" DESC LIMIT ${limit}`;

/** One page of planned actions, newest first; walks an index whatever the past holds. Answers one more than `limit` when there is more. */
export async function listActionRows(db: Database, filter: ListFilter): Promise<ActionListItem[]> {
  const values: unknown[] = [filter.workspaceId, filter.personId, filter.mayDecide];
  const where = conditions(filter, values);
  const limit = `$${values.push(filter.limit)}`;
  const page = `${SELECT} WHERE ${where.join(' AND ')} ORDER BY a.id DESC LIMIT ${limit}`;
  const text = filter.status ? perStatus(page, `$${values.push([...new Set(filter.status)])}`, limit) : page;
  const { rows } = await db.pool.query<Row>(text, values);
  return rows.map(({ agentId, agentName, ...row }) => ({
    ...row,
    agent: { id: agentId, name: agentName },
    createdAt: row.createdAt.toISOString(),
    heldAt: iso(row.heldAt),
    expiresAt: iso(row.expiresAt),
    decidedAt: iso(row.decidedAt),
    finishedAt: iso(row.finishedAt),
  }));
}

/**
 * How many holds there are and how many need this person, each counted to `cap` at most. Ordered though only counted, and planned anew each
 * time: without the order, or with a plan made for any cap, PostgreSQL gathers every hold and unclaimed release before it counts (150 ms and
 * more with 100,000 holds; walking the index in order it stops at the cap).
 */
export async function countHolds(
  db: Database,
  workspaceId: string,
  personId: string,
  mayDecide: boolean,
  cap: number,
): Promise<{ held: number; needsMe: number }> {
  const { rows } = await db.pool.query<{ held: number; needsMe: number }>({
    text: `SELECT
      (SELECT count(*) FROM (SELECT FROM planned_action a WHERE a.workspace_id = $1 AND a.status = 'held'
        AND (a.expires_at IS NULL OR a.expires_at > now()) ORDER BY a.id DESC LIMIT $4) AS h)::int AS held,
      (SELECT count(*) FROM (SELECT FROM planned_action a JOIN agent g ON g.id = a.agent_id LEFT JOIN run r ON r.id = a.run_id
        WHERE $3 AND a.workspace_id = $1 AND ${NEEDS_ME} ORDER BY a.id DESC LIMIT $4) AS m)::int AS "needsMe"`,
    values: [workspaceId, personId, mayDecide, cap],
  });
  return rows[0] ?? { held: 0, needsMe: 0 };
}

/** Of these actions, those still held that this person has not answered, with the footprint the votes are about. */
export async function findOpenVotes(
  db: Database,
  workspaceId: string,
  personId: string,
  actionIds: readonly string[],
): Promise<Map<string, string | null>> {
  if (actionIds.length === 0) return new Map();
  const { rows } = await db.pool.query<{ id: string; footprintDigest: string | null }>({
    name: 'open_votes',
    text: `SELECT a.id, a.footprint_digest AS "footprintDigest" FROM planned_action a
      WHERE a.workspace_id = $1 AND a.id = ANY ($3) AND a.status = 'held'
        AND NOT EXISTS (SELECT FROM decision d WHERE d.action_id = a.id AND d.round = a.round AND d.person_id = $2)`,
    values: [workspaceId, personId, [...new Set(actionIds)]],
  });
  return new Map(rows.map((r) => [r.id, r.footprintDigest]));
}
