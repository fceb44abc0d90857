import { z } from 'zod';
import { actionDigest } from '@/server/domain/action-digest';
import { settlesAfter } from '@/server/domain/agent-view';
import { type Decider, decide } from '@/server/domain/decide';
import { jsonObject } from '@/server/domain/json-object';
import { maskFindings } from '@/server/domain/mask-findings';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import { storable } from '@/server/domain/storable-text';
import { groupsOf, lockAction, type StoredAction } from '@/server/store/actions';
import { append } from '@/server/store/audit';
import { inTransaction, type Tx } from '@/server/store/database';
import type { Prisma } from '@/server/store/generated/client';
import { newId } from '@/server/store/new-id';
import { wake } from '@/server/store/outbox';
import { listLentGroups } from '@/server/store/voters';
import { checkArgs } from './check-args';
import type { Deps } from './deps';
import { toolOf } from './measure-action';
import { decidable, recordDecision, saveDecision } from './write-decision';

export const editActionInput = z.strictObject({
  actionId: storable(z.string().min(1).max(100)),
  digest: z.string().min(1).max(200),
  footprintDigest: z.string().min(1).max(200),
  /** All arguments as they should be. */
  args: jsonObject,
  note: storable(z.string().trim().min(1, 'say what you changed and why').max(2_000)),
});
type Input = z.infer<typeof editActionInput>;

/** So much of the new arguments is told the agent with the note. */
const TOLD = 4_000;

async function insert(
  tx: Tx,
  action: StoredAction,
  editor: ReviewerScope,
  input: Input,
  of: { id: string; digest: string; toolHash: string },
): Promise<void> {
  const { workspaceId, agentId, runId, toolId, toolName, targetId, execution, reason } = action;
  const original = await tx.plannedAction.findUniqueOrThrow({
    where: { id: action.id },
    select: { keyId: true },
  });
  await tx.plannedAction.create({
    data: {
      id: of.id,
      workspaceId,
      agentId,
      runId,
      ownerId: action.plannedOwnerId,
      keyId: original.keyId,
      toolId,
      toolName,
      toolHash: of.toolHash,
      targetId,
      execution,
      args: input.args as Prisma.InputJsonObject,
      reason,
      digest: of.digest,
      status: 'measuring',
      supersedesId: action.id,
      settlesAt: settlesAfter(action.now),
      // Whoever changed any of it has no vote on what became of it.
      excludedIds: [...new Set([...action.excludedIds, editor.personId])],
    },
  });
  const actor = { kind: 'person' as const, id: editor.personId, name: editor.name };
  await append(
    tx,
    {
      workspaceId,
      kind: 'action.edited',
      actor,
      actionId: action.id,
      digest: action.digest,
      footprintDigest: action.footprintDigest,
      data: { into: of.id, note: input.note },
    },
    {
      workspaceId,
      kind: 'action.submitted',
      actor,
      actionId: of.id,
      digest: of.digest,
      data: { tool: toolName, edits: action.id },
    },
  );
}

/** Whether what this person sees of the arguments is not all of it: what they sent back could only be worse. */
async function isCovered(tx: Tx, action: StoredAction, editor: ReviewerScope): Promise<boolean> {
  const { id: actionId, footprint, args } = action;
  const reveals = await tx.reveal.findMany({
    where: { actionId, personId: editor.personId, footprintDigest: action.footprintDigest ?? '' },
  });
  const sight = { clearances: editor.clearances, revealed: new Set(reveals.flatMap((r) => r.classes)) };
  const seen = maskFindings({ args, origins: [], footprint }, sight);
  return JSON.stringify(seen.args) !== JSON.stringify(args);
}

/** What the agent is told of it: a person changed its arguments, what to, and where to follow it. */
function toldAgent(input: Input, id: string): string {
  const args = JSON.stringify(input.args);
  const shown = args.length > TOLD ? `${args.slice(0, TOLD)}…` : args;
  return `A reviewer changed the arguments, and ${id} is planned in place of this: follow that one. ${input.note}\nArguments: ${shown}`;
}

/**
 * Sends an action back and plans it with other arguments in its place: measured and judged anew, held whatever policy says, and decided by somebody
 * else. The agent learns of it by the note of what it planned, and can follow the new one like its own.
 */
export async function editAction(
  deps: Deps,
  editor: ReviewerScope,
  input: Input,
): Promise<Outcome<{ actionId: string }>> {
  const { workspaceId } = editor;
  const id = newId('action');
  const outcome = await inTransaction<Outcome<{ actionId: string; agentId: string }>>(deps.db, async (tx) => {
    const action = await lockAction(tx, workspaceId, input.actionId);
    if (!action) return refuse('action_unknown', 'There is no such planned action in your workspace.');
    const decider: Decider = {
      personId: editor.personId,
      roles: editor.roles,
      groups: await groupsOf(tx, workspaceId, editor.personId),
      lent: await listLentGroups(tx, workspaceId, editor.personId),
    };
    const note = toldAgent(input, id);
    const answer = { ...input, decision: 'send_back' as const, note };
    const result = decide(await decidable(tx, action, editor.personId), decider, answer, action.now);
    if (!result.ok) return result;
    const tool = await toolOf(deps, action);
    if (action.undoesId !== null || tool === null) {
      return refuse(
        'conflict',
        'This one cannot be changed: its tool was removed, or it is an undo. Send it back instead.',
      );
    }
    if (await isCovered(tx, action, editor)) {
      return refuse(
        'forbidden',
        'Part of its arguments is covered for you, and would be lost. Reveal it, or have somebody change it who may see it.',
      );
    }
    const sound = checkArgs(deps, { tool, args: input.args }, {});
    if (!sound.ok) return sound;
    const { agentId, toolName, reason } = action;
    const digest = actionDigest({ workspaceId, agentId, tool: toolName, args: input.args, reason });
    if (digest === action.digest)
      return refuse('input_invalid', 'Nothing is changed. Approve it as it is, or change something.');
    await saveDecision(tx, editor, action, answer, result.value);
    await recordDecision(tx, editor, action, answer, { ...result.value, inPlaceOf: [] });
    // Sent back, which is an answer: there is no agent that would go on with what they wrote.
    if (action.isDrill) return accept({ actionId: action.id, agentId });
    await insert(tx, action, editor, input, { id, digest, toolHash: tool.definitionHash });
    await wake(tx, workspaceId, { actionId: id, status: 'measuring' });
    return accept({ actionId: id, agentId });
  });
  if (!outcome.ok) return outcome;
  const { actionId, agentId } = outcome.value;
  if (actionId === id) deps.backlog.measure(id, agentId);
  return accept({ actionId });
}
