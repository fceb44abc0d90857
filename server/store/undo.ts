import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import type { UndoPlan, Vault } from '@/server/domain/ports';
import type { Database, Tx } from './database';

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

/** Kept among the evidence of the action it would take back, under a digest that no footprint has. */
const DIGEST = 'undo';
const contextOf = (actionId: string): string => `evidence:${actionId}:${DIGEST}`;

export type PossibleUndo = Extract<UndoPlan, { possible: true }>;
/** A kept undo and the hash that an action planned from it names: it runs with these values or not at all. */
export type KeptUndo = PossibleUndo & { hash: string };

/** Seals how an action can be taken back: its values are rows as they were. */
export async function sealUndo(vault: Vault, actionId: string, plan: PossibleUndo): Promise<Uint8Array> {
  return vault.seal(await deflate(Buffer.from(JSON.stringify(plan), 'utf8')), contextOf(actionId));
}

export async function saveUndo(
  tx: Tx,
  workspaceId: string,
  actionId: string,
  sealed: Uint8Array,
): Promise<void> {
  await tx.evidenceChunk.create({
    data: {
      workspaceId,
      actionId,
      footprintDigest: DIGEST,
      chunk: 0,
      size: 0,
      sealed: new Uint8Array(sealed),
    },
  });
}

/** How this action can be taken back; null when nothing was kept. */
export async function openUndo(
  db: Database,
  vault: Vault,
  workspaceId: string,
  actionId: string,
): Promise<KeptUndo | null> {
  const row = await db.prisma.evidenceChunk.findFirst({
    where: { workspaceId, actionId, footprintDigest: DIGEST },
    select: { sealed: true },
  });
  if (row === null) return null;
  const plain = await inflate(vault.open(row.sealed, contextOf(actionId)));
  const hash = `sha256:${createHash('sha256').update(plain).digest('hex')}`;
  const { statement, ...plan } = JSON.parse(plain.toString('utf8')) as PossibleUndo & { statement?: string };
  // Kept by an earlier version, which knew statements only.
  return { ...plan, args: plan.args ?? { statement }, hash };
}

/** The arguments of the action that takes `undoes` back: what it does, and its values by their hash. */
export const undoArgs = (kept: KeptUndo, undoes: string): Record<string, unknown> => ({
  ...kept.args,
  undoes,
  values: kept.hash,
});
