import type { ReviewerView, UsageHourView } from '@/server/domain/home-views';
import type { Database } from './database';

/** One hour of a workspace, over all its agents. */
type UsageRow = Omit<UsageHourView, 'hour'> & { hour: Date };

const BATCH = 10_000;

/**
 * Counts the next events of the log, at most 10,000, and answers how many it went through. The head is locked, so that of several processes one
 * counts; figures and head commit together, so that nothing is counted twice. An event younger than `lagSeconds` waits: one with a smaller
 * number may still be on its way.
 */
export async function countUsage(db: Database, lagSeconds: number): Promise<number> {
  const { rows } = await db.pool.query<{ passed: number }>({
    name: 'count_usage',
    text: `
      WITH head AS (SELECT event_id FROM usage_head WHERE id = 1 FOR UPDATE),
      batch AS MATERIALIZED (
        SELECT e.id, e.at, e.kind, e.workspace_id, e.action_id FROM audit_event e WHERE e.id > (SELECT event_id FROM head) ORDER BY e.id LIMIT ${BATCH}
      ), upto AS (
        SELECT coalesce(min(id) FILTER (WHERE at > clock_timestamp() - make_interval(secs => $1)) - 1, max(id)) AS id FROM batch
      ), counted AS (
        SELECT b.workspace_id, a.agent_id, date_trunc('hour', b.at, 'UTC') AS hour, b.kind, a.level, a.blast_radius AS radius
        FROM batch b JOIN planned_action a ON a.id = b.action_id AND NOT EXISTS (SELECT FROM drill d WHERE d.action_id = a.id), upto WHERE b.id <= upto.id
          AND b.kind IN ('action.submitted', 'action.held', 'action.denied', 'execution.succeeded', 'execution.unknown_outcome')
      ), summed AS (
        SELECT workspace_id, agent_id, hour,
          count(*) FILTER (WHERE kind = 'action.submitted' AND level = 'low')::int AS low,
          count(*) FILTER (WHERE kind = 'action.submitted' AND level = 'moderate')::int AS moderate,
          count(*) FILTER (WHERE kind = 'action.submitted' AND level = 'high')::int AS high,
          count(*) FILTER (WHERE kind = 'action.submitted' AND level = 'critical')::int AS critical,
          count(*) FILTER (WHERE kind = 'action.held')::int AS held,
          count(*) FILTER (WHERE kind = 'action.denied')::int AS denied,
          count(*) FILTER (WHERE ran)::int AS ran,
          coalesce(sum((radius ->> 'people')::bigint) FILTER (WHERE ran), 0)::bigint AS people,
          coalesce(sum(coalesce((radius ->> 'rowsChanged')::bigint, 0) + coalesce((radius ->> 'rowsDeleted')::bigint, 0)) FILTER (WHERE ran), 0)::bigint AS rows_changed,
          coalesce(sum((radius ->> 'audience')::bigint) FILTER (WHERE ran), 0)::bigint AS audience,
          count(*) FILTER (WHERE ran AND (radius IS NULL OR num_nulls(radius ->> 'people', radius ->> 'rowsChanged', radius ->> 'rowsDeleted', radius ->> 'audience') > 0))::int AS uncounted
        FROM counted, LATERAL (SELECT kind LIKE 'execution.%' AS ran) r GROUP BY 1, 2, 3
      ), kept AS (
        INSERT INTO usage_hour AS u (workspace_id, agent_id, hour, planned_low, planned_moderate, planned_high, planned_critical,
          held, denied, ran, people, rows_changed, audience, uncounted)
        SELECT * FROM summed
        ON CONFLICT (workspace_id, hour, agent_id) DO UPDATE SET planned_low = u.planned_low + excluded.planned_low,
          planned_moderate = u.planned_moderate + excluded.planned_moderate, planned_high = u.planned_high + excluded.planned_high,
          planned_critical = u.planned_critical + excluded.planned_critical, held = u.held + excluded.held, denied = u.denied + excluded.denied,
          ran = u.ran + excluded.ran, people = u.people + excluded.people, rows_changed = u.rows_changed + excluded.rows_changed,
          audience = u.audience + excluded.audience, uncounted = u.uncounted + excluded.uncounted
      ), moved AS (
        UPDATE usage_head SET event_id = upto.id FROM upto WHERE usage_head.id = 1 AND upto.id IS NOT NULL
      )
      SELECT count(*)::int AS passed FROM batch, upto WHERE batch.id <= upto.id`,
    values: [lagSeconds],
  });
  return rows[0]?.passed ?? 0;
}

/** Every hour since `since` in which anything was planned or done, oldest first. */
export async function listUsage(db: Database, workspaceId: string, since: Date): Promise<UsageRow[]> {
  const { rows } = await db.pool.query<UsageRow>({
    name: 'list_usage',
    text: `
      SELECT hour, sum(planned_low + planned_moderate + planned_high + planned_critical)::int AS planned, sum(held)::int AS held,
        sum(denied)::int AS denied, sum(ran)::int AS ran, sum(people)::float8 AS people, sum(rows_changed)::float8 AS "rowsChanged",
        sum(audience)::float8 AS audience, sum(uncounted)::int AS uncounted
      FROM usage_hour WHERE workspace_id = $1 AND hour >= $2 GROUP BY hour ORDER BY hour`,
    values: [workspaceId, since],
  });
  return rows;
}

