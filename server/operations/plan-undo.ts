import { actionDigest } from '@/server/domain/action-digest';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import { lockAction, type StoredAction } from '@/server/store/actions';
import { append } from '@/server/store/audit';
import { inTransaction, type Tx } from '@/server/store/database';
import type { Prisma } from '@/server/store/generated/client';
import { newId } from '@/server/store/new-id';
import { wake } from '@/server/store/outbox';
import { type KeptUndo, openUndo, undoArgs } from '@/server/store/undo';
import type { Deps } from './deps';
import { mayDecide } from './list-actions';

/** Undoes belong to nobody's key: no key of that name exists. */
const NO_KEY = 'none';

/**
 * Plans taking back what an action did: another planned action, measured, held and executed like any. It runs on behalf of whoever asked, who
 * therefore has no vote on it. One at a time; nothing runs here.
 */
export async function planUndo(
  deps: Deps,
  reviewer: ReviewerScope,
  input: { actionId: string },
): Promise<Outcome<{ actionId: string }>> {
  const { workspaceId } = reviewer;
  if (!mayDecide(reviewer))
    return refuse('forbidden', 'Only people who may decide can plan an undo. Ask a reviewer.');
  const kept = await openUndo(deps.db, deps.vault, workspaceId, input.actionId);
  try {
    const outcome = await inTransaction(deps.db, (tx) => plan(tx, reviewer, input.actionId, kept));
    if (outcome.ok) deps.backlog.measure(outcome.value.actionId, reviewer.personId);
    return outcome;
  } catch (error) {
    if ((error as { code?: string }).code !== 'P2002') throw error;
    return refuse('conflict', 'Its undo is planned already. The page of the action leads to it.');
  }
}

async function plan(
  tx: Tx,
  reviewer: ReviewerScope,
  actionId: string,
  kept: KeptUndo | null,
): Promise<Outcome<{ actionId: string }>> {
  const action = await lockAction(tx, reviewer.workspaceId, actionId);
  if (!action) return refuse('action_unknown', 'There is no such planned action in your workspace.');
  if (action.status !== 'succeeded' || kept === null)
    return refuse(
      'not_undoable',
      'Nothing was kept by which it could be undone. Its page says why; correct it with a new action.',
    );
  const tool = await tx.tool.findFirst({ where: { id: action.toolId, removedAt: null } });
  if (tool === null || tool.targetId !== action.targetId)
    return refuse(
      'not_undoable',
      'The tool it ran with was removed or points elsewhere now. Correct it with a new action.',
    );
  const id = newId('action');
  await write(tx, reviewer, action, kept, { id, toolHash: tool.definitionHash });
  return accept({ actionId: id });
}

async function write(
  tx: Tx,
  reviewer: ReviewerScope,
  action: StoredAction,
  kept: KeptUndo,
  { id, toolHash }: { id: string; toolHash: string },
): Promise<void> {
  const { workspaceId, personId } = reviewer;
  const agentId = await agentFor(tx, reviewer);
  const goal = `Undo ${action.id}, as ${reviewer.name} asked`;
  const args = undoArgs(kept, action.id);
  const run = await tx.run.create({
    data: {
      id: newId('run'),
      workspaceId,
      agentId,
      goal,
      onBehalfOf: reviewer.email,
      onBehalfOfId: personId,
    },
  });
  const digest = actionDigest({ workspaceId, agentId, tool: action.toolName, args, reason: goal });
  await tx.plannedAction.create({
    data: {
      id,
      workspaceId,
      agentId,
      runId: run.id,
      ownerId: personId,
      keyId: NO_KEY,
      toolId: action.toolId,
      toolName: action.toolName,
      toolHash,
      targetId: action.targetId,
      execution: 'broker',
      args: args as Prisma.InputJsonObject,
      reason: goal,
      digest,
      status: 'measuring',
      undoesId: action.id,
    },
  });
  const actor = { kind: 'person' as const, id: personId, name: reviewer.name };
  const data = { tool: action.toolName, undoes: action.id };
  await append(
    tx,
    { workspaceId, kind: 'action.submitted', actor, actionId: id, digest, data },
    {
      workspaceId,
      kind: 'undo.planned',
      actor,
      actionId: action.id,
      digest: action.digest,
      data: { undo: id },
    },
  );
  await wake(tx, workspaceId, { actionId: action.id, status: 'measuring' });
}

/** Undoes are planned under a system agent without keys and clearances, one for each person who asked: its owner has no vote. */
async function agentFor(tx: Tx, { workspaceId, personId, email }: ReviewerScope): Promise<string> {
  const name = `Undo for ${email}`;
  const { id } = await tx.agent.upsert({
    where: { workspaceId_name: { workspaceId, name } },
    create: { id: newId('agent'), workspaceId, name, ownerId: personId },
    update: { ownerId: personId, suspendedAt: null },
  });
  return id;
}
