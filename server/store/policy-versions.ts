import type { PolicyCaseEntry, PolicyEntry, PolicySet } from '@/server/domain/policy-set';
import type { Database, Tx } from './database';
import type { PolicyVersion, Prisma } from './generated/client';

export type NewVersion = Omit<PolicyVersion, 'policies' | 'cases' | 'publishedAt'> & { set: PolicySet };

const asJson = (value: unknown) => value as Prisma.InputJsonValue;

/** The content of a stored version, draft or proposal. */
export const setOf = (row: { policies: unknown; cases: unknown }): PolicySet => ({
  policies: row.policies as PolicyEntry[],
  cases: row.cases as PolicyCaseEntry[],
});

/**
 * Writes a version and puts it in force. The caller holds the workspace's halt lock alone (`takeHaltLock`): whatever lets an action go forward has
 * finished, and whatever comes after sees this version.
 */
export async function putInForce(tx: Tx, { set, ...version }: NewVersion): Promise<void> {
  await tx.policyVersion.create({
    data: { ...version, policies: asJson(set.policies), cases: asJson(set.cases) },
  });
  const { workspaceId, policy } = version;
  const now = { version: version.version, policy, since: new Date() };
  await tx.policyInForce.upsert({
    where: { workspaceId },
    create: { workspaceId, ...now },
    update: now,
  });
}

/** A published version; null when this workspace has none of that number. */
export const findVersion = (client: Tx | Database['prisma'], workspaceId: string, version: number) =>
  client.policyVersion.findUnique({ where: { workspaceId_version: { workspaceId, version } } });

/** The latest versions, without their content. */
export const listVersions = (db: Database, workspaceId: string) =>
  db.prisma.policyVersion.findMany({
    where: { workspaceId },
    orderBy: { version: 'desc' },
    take: 200,
    omit: { policies: true, cases: true },
  });

/** Publications that wait for a decision, newest first. */
export async function listPending(
  db: Database,
  workspaceId: string,
): Promise<{ actionId: string; sentence: string; proposer: string; at: string }[]> {
  const { rows } = await db.pool.query<{ actionId: string; sentence: string; proposer: string; at: Date }>(
    `SELECT p.action_id AS "actionId", a.sentence, p.proposer_name AS proposer, p.at FROM policy_proposal p
     JOIN planned_action a ON a.id = p.action_id
     WHERE p.workspace_id = $1 AND a.status = 'held' AND a.expires_at > now() ORDER BY p.at DESC LIMIT 50`,
    [workspaceId],
  );
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}
