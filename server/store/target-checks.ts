import type { TargetParts } from '@/server/domain/catalog';
import type { TargetCheck, Vault } from '@/server/domain/ports';
import { toParts } from '@/server/domain/target-parts';
import { connectionContext } from './catalog-cache';
import type { Database, Tx } from './database';
import type { Prisma } from './generated/client';

/** A target as inspectors need it; `sealed` tells later whether it is still the same connection. */
export type OpenedTarget = {
  id: string;
  name: string;
  parts: TargetParts;
  definitionHash: string;
  sealed: Uint8Array<ArrayBuffer>;
};

/** The target by id or exact name with its connection opened; null when this workspace has none or it was removed. */
export async function openTarget(
  db: Database,
  vault: Vault,
  workspaceId: string,
  targetId: string,
): Promise<OpenedTarget | null> {
  const row = await db.prisma.target.findFirst({
    where: { workspaceId, removedAt: null, OR: [{ id: targetId }, { name: targetId }] },
  });
  if (row === null) return null;
  const opened = vault.open(row.sealedConnection, connectionContext(row.id));
  return {
    id: row.id,
    name: row.name,
    parts: toParts(row, new TextDecoder().decode(opened)),
    definitionHash: row.definitionHash,
    sealed: row.sealedConnection,
  };
}

/** Keeps what was found about exactly this definition and connection; false when the target has another one by now. */
export async function saveCheck(tx: Tx, of: OpenedTarget, check: TargetCheck, now: Date): Promise<boolean> {
  const saved = await tx.target.updateMany({
    where: { id: of.id, definitionHash: of.definitionHash, sealedConnection: of.sealed, removedAt: null },
    data: { check: check as unknown as Prisma.InputJsonObject, checkedAt: now },
  });
  return saved.count === 1;
}
