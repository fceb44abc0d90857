import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import type { RowImage } from '@/server/domain/footprint';
import type { Vault } from '@/server/domain/ports';
import type { Database, Tx } from './database';

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

/** Images per sealed chunk: one chunk is one page of the reviewer's table. */
export const CHUNK_SIZE = 200;

export type SealedChunk = { chunk: number; size: number; sealed: Uint8Array };

const contextOf = (actionId: string, footprintDigest: string, chunk: number) =>
  `evidence:${actionId}:${footprintDigest}:${chunk}`;

/** Compresses and seals row images so that each chunk opens only as this chunk of this footprint of this action. */
export async function sealImages(
  vault: Vault,
  actionId: string,
  footprintDigest: string,
  images: readonly RowImage[],
): Promise<SealedChunk[]> {
  const chunks: SealedChunk[] = [];
  for (let start = 0; start < images.length; start += CHUNK_SIZE) {
    const part = images.slice(start, start + CHUNK_SIZE);
    const chunk = chunks.length;
    const packed = await deflate(Buffer.from(JSON.stringify(part), 'utf8'));
    chunks.push({
      chunk,
      size: part.length,
      sealed: vault.seal(packed, contextOf(actionId, footprintDigest, chunk)),
    });
  }
  return chunks;
}

export async function saveChunks(
  tx: Tx,
  workspaceId: string,
  actionId: string,
  footprintDigest: string,
  chunks: readonly SealedChunk[],
): Promise<void> {
  if (chunks.length === 0) return;
  await tx.evidenceChunk.createMany({
    data: chunks.map((c) => ({
      workspaceId,
      actionId,
      footprintDigest,
      chunk: c.chunk,
      size: c.size,
      sealed: new Uint8Array(c.sealed),
    })),
    // The same rows under the same digest were sealed before: an action held again with what was already shown.
    skipDuplicates: true,
  });
}

/** How many images each chunk holds, in order; empty when none were kept. */
export async function listChunkSizes(
  db: Database,
  workspaceId: string,
  actionId: string,
  footprintDigest: string,
): Promise<number[]> {
  const rows = await db.prisma.evidenceChunk.findMany({
    where: { workspaceId, actionId, footprintDigest },
    select: { size: true },
    orderBy: { chunk: 'asc' },
  });
  return rows.map((r) => r.size);
}

/** Opens one chunk; null when it does not exist. */
export async function openChunk(
  db: Database,
  vault: Vault,
  workspaceId: string,
  actionId: string,
  footprintDigest: string,
  chunk: number,
): Promise<RowImage[] | null> {
  const row = await db.prisma.evidenceChunk.findFirst({
    where: { workspaceId, actionId, footprintDigest, chunk },
    select: { sealed: true },
  });
  if (!row) return null;
  const packed = vault.open(row.sealed, contextOf(actionId, footprintDigest, chunk));
  return JSON.parse((await inflate(packed)).toString('utf8')) as RowImage[];
}
