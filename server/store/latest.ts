import type { DecidedView, LatestActionView } from '@/server/domain/catalog-views';
import type { Database } from './database';

/** Looked through for one target or agent: what is rarer than that among the newest is found through the inbox. */
const NEWEST = 5_000;
const SHOWN = 8;

export type LatestOf = { agentId: string } | { targetId: string };

/** The newest planned actions of one agent or target, at most 8, among the workspace's newest 5,000. */
export async function listLatest(
  db: Database,
  workspaceId: string,
  of: LatestOf,
): Promise<LatestActionView[]> {
  const [column, id] = 'agentId' in of ? ['agent_id', of.agentId] : ['target_id', of.targetId];
  const { rows } = await db.pool.query({
    name: `latest_of_${column}`,
    text: `
      SELECT a.id AS "actionId", a.sentence, a.level, a.status, g.name AS agent, a.tool_name AS tool, a.created_at AS at
      FROM (SELECT id FROM (SELECT id, ${column} AS part FROM planned_action WHERE workspace_id = $1 ORDER BY id DESC LIMIT ${NEWEST}) n
        WHERE n.part = $2 ORDER BY id DESC LIMIT ${SHOWN}) l
      JOIN planned_action a ON a.id = l.id JOIN agent g ON g.id = a.agent_id ORDER BY a.id DESC`,
    values: [workspaceId, id],
  });
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}

/**
 * What somebody decided in the last thirty days, newest first, at most 20. What is still held is left out for everybody but themselves: votes are
 * blind until it is over.
 */
export async function listDecided(
  db: Database,
  of: { workspaceId: string; personId: string; viewerId: string },
): Promise<DecidedView[]> {
  const { rows } = await db.pool.query({
    name: 'list_decided',
    text: `
      SELECT a.id AS "actionId", a.sentence, a.level, d.decision, d.at, d.looked_ms AS "lookedMs", d.grant_id IS NOT NULL AS "byGrant"
      FROM decision d JOIN planned_action a ON a.id = d.action_id
      WHERE d.workspace_id = $1 AND d.person_id = $2 AND d.at > now() - interval '30 days' AND (a.status <> 'held' OR $2 = $3)
      ORDER BY d.at DESC LIMIT 20`,
    values: [of.workspaceId, of.personId, of.viewerId],
  });
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}
