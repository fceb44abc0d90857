import type { AgentListItem, AgentView, KeyView } from '@/server/domain/catalog-views';
import type { Database } from './database';
import type { Prisma } from './generated/client';

const WITH_KEYS = { owner: true, keys: { orderBy: { createdAt: 'desc' } } } satisfies Prisma.AgentInclude;
type Row = Prisma.AgentGetPayload<{ include: typeof WITH_KEYS }>;
/** How far back in the log the reason of a suspension is looked for: bounds the read, however long the log gets. */
const EVENTS_BACK = 20_000;

/** Agents by name, after `after`. */
export async function listAgentRows(
  db: Database,
  workspaceId: string,
  page: { after: string | null; limit: number; q: string | null },
  now: Date,
): Promise<AgentListItem[]> {
  const rows = await db.prisma.agent.findMany({
    where: {
      workspaceId,
      builtIn: false,
      ...(page.after === null ? {} : { name: { gt: page.after } }),
      ...(page.q === null ? {} : { AND: { name: { contains: page.q, mode: 'insensitive' } } }),
    },
    orderBy: { name: 'asc' },
    take: page.limit,
    include: WITH_KEYS,
  });
  return rows.map((row) => toListItem(row, now));
}

/** One agent by id or exact name, with its keys by everything but their secret; null when this workspace has none. */
export async function findAgentView(
  db: Database,
  workspaceId: string,
  agentId: string,
  now: Date,
): Promise<AgentView | null> {
  const row = await db.prisma.agent.findFirst({
    where: { workspaceId, builtIn: false, OR: [{ id: agentId }, { name: agentId }] },
    include: WITH_KEYS,
  });
  if (row === null) return null;
  return {
    ...toListItem(row, now),
    keys: row.keys.map((key) => toKeyView(key, now)),
    suspension: row.suspendedAt === null ? null : await findSuspension(db, row),
  };
}

async function findSuspension(db: Database, agent: Row): Promise<AgentView['suspension']> {
  const found = await db.pool.query<{ by: string; reason: string | null }>(
    `SELECT e.actor_name AS by, e.data ->> 'reason' AS reason
     FROM (SELECT * FROM audit_event WHERE workspace_id = $1 ORDER BY id DESC LIMIT ${EVENTS_BACK}) e
     WHERE (e.kind = 'agent.updated' AND e.data ->> 'detail' = 'suspended' OR e.kind = 'agent.removed') AND e.data ->> 'name' = $2
     ORDER BY e.id DESC LIMIT 1`,
    [agent.workspaceId, agent.name],
  );
  return found.rows[0] ?? null;
}

function toListItem(row: Row, now: Date): AgentListItem {
  const used = row.keys.flatMap((key) => key.lastUsedAt ?? []).sort((a, b) => b.getTime() - a.getTime());
  return {
    agentId: row.id,
    name: row.name,
    owner: { id: row.owner.id, name: row.owner.name, email: row.owner.email },
    clearances: row.clearances,
    suspendedAt: row.suspendedAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    liveKeys: row.keys.filter((key) => toKeyView(key, now).state === 'live').length,
    lastUsedAt: used[0]?.toISOString() ?? null,
  };
}

function toKeyView(key: Row['keys'][number], now: Date): KeyView {
  const isOver = key.expiresAt !== null && key.expiresAt <= now;
  return {
    keyId: key.id,
    prefix: key.prefix,
    label: key.label,
    state: key.revokedAt !== null ? 'revoked' : isOver ? 'expired' : 'live',
    createdAt: key.createdAt.toISOString(),
    expiresAt: key.expiresAt?.toISOString() ?? null,
    revokedAt: key.revokedAt?.toISOString() ?? null,
    lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
  };
}
