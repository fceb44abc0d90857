import { type Actor, HOLDPOINT } from '@/server/domain/audit-event';
import { pinHash, toolHash } from '@/server/domain/definition-hash';
import type { ChangeFor, ToolState } from '@/server/domain/workspace-state';
import type { Tx } from './database';
import { keepDefinition, remeasureHeld } from './definitions';
import type { Prisma } from './generated/client';
import { newId } from './new-id';
import type { WrittenTarget } from './targets';

type Row = { id: string; definitionHash: string; pinHash: string | null; confirmedHash: string | null };
type Known = ReadonlyMap<string, Row>;
/** Who writes, when, and which tools they have seen as a whole: only those are confirmed by writing them. */
export type ToolWriter = { actor: Actor; now: Date; confirms: ReadonlyMap<string, string> };

/**
 * Writes tools as planned, and every other tool whose definition changed because its target did: what was measured under the old hash is
 * measured again. A definition that changes is unconfirmed until a person has looked at it. Answers the names of those others.
 */
export async function writeTools(
  tx: Tx,
  workspaceId: string,
  changes: readonly ChangeFor<'tool'>[],
  current: { states: readonly ToolState[]; known: Known },
  targets: ReadonlyMap<string, WrittenTarget>,
  writer: ToolWriter,
): Promise<{ ids: Map<string, string>; redefined: string[] }> {
  const ids = new Map([...current.known].map(([name, row]) => [name, row.id]));
  const touched = new Set<string>();
  for (const { change, name, after } of changes) {
    if (change === 'unchanged') continue;
    touched.add(name);
    const id = ids.get(name);
    if (after === null) {
      if (id !== undefined) await tx.tool.update({ where: { id }, data: { removedAt: writer.now } });
      continue;
    }
    const before = current.states.find((state) => state.name === name);
    const row = current.known.get(name);
    const kept = { workspaceId, toolId: id ?? newId('tool'), actor: writer.actor, at: writer.now };
    ids.set(name, kept.toolId);
    await writeTool(tx, { row, before, after, targets, kept, reason: writer.confirms.get(name) });
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

type Kept = { workspaceId: string; toolId: string; actor: Actor; at: Date };

/**
 * A new tool is what its author wrote. One that changes, or comes back as something else, waits for a person to look, unless its author gives
 * the reason for having looked.
 */
async function writeTool(
  tx: Tx,
  of: {
    row: Row | undefined;
    before: ToolState | undefined;
    after: ToolState;
    targets: ReadonlyMap<string, WrittenTarget>;
    kept: Kept;
    reason: string | undefined;
  },
): Promise<void> {
  const { row, before, after, kept } = of;
  const { workspaceId, toolId: id } = kept;
  const pin = pinHash(after);
  const known = row?.confirmedHash ?? (before === undefined ? pin : pinHash(before));
  const confirmed = of.reason ?? (known === pin ? '' : null);
  const data = { ...toRow(after, of.targets), pinHash: pin, confirmedHash: confirmed === null ? known : pin };
  if (row === undefined) {
    await tx.tool.create({ data: { id, workspaceId, name: after.name, ...data } });
    await keepDefinition(tx, { ...kept, state: after, confirmed });
    return;
  }
  await tx.tool.update({ where: { id }, data: { ...data, removedAt: null } });
  if (row.pinHash === null && before !== undefined && known !== pin) {
    await keepDefinition(tx, { ...kept, actor: HOLDPOINT, state: before, confirmed: '' });
  }
  await keepDefinition(tx, { ...kept, state: after, confirmed });
  if (confirmed !== null) await remeasureHeld(tx, workspaceId, id);
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
    operationId: tool.operationId,
    inputSchema: tool.inputSchema as Prisma.InputJsonObject,
    effects: tool.effects as unknown as Prisma.InputJsonArray,
    annotations: tool.annotations as Prisma.InputJsonObject,
    definitionHash: toolHash({ ...tool, targetHash: target?.definitionHash ?? null }),
  };
}
