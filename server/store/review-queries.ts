import type { Status } from '@/server/domain/status';
import type { ActionListItem } from '@/server/domain/views';
import type { Level } from '@/server/domain/vocabulary';
import { idRange, wordsQuery } from './action-words';
import type { Database } from './database';

export type ListFilter = {
  workspaceId: string;
  personId: string;
  /** Whether this person's roles let them decide at all. */
  mayDecide: boolean;
  status?: readonly Status[];
  /** True: only what this person can still do something about; false: only the rest. */
  needsMe?: boolean;
  agentId?: string;
  runId?: string;
  /** Exactly this action. */
  id?: string;
  levels?: readonly Level[];
  /** Beginnings of words to find in sentence, tool, agent and target; or of an id. */
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
   AND $2 <> ALL (a.excluded_ids) AND CASE WHEN a.obligation -> 'roles' IS NULL THEN true ELSE a.obligation -> 'roles' ?| ARRAY(SELECT unnest(roles) FROM person WHERE id = $2) END
   AND CASE WHEN coalesce(jsonb_array_length(a.obligation -> 'reviewers'), 0) = 0 THEN true
     WHEN a.obligation -> 'reviewers' ?| (SELECT groups_of($1, $2)) THEN true
     WHEN NOT (SELECT EXISTS (SELECT FROM absence b WHERE b.stand_in_id = $2 AND is_away(b, now()))) THEN false
     ELSE may_review(a, $2, '{}', a.obligation - 'roles', excluded_from(a, g.owner_id, r.on_behalf_of_id), now(), NULL) END)`;

const COLUMNS = `
  SELECT a.id AS "actionId", a.sentence, a.level, a.tool_name AS tool, t.name AS target, a.run_id AS "runId", a.agent_id AS "agentId",
    g.name AS "agentName", a.created_at AS "createdAt", a.held_at AS "heldAt", a.expires_at AS "expiresAt", a.decided_at AS "decidedAt",
    a.finished_at AS "finishedAt", a.approvals AS votes, a.needed, a.round > 1 AS drifted,
    CASE WHEN a.status = 'held' AND a.expires_at <= now() THEN 'expired' ELSE a.status END AS status,
    $3::boolean AND ${NEEDS_ME} AS "needsMe"`;
const JOINS = `
  JOIN agent g ON g.id = a.agent_id LEFT JOIN run r ON r.id = a.run_id LEFT JOIN target t ON t.id = a.target_id`;

function conditions(filter: ListFilter, values: unknown[]): string[] {
  const value = (v: unknown): string => `$${values.push(v)}`;
  const where = ['a.workspace_id = $1'];
  if (filter.status) {
    where.push('a.status = wanted.status');
    if (filter.status.length === 1 && filter.status[0] === 'held')
      where.push('(a.expires_at IS NULL OR a.expires_at > now())');
  }
  if (filter.needsMe) where.push(`$3 AND a.status = 'held' AND ${NEEDS_ME}`);
  if (filter.needsMe === false) where.push(`NOT ($3 AND ${NEEDS_ME})`);
  if (filter.id) where.push(`a.id = ${value(filter.id)}`);
  if (filter.agentId) where.push(`a.agent_id = ${value(filter.agentId)}`);
  if (filter.runId) where.push(`a.run_id = ${value(filter.runId)}`);
  if (filter.levels) where.push(`a.level = ANY (${value(filter.levels)})`);
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

/**
 * How many of the newest are looked through for words before the index of words is asked, shared among the wanted statuses. The larger window
 * only when the smaller one held a match: a word that is not among the newest at all is rare, and the index of words finds it at once.
 */
const WINDOWS = [400, 4_000] as const;
const LEAST_IN_WINDOW = 100;
/** Fewer matches than this are found through the index of words and sorted; more are walked through from the newest. */
const RARE = 5_000;

type Page = { where: string[]; values: unknown[]; limit: number; statuses: readonly Status[] | null };

const pageOf = (from: string, where: string[], limit: string): string =>
  `${COLUMNS} FROM ${from} ${JOINS} WHERE ${where.join(' AND ')} ORDER BY a.id DESC LIMIT ${limit}`;

async function runPage(db: Database, page: Page, from: string): Promise<Row[]> {
  const values = [...page.values];
  const limit = `$${values.push(page.limit)}`;
  const query = pageOf(from, page.where, limit);
  const text = page.statuses ? perStatus(query, `$${values.push(page.statuses)}`, limit) : query;
  return (await db.pool.query<Row>(text, values)).rows;
}

/**
 * Finds words. A common one is soon found among the newest, where walking an index stops at the first page; through the index of words it
 * would mean sorting a million matches. A rare one is nowhere near and the index of words knows where. So the newest are looked through first,
 * and only when they do not fill the page everything is asked.
 */
async function findWords(db: Database, page: Page, filter: ListFilter, words: string): Promise<Row[]> {
  const values = [...page.values, words];
  const matches = `w.words @@ to_tsquery('simple', $${values.length})`;
  const window = ['workspace_id = $1'];
  if (page.statuses) window.push('status = wanted.status');
  else if (filter.needsMe) window.push("status = 'held'");
  const looked = [...values];
  if (filter.cursor) window.push(`id < $${looked.push(filter.cursor)}`);
  for (const size of WINDOWS) {
    const most = Math.max(LEAST_IN_WINDOW, Math.floor(size / (page.statuses?.length ?? 1)));
    // Ids alone, from the index; a row is fetched when its words fit.
    const newest = `(SELECT id FROM planned_action WHERE ${window.join(' AND ')} ORDER BY id DESC LIMIT ${most}) near
      JOIN action_search w ON w.action_id = near.id JOIN planned_action a ON a.id = near.id`;
    const near = await runPage(db, { ...page, values: looked, where: [...page.where, matches] }, newest);
    if (near.length >= page.limit) return near;
    if (near.length === 0) break;
  }
  const all = page.statuses ? [...values, page.statuses] : values;
  const where = page.where.map((condition) =>
    condition.replace('= wanted.status', () => `= ANY ($${values.length + 1})`),
  );
  if (await isRare(db, words)) {
    const found = `(WITH found AS MATERIALIZED (SELECT action_id FROM action_search w WHERE ${matches}) SELECT action_id FROM found) w`;
    return runPage(
      db,
      { ...page, values: all, where, statuses: null },
      `${found} JOIN planned_action a ON a.id = w.action_id`,
    );
  }
  return runPage(
    db,
    { ...page, values: all, where: [...where, matches], statuses: null },
    'action_search w JOIN planned_action a ON a.id = w.action_id',
  );
}

/** The planner guesses badly how many match, so they are counted as far as it matters: only few are worth gathering before they are put in order. */
async function isRare(db: Database, words: string): Promise<boolean> {
  const { rows } = await db.pool.query<{ found: number }>(
    `SELECT count(*)::int AS found FROM (SELECT FROM action_search WHERE words @@ to_tsquery('simple', $1) LIMIT $2) AS m`,
    [words, RARE],
  );
  return (rows[0]?.found ?? RARE) < RARE;
}

async function findRows(db: Database, filter: ListFilter): Promise<Row[]> {
  const values: unknown[] = [filter.workspaceId, filter.personId, filter.mayDecide];
  const where = conditions(filter, values);
  const statuses = filter.status ? [...new Set(filter.status)] : null;
  const page = { where, values, limit: filter.limit, statuses };
  if (filter.q === undefined || filter.q === '') return runPage(db, page, 'planned_action a');
  const ids = idRange(filter.q);
  if (ids !== null) {
    where.push(`a.id BETWEEN $${values.push(ids.from)} AND $${values.push(ids.to)}`);
    return runPage(db, page, 'planned_action a');
  }
  const words = wordsQuery(filter.q);
  return words === null ? [] : findWords(db, page, filter, words);
}

/** One page of planned actions, newest first; walks an index whatever the past holds. Answers one more than `limit` when there is more. */
export async function listActionRows(db: Database, filter: ListFilter): Promise<ActionListItem[]> {
  const rows = await findRows(db, filter);
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

/** Low holds that are the same call touching the same as `actionId` and that this person can answer, without that one; at most 100, oldest first. */
export async function listIdentical(
  db: Database,
  of: { workspaceId: string; personId: string; mayDecide: boolean; actionId: string },
): Promise<string[]> {
  const { rows } = await db.pool.query<{ id: string }>({
    name: 'list_identical',
    text: `SELECT a.id FROM planned_action one JOIN planned_action a ON a.digest = one.digest AND a.status = 'held' AND a.level = 'low'
        AND a.footprint_digest = one.footprint_digest AND a.workspace_id = one.workspace_id AND a.id <> one.id
      JOIN agent g ON g.id = a.agent_id LEFT JOIN run r ON r.id = a.run_id
      WHERE one.id = $4 AND one.workspace_id = $1 AND one.status = 'held' AND one.level = 'low' AND $3 AND ${NEEDS_ME} ORDER BY a.id LIMIT 100`,
    values: [of.workspaceId, of.personId, of.mayDecide, of.actionId],
  });
  return rows.map(({ id }) => id);
}
