import type { ObservationView, RunListItem, RunTouched } from '@/server/domain/run-views';
import type { Status } from '@/server/domain/status';
import type { Database } from './database';
import type { Halt, Run } from './generated/client';

export type RunFilter = {
  workspaceId: string;
  agentId?: string;
  finished?: boolean;
  /** The id to go on after. */
  cursor?: string;
  limit: number;
};

/** Where counting the steps of a run in a list stops: a person needs "99+", not every row of a run that loops. */
const STEPS_IN_LIST = 100;
/** How far back one run is added up. */
export const STEPS_ADDED_UP = 1_000;
const OBSERVATIONS_SHOWN = 50;

type ListRow = Omit<RunListItem, 'agent' | 'startedAt' | 'finishedAt' | 'lastStepAt' | 'cap'> & {
  agentId: string;
  agentName: string;
  startedAt: Date;
  finishedAt: Date | null;
  lastStepAt: Date | null;
};

/** A run's latest actions, at most `most`: an index walked backwards, however long the run is. An expired hold waits for nobody. */
const latest = (run: string, most: number): string => `
  SELECT a.id, a.created_at, a.footprint,
    CASE WHEN a.status = 'held' AND a.expires_at <= now() THEN 'expired' ELSE a.status END AS status
  FROM planned_action a WHERE a.run_id = ${run} ORDER BY a.id DESC LIMIT ${most}`;

/** One page of runs, newest first. The page is cut before anything is counted. */
export async function listRunRows(db: Database, filter: RunFilter): Promise<RunListItem[]> {
  const values: unknown[] = [filter.workspaceId];
  const value = (v: unknown): string => `$${values.push(v)}`;
  const where = ['workspace_id = $1'];
  if (filter.agentId !== undefined) where.push(`agent_id = ${value(filter.agentId)}`);
  if (filter.finished !== undefined) where.push(`finished_at IS ${filter.finished ? 'NOT ' : ''}NULL`);
  if (filter.cursor !== undefined) where.push(`id < ${value(filter.cursor)}`);
  const { rows } = await db.pool.query<ListRow>(
    `SELECT r.id AS "runId", r.goal, r.on_behalf_of AS "onBehalfOf", r.started_at AS "startedAt", r.finished_at AS "finishedAt",
       g.id AS "agentId", g.name AS "agentName", s.steps, s.held, s."lastStepAt"
     FROM (SELECT * FROM run WHERE ${where.join(' AND ')} ORDER BY id DESC LIMIT ${value(filter.limit)}) r
     JOIN agent g ON g.id = r.agent_id
     CROSS JOIN LATERAL (SELECT count(*)::int AS steps, count(*) FILTER (WHERE l.status = 'held')::int AS held, max(l.created_at) AS "lastStepAt"
       FROM (${latest('r.id', STEPS_IN_LIST)}) l) s
     ORDER BY r.id DESC`,
    values,
  );
  return rows.map(({ agentId, agentName, ...row }) => ({
    ...row,
    agent: { id: agentId, name: agentName },
    startedAt: row.startedAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
    lastStepAt: row.lastStepAt?.toISOString() ?? null,
    cap: STEPS_IN_LIST,
  }));
}

export type RunRow = {
  run: Run;
  agent: { id: string; name: string };
  owner: { id: string; name: string };
  onBehalfOfName: string | null;
  halt: Halt | null;
  statuses: { status: Status; steps: number }[];
  touched: RunTouched[];
  people: number | null;
  observations: ObservationView[];
  observed: number;
};

/** The states of a run's latest steps. */
async function countStatuses(db: Database, runId: string): Promise<RunRow['statuses']> {
  const { rows } = await db.pool.query<{ status: Status; steps: number }>({
    name: 'run_statuses',
    text: `SELECT l.status, count(*)::int AS steps FROM (${latest('$1', STEPS_ADDED_UP)}) l GROUP BY 1 ORDER BY 2 DESC, 1`,
    values: [runId],
  });
  return rows;
}

/**
 * What the executed ones among a run's latest steps did, per resource and operation. Sequences are no rows, and what restates another item
 * would be counted twice, as in a blast radius.
 */
