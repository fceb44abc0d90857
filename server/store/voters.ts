import type { Obligation } from '@/server/domain/verdict';
import type { StoredAction } from './actions';
import type { Database, Tx } from './database';

/**
 * People whose approval of this round counts under an obligation: still in the workspace, in a deciding role and in one of its groups, or in the
 * place of somebody away who has not answered themselves and is not `deciding` right now.
 */
export async function listFittingApprovers(
  tx: Tx,
  action: Pick<StoredAction, 'id'>,
  obligation: Obligation | null,
  deciding: string | null = null,
): Promise<string[]> {
  const rows = await tx.$queryRawUnsafe<{ id: string }[]>(
    `SELECT DISTINCT p.id FROM planned_action a JOIN agent g ON g.id = a.agent_id LEFT JOIN run r ON r.id = a.run_id
     JOIN decision d ON d.action_id = a.id AND d.round = a.round AND d.decision = 'approve'
       AND ($2::jsonb ->> 'presence' IS DISTINCT FROM 'passkey' OR d.presence IS NOT NULL)
     JOIN person p ON p.id = d.person_id AND p.workspace_id = a.workspace_id AND p.disabled_at IS NULL AND p.roles && ARRAY['owner', 'security_lead', 'reviewer']
     WHERE a.id = $1 AND may_review(a, p.id, p.roles, $2::jsonb, excluded_from(a, g.owner_id, r.on_behalf_of_id), d.at, $3)`,
    action.id,
    JSON.stringify(obligation),
    deciding,
  );
  return rows.map((r) => r.id);
}

/** Names of everybody an action could still be decided by, whether or not they have: entitled, in person or for somebody away, and not excluded. */
export async function listEligible(db: Database, actionId: string): Promise<string[]> {
  const { rows } = await db.pool.query<{ name: string }>(
    `SELECT p.name FROM planned_action a JOIN agent g ON g.id = a.agent_id LEFT JOIN run r ON r.id = a.run_id
     JOIN person p ON p.workspace_id = a.workspace_id AND p.disabled_at IS NULL AND p.roles && ARRAY['owner', 'security_lead', 'reviewer']
     CROSS JOIN LATERAL (SELECT excluded_from(a, g.owner_id, r.on_behalf_of_id) AS excluded) x
     WHERE a.id = $1 AND p.id <> ALL (x.excluded) AND may_review(a, p.id, p.roles, a.obligation, x.excluded, now(), NULL)
     ORDER BY p.name`,
    [actionId],
  );
  return rows.map((r) => r.name);
}

/** Somebody away for whom this person decides now, with the groups that are lent. */
export type LentGroups = { personId: string; name: string; groups: string[] };

/** Whose place this person takes now. */
export async function listLentGroups(
  db: Pick<Tx, '$queryRawUnsafe'>,
  workspaceId: string,
  personId: string,
): Promise<LentGroups[]> {
  return db.$queryRawUnsafe<LentGroups[]>(
    `SELECT DISTINCT away.id AS "personId", away.name, groups_of($1, away.id) AS groups FROM absence b
     JOIN person away ON away.id = b.person_id AND away.workspace_id = $1 AND away.disabled_at IS NULL
       AND away.roles && ARRAY['owner', 'security_lead', 'reviewer']
     WHERE b.stand_in_id = $2 AND b.workspace_id = $1 AND is_away(b, now())`,
    workspaceId,
    personId,
  );
}
