import type { FilesParts, HttpParts } from '@/server/domain/catalog';
import { targetHash } from '@/server/domain/definition-hash';
import type { TargetCheck, Vault } from '@/server/domain/ports';
import { addressOf, credentialWord, secretOf, settingsOf } from '@/server/domain/target-parts';
import type { ChangeFor, TargetState } from '@/server/domain/workspace-state';
import { connectionContext } from './catalog-cache';
import type { Tx } from './database';
import type { Prisma } from './generated/client';
import { newId } from './new-id';

/** A target after writing: what tools refer to. */
export type WrittenTarget = { id: string; definitionHash: string; address: string };

/** Writes targets as planned and answers all of them by name. A connection is sealed again only when it is another one. */
export async function writeTargets(
  tx: Tx,
  vault: Vault,
  workspaceId: string,
  changes: readonly ChangeFor<'target'>[],
  known: ReadonlyMap<string, { id: string; definitionHash: string }>,
  checks: ReadonlyMap<string, TargetCheck>,
  now: Date,
): Promise<Map<string, WrittenTarget>> {
  const written = new Map([...known].map(([name, row]) => [name, { ...row, address: '' }]));
  for (const { change, name, before, after } of changes) {
    if (change === 'unchanged') continue;
    const id = known.get(name)?.id;
    if (after === null) {
      if (id !== undefined) await tx.target.update({ where: { id }, data: { removedAt: now } });
      continue;
    }
    const data = toRow(after, checks.get(name) ?? null, now);
    const targetId = id ?? newId('target');
    const sealed =
      before !== null && secretOf(before) === secretOf(after)
        ? {}
        : { sealedConnection: seal(vault, targetId, after) };
    if (id === undefined) {
      await tx.target.create({
        data: {
          id: targetId,
          workspaceId,
          name,
          sealedConnection: seal(vault, targetId, after),
          ...data,
        },
      });
    } else {
      await tx.target.update({ where: { id }, data: { ...data, ...sealed, removedAt: null } });
    }
    written.set(name, { id: targetId, definitionHash: data.definitionHash, address: data.address });
  }
  return written;
}

function seal(vault: Vault, targetId: string, target: TargetState): Uint8Array<ArrayBuffer> {
  const plain = new TextEncoder().encode(secretOf(target));
  return new Uint8Array(vault.seal(plain, connectionContext(targetId)));
}

function toRow(target: TargetState, check: TargetCheck | null, now: Date) {
  const parts =
    target.kind === 'postgres'
      ? {
          searchPath: [...target.searchPath],
          classifications: target.classifications as Prisma.InputJsonObject,
          subjects: target.subjects as Prisma.InputJsonObject,
        }
      : { searchPath: [], settings: settingsColumn(target) };
  return {
    kind: target.kind,
    address: addressOf(target),
    ...parts,
    definitionHash: targetHash(target),
    ...(check === null ? {} : { check: check as unknown as Prisma.InputJsonObject, checkedAt: now }),
  };
}

/** Which kind of credentials there are stands beside the settings, so that people can be told without opening them. */
function settingsColumn(target: HttpParts | FilesParts): Prisma.InputJsonObject {
  const credential = target.kind === 'http' ? { credential: credentialWord(target.credentials) } : {};
  return { ...settingsOf(target), ...credential } as unknown as Prisma.InputJsonObject;
}