type AgentUsageRow = {
  id: string;
  name: string;
  owner: string;
  halted: boolean;
  anomalies: number;
  low: number;
  moderate: number;
  high: number;
  critical: number;
  held: number;
  denied: number;
  ran: number;
  people: number;
};

/** What each agent planned and did since `since`; agents of which nothing came and nothing is open are left out. */
export async function listAgentUsage(
  db: Database,
  workspaceId: string,
  since: Date,
): Promise<AgentUsageRow[]> {
  const { rows } = await db.pool.query<AgentUsageRow>({
    name: 'list_agent_usage',
    text: `
      WITH used AS (
        SELECT agent_id, sum(planned_low)::int AS low, sum(planned_moderate)::int AS moderate, sum(planned_high)::int AS high,
          sum(planned_critical)::int AS critical, sum(held)::int AS held, sum(denied)::int AS denied, sum(ran)::int AS ran, sum(people)::float8 AS people
        FROM usage_hour WHERE workspace_id = $1 AND hour >= $2 GROUP BY agent_id
      )
      SELECT g.id, g.name, p.name AS owner, halt_in_force(g.workspace_id, g.id, NULL, NULL, NULL) AS halted,
        (SELECT count(*)::int FROM anomaly x WHERE x.agent_id = g.id AND x.closed_at IS NULL) AS anomalies,
        coalesce(u.low, 0) AS low, coalesce(u.moderate, 0) AS moderate, coalesce(u.high, 0) AS high, coalesce(u.critical, 0) AS critical,
        coalesce(u.held, 0) AS held, coalesce(u.denied, 0) AS denied, coalesce(u.ran, 0) AS ran, coalesce(u.people, 0) AS people
      FROM agent g JOIN person p ON p.id = g.owner_id LEFT JOIN used u ON u.agent_id = g.id
      WHERE g.workspace_id = $1 AND NOT g.built_in
        AND (u.agent_id IS NOT NULL OR EXISTS (SELECT FROM anomaly x WHERE x.agent_id = g.id AND x.closed_at IS NULL))`,
    values: [workspaceId, since],
  });
  return rows;
}

type OpenHoldRow = { level: string; open: number; late: number };

/** Holds that wait right now, by level; `late` are those with less than a quarter of their time left. */
export async function countOpenHolds(db: Database, workspaceId: string): Promise<OpenHoldRow[]> {
  const { rows } = await db.pool.query<OpenHoldRow>({
    name: 'count_open_holds',
    text: `
      SELECT level, count(*)::int AS open,
        count(*) FILTER (WHERE clock_timestamp() > expires_at - (expires_at - held_at) / 4)::int AS late
      FROM planned_action WHERE workspace_id = $1 AND status = 'held' AND expires_at > clock_timestamp() GROUP BY level`,
    values: [workspaceId],
  });
  return rows;
}

/** How many holds nobody decided in time since `since`. */
export async function countExpired(db: Database, workspaceId: string, sinceId: string): Promise<number> {
  const { rows } = await db.pool.query<{ expired: number }>({
    name: 'count_expired',
    text: `SELECT count(*)::int AS expired FROM planned_action WHERE workspace_id = $1 AND status = 'expired' AND id >= $2 AND decided_at IS NULL`,
    values: [workspaceId, sinceId],
  });
  return rows[0]?.expired ?? 0;
}

/** How people decided since `since`, those with most decisions first, at most 50. Votes given in advance by a grant are not looked at, and those on what is
 * still held are blind, here too. */
export async function listReviewing(db: Database, workspaceId: string, since: Date): Promise<ReviewerView[]> {
  const { rows } = await db.pool.query<ReviewerView>({
    name: 'list_reviewing',
    text: `
      SELECT p.id AS "personId", p.name, count(*)::int AS decisions, count(*) FILTER (WHERE d.decision = 'approve')::int AS approved,
        count(*) FILTER (WHERE d.decision = 'approve' AND d.looked_ms < 10000)::int AS hasty, count(d.looked_ms)::int AS looked,
        (percentile_cont(0.5) WITHIN GROUP (ORDER BY d.looked_ms))::float8 AS "medianLookedMs",
        (percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM d.at - a.held_at) * 1000))::float8 AS "medianWaitMs",
        count(x.id)::int AS drills, count(x.id) FILTER (WHERE d.decision <> 'approve')::int AS caught,
        count(*) FILTER (WHERE a.level IN ('high', 'critical') AND x.id IS NULL)::int AS warned,
        count(*) FILTER (WHERE a.level IN ('high', 'critical') AND x.id IS NULL AND d.decision = 'approve')::int AS overrode,
        (SELECT count(*)::int FROM reveal r WHERE r.workspace_id = $1 AND r.at >= $2 AND r.person_id = p.id) AS reveals
      FROM decision d JOIN person p ON p.id = d.person_id JOIN planned_action a ON a.id = d.action_id LEFT JOIN drill x ON x.action_id = a.id
      WHERE d.workspace_id = $1 AND d.at >= $2 AND d.grant_id IS NULL AND a.status <> 'held'
      GROUP BY p.id, p.name ORDER BY decisions DESC, p.name LIMIT 50`,
    values: [workspaceId, since],
  });
  return rows;
}
