import { TypeID } from 'typeid-js';
import {
  type AnomalyMode,
  type AnomalyRule,
  type AnomalyRuleName,
  DEFAULT_RULES,
} from '@/server/domain/anomaly';
import type { Database, Tx } from './database';
import { newId } from './new-id';

export type Suspicion = {
  workspaceId: string;
  agentId: string;
  agentName: string;
  rule: AnomalyRuleName;
  found: number;
  actionId: string | null;
};

/** The least id an action of that time could have: ids sort by time, so that this finds the newest by the primary key. */
export function leastActionIdAt(at: Date): string {
  const hex = Math.max(0, at.getTime()).toString(16).padStart(12, '0');
  return TypeID.fromUUID('act', `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`).toString();
}

/** Rules of a workspace: its own, or as they ship. */
export async function listRules(db: Database | Tx, workspaceId: string): Promise<AnomalyRule[]> {
  const client = 'prisma' in db ? db.prisma : db;
  const rows = await client.anomalyRule.findMany({ where: { workspaceId } });
  return DEFAULT_RULES.map((rule) => {
    const own = rows.find((row) => row.rule === rule.rule);
    return own === undefined
      ? rule
      : { ...rule, mode: own.mode as AnomalyMode, bound: own.bound, resources: own.resources };
  });
}

/** What counts of every agent in the last minutes, by rule; whether that is too much is for the rules of its workspace to say. */
const COUNTS = `
  WITH recent AS MATERIALIZED (
    SELECT id, workspace_id, agent_id, status, created_at, footprint -> 'items' AS items FROM planned_action a
    WHERE id >= $1 AND NOT EXISTS (SELECT FROM drill d WHERE d.action_id = a.id)
  ), sent AS (
    SELECT DISTINCT r.workspace_id, r.agent_id, k.knower FROM recent r
    JOIN exposure e ON e.action_id = r.id AND e.kind = 'sent' AND e.at IS NOT NULL
    CROSS JOIN LATERAL unnest(e.knowers) AS k (knower)
    WHERE k.knower LIKE '%@%' AND NOT EXISTS (
      SELECT FROM exposure o WHERE o.knowers @> ARRAY[k.knower] AND o.kind = 'sent' AND o.agent_id = r.agent_id AND o.at < now() - interval '300 seconds')
  ), found AS (
    SELECT workspace_id, agent_id, 'denied' AS rule, count(*)::int AS found, NULL::text AS action_id FROM recent WHERE status = 'denied' GROUP BY 1, 2
    UNION ALL SELECT workspace_id, agent_id, 'burst', count(*)::int, NULL FROM recent WHERE created_at > now() - interval '60 seconds' GROUP BY 1, 2
    UNION ALL SELECT workspace_id, agent_id, 'new_audience', count(*)::int, NULL FROM sent GROUP BY 1, 2
    UNION ALL SELECT r.workspace_id, r.agent_id, 'ledger', least(2000000000, sum(coalesce(e.count, octet_length(e.subjects) / 8, 0)))::int, NULL
      FROM recent r JOIN exposure e ON e.action_id = r.id AND e.at IS NOT NULL GROUP BY 1, 2
    UNION ALL SELECT r.workspace_id, r.agent_id, 'canary', count(*)::int, min(r.id) FROM recent r
      JOIN anomaly_rule c ON c.workspace_id = r.workspace_id AND c.rule = 'canary' AND c.mode <> 'off' AND cardinality(c.resources) > 0
      WHERE EXISTS (SELECT FROM jsonb_array_elements(r.items) i WHERE i ->> 'resource' = ANY (c.resources)) GROUP BY 1, 2
  )
  SELECT f.workspace_id AS "workspaceId", f.agent_id AS "agentId", g.name AS "agentName", f.rule, f.found, f.action_id AS "actionId"
  FROM found f JOIN agent g ON g.id = f.agent_id AND NOT g.built_in
  -- Looked at by a person a moment ago, or open still.
  WHERE NOT EXISTS (SELECT FROM anomaly x WHERE x.agent_id = f.agent_id AND x.rule = f.rule
    AND (x.closed_at IS NULL OR x.closed_at > now() - interval '10 minutes'))`;

const LONGEST_MS = 300_000;

export async function findSuspicions(db: Database, now: Date): Promise<Suspicion[]> {
  const since = leastActionIdAt(new Date(now.getTime() - LONGEST_MS));
  const { rows } = await db.pool.query<Suspicion>({ name: 'suspicions', text: COUNTS, values: [since] });
  return rows;
}

/** Opens an anomaly; null when one of this agent and rule is open already, whichever process found it. */
export async function openAnomaly(tx: Tx, of: Suspicion & { bound: number }): Promise<string | null> {
  const id = newId('anomaly');
  const rows = await tx.$queryRaw<{ id: string }[]>`
    INSERT INTO anomaly (id, workspace_id, agent_id, rule, found, bound, action_id)
    VALUES (${id}, ${of.workspaceId}, ${of.agentId}, ${of.rule}, ${of.found}, ${of.bound}, ${of.actionId})
    ON CONFLICT (agent_id, rule) WHERE closed_at IS NULL DO NOTHING RETURNING id`;
  return rows[0]?.id ?? null;
}