async function addUpFootprints(db: Database, runId: string): Promise<RunTouched[]> {
  const { rows } = await db.pool.query<RunTouched>({
    name: 'run_touched',
    text: `WITH item AS (
        SELECT l.id, i, i ->> 'resource' AS resource, i ->> 'operation' AS operation, (i ->> 'count')::float8 AS count
        FROM (${latest('$1', STEPS_ADDED_UP)}) l CROSS JOIN LATERAL jsonb_array_elements(l.footprint -> 'items') i
        WHERE l.status = 'succeeded' AND i ->> 'kind' <> 'sequence' AND i -> 'restates' IS DISTINCT FROM 'true'
      ), classes AS (
        SELECT resource, operation, array_agg(DISTINCT c ORDER BY c) AS classes
        FROM item CROSS JOIN LATERAL jsonb_array_elements_text(i -> 'classes') AS c GROUP BY 1, 2
      )
      SELECT resource, operation, count(DISTINCT item.id)::int AS steps, coalesce(sum(item.count), 0) AS count,
        count(*) FILTER (WHERE item.count IS NULL)::int AS uncounted, bool_and(i ->> 'provenance' = 'measured') AS measured,
        coalesce(classes.classes, '{}') AS classes
      FROM item LEFT JOIN classes USING (resource, operation)
      GROUP BY resource, operation, classes.classes ORDER BY 4 DESC, 1, 2 LIMIT 200`,
    values: [runId],
  });
  return rows;
}

/** The executed steps' distinct data subjects, added up; null when those of one are not known. */
async function addUpPeople(db: Database, runId: string): Promise<number | null> {
  const { rows } = await db.pool.query<{ people: number | null }>({
    name: 'run_people',
    text: `SELECT CASE WHEN count(*) = count(l.footprint ->> 'subjects') THEN coalesce(sum((l.footprint ->> 'subjects')::float8), 0) END AS people
      FROM (${latest('$1', STEPS_ADDED_UP)}) l WHERE l.status = 'succeeded'`,
    values: [runId],
  });
  return rows[0]?.people ?? null;
}

/** What the agent reported to have seen, the latest first, without what it was; and how often, to the cap. */
async function listObservations(
  db: Database,
  runId: string,
): Promise<Pick<RunRow, 'observations' | 'observed'>> {
  const { rows } = await db.pool.query<Omit<ObservationView, 'at'> & { at: Date; observed: number }>({
    name: 'run_observations',
    text: `SELECT o.id AS "observationId", o.tool_name AS tool, o.at, o.trusted, length(o.result::text) AS characters,
        (SELECT count(*) FROM (SELECT FROM observation x WHERE x.run_id = $1 ORDER BY x.id DESC LIMIT ${STEPS_ADDED_UP}) x)::int AS observed
      FROM observation o WHERE o.run_id = $1 ORDER BY o.id DESC LIMIT ${OBSERVATIONS_SHOWN}`,
    values: [runId],
  });
  return {
    observed: rows[0]?.observed ?? 0,
    observations: rows.map(({ observed: _, ...row }) => ({ ...row, at: row.at.toISOString() })),
  };
}

/** One run of this workspace with everything that is added up over it; null when there is none. */
export async function loadRun(db: Database, workspaceId: string, runId: string): Promise<RunRow | null> {
  const { prisma } = db;
  const run = await prisma.run.findFirst({ where: { id: runId, workspaceId } });
  if (run === null) return null;
  const [agent, beneficiary, halt, statuses, touched, people, observed] = await Promise.all([
    prisma.agent.findUniqueOrThrow({ where: { id: run.agentId }, include: { owner: true } }),
    run.onBehalfOfId === null ? null : prisma.person.findUnique({ where: { id: run.onBehalfOfId } }),
    prisma.halt.findFirst({ where: { workspaceId, scope: 'run', subjectId: runId, liftedAt: null } }),
    countStatuses(db, runId),
    addUpFootprints(db, runId),
    addUpPeople(db, runId),
    listObservations(db, runId),
  ]);
  return {
    run,
    agent: { id: agent.id, name: agent.name },
    owner: { id: agent.owner.id, name: agent.owner.name },
    onBehalfOfName: beneficiary?.name ?? null,
    halt,
    statuses,
    touched,
    people,
    ...observed,
  };
}
