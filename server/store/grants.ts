import type { GrantBounds, GrantShape } from '@/server/domain/grant';
import type { Database, Tx } from './database';
import type { Prisma } from './generated/client';
import { newId } from './new-id';

export type StoredGrant = {
  id: string;
  workspaceId: string;
  agentId: string;
  toolId: string;
  personId: string;
  personName: string;
  shape: GrantShape;
  left: GrantBounds;
};

/** Whether any grant in force could be about this action. One indexed look, for holds only. */
export async function hasLiveGrant(db: Database, actionId: string): Promise<boolean> {
  const { rows } = await db.pool.query<{ found: boolean }>({
    name: 'has_live_grant',
    text: `SELECT EXISTS (SELECT FROM planned_action a JOIN standing_grant g ON g.agent_id = a.agent_id AND g.tool_id = a.tool_id
      WHERE a.id = $1 AND g.revoked_at IS NULL AND g.expires_at > clock_timestamp() AND g.used_uses < g.max_uses) AS found`,
    values: [actionId],
  });
  return rows[0]?.found ?? false;
}

/** Grants in force for an agent's calls of a tool, oldest first, locked until the transaction ends so that two uses are counted one after the other. */
export async function lockLiveGrants(tx: Tx, agentId: string, toolId: string): Promise<StoredGrant[]> {
  return tx.$queryRaw<StoredGrant[]>`
    SELECT g.id, g.workspace_id AS "workspaceId", g.agent_id AS "agentId", g.tool_id AS "toolId", g.person_id AS "personId", p.name AS "personName", g.shape,
      json_build_object('uses', g.max_uses - g.used_uses, 'rows', g.max_rows - g.used_rows, 'people', g.max_people - g.used_people) AS left
    FROM standing_grant g JOIN person p ON p.id = g.person_id
    WHERE g.agent_id = ${agentId} AND g.tool_id = ${toolId} AND g.revoked_at IS NULL AND g.expires_at > clock_timestamp()
    ORDER BY g.id FOR UPDATE OF g`;
}

export async function spendGrant(tx: Tx, grantId: string, cost: GrantBounds): Promise<void> {
  await tx.standingGrant.update({
    where: { id: grantId },
    data: {
      usedUses: { increment: cost.uses },
      usedRows: { increment: cost.rows },
      usedPeople: { increment: cost.people },
    },
  });
}

export async function saveGrant(
  tx: Tx,
  grant: {
    workspaceId: string;
    agentId: string;
    toolId: string;
    personId: string;
    actionId: string;
    shape: GrantShape;
    reason: string;
    bounds: GrantBounds;
    expiresAt: Date;
  },
): Promise<string> {
  const { shape, bounds, ...of } = grant;
  const id = newId('grant');
  await tx.standingGrant.create({
    data: {
      ...of,
      id,
      shape: shape as unknown as Prisma.InputJsonObject,
      maxUses: bounds.uses,
      maxRows: bounds.rows,
      maxPeople: bounds.people,
    },
  });
  return id;
}

const SHOWN = 200;

/** Grants of the workspace, newest first. */
export function listGrantRows(db: Database, workspaceId: string) {
  return db.prisma.standingGrant.findMany({
    where: { workspaceId },
    orderBy: { id: 'desc' },
    take: SHOWN,
    include: {
      agent: { select: { id: true, name: true } },
      tool: { select: { id: true, name: true, target: { select: { name: true } } } },
      person: { select: { id: true, name: true } },
    },
  });
}
export type GrantRow = Awaited<ReturnType<typeof listGrantRows>>[number];
