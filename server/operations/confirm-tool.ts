import { z } from 'zod';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import { storable } from '@/server/domain/storable-text';
import { append } from '@/server/store/audit';
import { inTransaction } from '@/server/store/database';
import { confirmDefinition, isConfirmed, remeasureHeld } from '@/server/store/definitions';
import { wake } from '@/server/store/outbox';
import { lockWorkspace } from '@/server/store/workspace-state';
import type { Deps } from './deps';

export const confirmToolInput = z.strictObject({
  toolId: storable(z.string().min(1).max(100)),
  /** The definition that was looked at: another one meanwhile is a conflict. */
  pinHash: z.string().min(1).max(100),
  reason: storable(z.string().trim().min(1, 'Say why the change is all right.').max(2_000)),
});

/**
 * Confirms the changed definition of a tool, as it was looked at. From then on its calls are judged by it; those that wait for this are
 * measured again, and approvals of what they were before count no more.
 */
export async function confirmTool(
  deps: Pick<Deps, 'db' | 'clock' | 'backlog' | 'catalog'>,
  person: ReviewerScope,
  input: z.infer<typeof confirmToolInput>,
): Promise<Outcome<{ toolId: string; remeasured: number }>> {
  const { workspaceId } = person;
  const outcome = await inTransaction<Outcome<string[]>>(deps.db, async (tx) => {
    await lockWorkspace(tx, workspaceId);
    const tool = await tx.tool.findFirst({ where: { id: input.toolId, workspaceId, removedAt: null } });
    if (tool === null) return refuse('tool_unknown', 'There is no such tool in this workspace.');
    if (isConfirmed(tool)) return accept([]);
    if (tool.pinHash !== input.pinHash) {
      return refuse('conflict', 'The definition changed again while you looked. Look at it as it is now.');
    }
    const at = deps.clock.now();
    const { reason } = input;
    await confirmDefinition(tx, { toolId: tool.id, pinHash: input.pinHash, by: person.name, at, reason });
    const waiting = await remeasureHeld(tx, workspaceId, tool.id);
    await append(tx, {
      workspaceId,
      kind: 'tool.confirmed',
      actor: { kind: 'person', id: person.personId, name: person.name },
      data: {
        name: tool.name,
        reason,
        from: tool.confirmedHash,
        to: tool.pinHash,
        remeasured: waiting.length,
      },
    });
    await wake(tx, workspaceId, { config: true });
    return accept(waiting);
  });
  if (!outcome.ok) return outcome;
  // Measured by what was just confirmed: the notice that drops the cache may come later than the measuring begins.
  deps.catalog.drop(workspaceId);
  for (const actionId of outcome.value) deps.backlog.measure(actionId, input.toolId);
  return accept({ toolId: input.toolId, remeasured: outcome.value.length });
}
