import { toolHash } from '@/server/domain/definition-hash';
import type { ChangeFor, ToolState } from '@/server/domain/workspace-state';
import type { Tx } from './database';
import type { Prisma } from './generated/client';
import { newId } from './new-id';
import type { WrittenTarget } from './targets';

type Known = ReadonlyMap<string, { id: string; definitionHash: string }>;

/**
 * Writes tools as planned, and every other tool whose definition changed because its target did: what was measured under the old hash is
 * measured again. Answers the names of those others.
 */
export async function writeTools(
  tx: Tx,
  workspaceId: string,
  changes: readonly ChangeFor<'tool'>[],
  current: { states: readonly ToolState[]; known: Known },
  targets: ReadonlyMap<string, WrittenTarget>,
  now: Date,
): Promise<{ ids: Map<string, string>; redefined: string[] }> {
  const ids = new Map([...current.known].map(([name, row]) => [name, row.id]));
  const touched = new Set<string>();
  for (const { change, name, after } of changes) {
    if (change === 'unchanged') continue;
    touched.add(name);
    const id = ids.get(name);
    if (after === null) {
      if (id !== undefined) await tx.tool.update({ where: { id }, data: { removedAt: now } });
      continue;
    }
    const data = toRow(after, targets);
    if (id === undefined) {
      const toolId = newId('tool');
      ids.set(name, toolId);
      await tx.tool.create({ data: { id: toolId, workspaceId, name, ...data } });
    } else {
      await tx.tool.update({ where: { id }, data: { ...data, removedAt: null } });
    }
  }
  const redefined: string[] = [];
  for (const state of current.states) {
    const row = current.known.get(state.name);
    if (row === undefined || state.gone || touched.has(state.name)) continue;
    const { definitionHash } = toRow(state, targets);
    if (definitionHash === row.definitionHash) continue;
    await tx.tool.update({ where: { id: row.id }, data: { definitionHash } });
    redefined.push(state.name);
  }
  return { ids, redefined };
}

function toRow(tool: ToolState, targets: ReadonlyMap<string, WrittenTarget>) {
  const target = tool.target === null ? null : (targets.get(tool.target) ?? null);
  if (tool.target !== null && target === null) {
    throw new Error(`${tool.target} was checked to exist and does not`);
  }
  return {
    description: tool.description,
    kind: tool.kind,
    execution: tool.execution,
    targetId: target?.id ?? null,
    inputSchema: tool.inputSchema as Prisma.InputJsonObject,
    effects: tool.effects as unknown as Prisma.InputJsonArray,
    definitionHash: toolHash({ ...tool, targetHash: target?.definitionHash ?? null }),
  };
}
