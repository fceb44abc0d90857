import type { Actor } from '@/server/domain/audit-event';
import { type PinnedDefinition, pinHash, pinnedDefinition } from '@/server/domain/definition-hash';
import type { ToolState } from '@/server/domain/workspace-state';
import type { Database, Tx } from './database';
import type { Prisma } from './generated/client';
import { newId } from './new-id';

/** Both hashes are null for tools from before definitions were pinned. */
export const isConfirmed = (row: { pinHash: string | null; confirmedHash: string | null }): boolean =>
  row.pinHash === row.confirmedHash;

/** Whether what the tool is defined as now is what a person wrote or confirmed. */
export async function isToolConfirmed(tx: Tx, toolId: string): Promise<boolean> {
  const row = await tx.tool.findUnique({
    where: { id: toolId },
    select: { pinHash: true, confirmedHash: true },
  });
  return row !== null && isConfirmed(row);
}

/** What an agent reads of each tool among these whose definition is not confirmed: as it was when somebody last confirmed it. */
export async function confirmedDefinitions(
  db: Database,
  tools: readonly { id: string; pinHash: string | null; confirmedHash: string | null }[],
): Promise<Map<string, Pick<PinnedDefinition, 'description' | 'inputSchema'>>> {
  const open = tools.filter((tool) => !isConfirmed(tool));
  if (open.length === 0) return new Map();
  const rows = await db.prisma.toolDefinition.findMany({
    where: { OR: open.map(({ id, confirmedHash }) => ({ toolId: id, pinHash: confirmedHash ?? '' })) },
    orderBy: { id: 'asc' },
  });
  return new Map(
    rows.map((row) => {
      const { description, inputSchema } = row.definition as unknown as PinnedDefinition;
      return [row.toolId, { description, inputSchema }];
    }),
  );
}

/** Keeps a definition of a tool; `confirmed` when whoever writes it has seen it as a whole. */
export async function keepDefinition(
  tx: Tx,
  of: {
    workspaceId: string;
    toolId: string;
    state: ToolState;
    actor: Actor;
    at: Date;
    confirmed: string | null;
  },
): Promise<void> {
  await tx.toolDefinition.create({
    data: {
      id: newId('definition'),
      workspaceId: of.workspaceId,
      toolId: of.toolId,
      pinHash: pinHash(of.state),
      definition: pinnedDefinition(of.state) as unknown as Prisma.InputJsonObject,
      writtenBy: of.actor.name,
      writtenAt: of.at,
      ...(of.confirmed === null
        ? {}
        : { confirmedBy: of.actor.name, confirmedAt: of.at, confirmReason: of.confirmed }),
    },
  });
}

/** Marks what a tool is defined as now as confirmed. */
export async function confirmDefinition(
  tx: Tx,
  of: { toolId: string; pinHash: string; by: string; at: Date; reason: string },
): Promise<void> {
  await tx.tool.update({ where: { id: of.toolId }, data: { confirmedHash: of.pinHash } });
  await tx.toolDefinition.updateMany({
    where: { toolId: of.toolId, pinHash: of.pinHash, confirmedAt: null },
    data: { confirmedBy: of.by, confirmedAt: of.at, confirmReason: of.reason },
  });
}

/**
 * Sends what is held under an unconfirmed definition, or under another one than the present, back to be measured: its decisions belonged to
 * what it was. Answers their ids.
 */
export async function remeasureHeld(tx: Tx, workspaceId: string, toolId: string): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    UPDATE planned_action a SET status = 'measuring', revision = revision + 1, round = round + 1, approvals = 0, expires_at = NULL,
      lease_holder = NULL, lease_until = NULL
    FROM tool t
    WHERE a.tool_id = ${toolId} AND a.workspace_id = ${workspaceId} AND a.status = 'held' AND t.id = a.tool_id
      AND (a.expires_at IS NULL OR a.expires_at > clock_timestamp())
      AND (a.tool_hash <> t.definition_hash OR a.footprint @> '{"unknowns": [{"code": "definition_changed"}]}')
    RETURNING a.id`;
  return rows.map((row) => row.id);
}
