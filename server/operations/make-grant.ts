import { z } from 'zod';
import { costOf, type GrantBounds, type GrantShape, grantShape, shapeOf } from '@/server/domain/grant';
import { grantText } from '@/server/domain/grant-text';
import type { GrantPreview, GrantView } from '@/server/domain/grant-views';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import { storable } from '@/server/domain/storable-text';
import { lockAction, type StoredAction } from '@/server/store/actions';
import { append } from '@/server/store/audit';
import { inTransaction, type Tx } from '@/server/store/database';
import { type GrantRow, listGrantRows, saveGrant } from '@/server/store/grants';
import { wake } from '@/server/store/outbox';
import { isAdministrator, personActor } from './administrators';
import { grantable } from './apply-grant';
import type { Deps } from './deps';

const MOST = { hours: 24 * 7, uses: 1_000, rows: 100_000, people: 10_000 };
const bounded = (most: number) =>
  z
    .number()
    .int()
    .min(0, 'at least 0')
    .max(most, `at most ${most.toLocaleString('en')}`);

export const previewGrantInput = z.strictObject({ actionId: storable(z.string().min(1).max(100)) });
export const makeGrantInput = z.strictObject({
  actionId: storable(z.string().min(1).max(100)),
  /** How long it is good for, from now. */
  hours: z.number().min(0.25, 'at least a quarter of an hour').max(MOST.hours, 'a week at most'),
  uses: bounded(MOST.uses).min(1, 'at least 1'),
  rows: bounded(MOST.rows),
  people: bounded(MOST.people),
  reason: storable(z.string().trim().min(1, 'say why, in a few words').max(2_000)),
});
export const revokeGrantInput = z.strictObject({
  grantId: storable(z.string().min(1).max(100)),
  reason: storable(z.string().trim().min(1, 'say why, in a few words').max(2_000)),
});

const RAN: ReadonlySet<string> = new Set(['released', 'executing', 'succeeded']);

/** The shape of an action this person has approved themselves, on its page, and that nothing has gone wrong with since. */
async function findShape(
  tx: Tx,
  person: ReviewerScope,
  actionId: string,
): Promise<Outcome<{ action: StoredAction; shape: GrantShape; cost: GrantBounds }>> {
  const action = await lockAction(tx, person.workspaceId, actionId);
  if (!action) return refuse('action_unknown', 'There is no such planned action in your workspace.');
  const approved = await tx.decision.findFirst({
    where: { actionId, personId: person.personId, decision: 'approve', round: action.round, grantId: null },
  });
  if (!approved || !RAN.has(action.status)) {
    return refuse(
      'grant_refused',
      'A grant is made from an action that you approved yourself and that was released.',
    );
  }
  if (action.undoesId !== null) return refuse('grant_refused', 'An undo is approved each time.');
  const shape = shapeOf(grantable(action));
  if (!shape.ok) return shape;
  const { footprint, blastRadius } = action;
  const cost = footprint && blastRadius ? costOf(footprint, blastRadius) : null;
  if (cost === null) return refuse('grant_refused', 'How much it touches is not known.');
  return accept({ action, shape: shape.value, cost });
}

/** What a grant made from this action would be, for reading before it is given; a refusal says why there can be none. */
export async function previewGrant(
  deps: Deps,
  person: ReviewerScope,
  input: z.infer<typeof previewGrantInput>,
): Promise<Outcome<GrantPreview>> {
  return inTransaction<Outcome<GrantPreview>>(deps.db, async (tx) => {
    const found = await findShape(tx, person, input.actionId);
    if (!found.ok) return found;
    const { action, shape, cost } = found.value;
    const { agentName: agent, toolName: tool } = action;
    const target =
      action.targetId === null ? null : await tx.target.findUnique({ where: { id: action.targetId } });
    const of = { id: null, by: person.name, agent, tool, expiresAt: null, shape, bounds: null };
    return accept({ agent, tool, shape, cost, text: grantText({ ...of, target: target?.name ?? null }) });
  });
}

/**
 * Allows more of what looks like an action this person approved, for a time and within bounds. It is their approval given in advance: it is worth
 * as much as they are entitled to at the time it is used, and never stands for a second person.
 */
export async function makeGrant(
  deps: Deps,
  person: ReviewerScope,
  input: z.infer<typeof makeGrantInput>,
): Promise<Outcome<{ grantId: string; expiresAt: string }>> {
  const { workspaceId, personId } = person;
  return inTransaction<Outcome<{ grantId: string; expiresAt: string }>>(deps.db, async (tx) => {
    const found = await findShape(tx, person, input.actionId);
    if (!found.ok) return found;
    const { action, shape } = found.value;
    const expiresAt = new Date(action.now.getTime() + input.hours * 3_600_000);
    const bounds = { uses: input.uses, rows: input.rows, people: input.people };
    const { agentId, toolId, id: actionId } = action;
    const { reason } = input;
    const grantId = await saveGrant(tx, {
      workspaceId,
      agentId,
      toolId,
      personId,
      actionId,
      shape,
      reason,
      bounds,
      expiresAt,
    });
    const until = expiresAt.toISOString();
    await append(tx, {
      workspaceId,
      kind: 'grant.created',
      actor: personActor(person),
      actionId,
      data: { grantId, agent: action.agentName, tool: action.toolName, until, bounds, reason },
    });
    await wake(tx, workspaceId, { actionId, status: action.status });
    return accept({ grantId, expiresAt: until });
  });
}

/** Takes a grant back: nothing is released by it from the moment this returns. Revoking twice changes nothing. */
export async function revokeGrant(
  deps: Deps,
  person: ReviewerScope,
  input: z.infer<typeof revokeGrantInput>,
): Promise<Outcome<{ grantId: string }>> {
  const { workspaceId } = person;
  return inTransaction<Outcome<{ grantId: string }>>(deps.db, async (tx) => {
    const rows = await tx.$queryRaw<{ id: string; revokedAt: Date | null; agent: string }[]>`
      SELECT g.id, g.revoked_at AS "revokedAt", a.name AS agent FROM standing_grant g JOIN agent a ON a.id = g.agent_id
      WHERE g.id = ${input.grantId} AND g.workspace_id = ${workspaceId} FOR UPDATE OF g`;
    const [grant] = rows;
    if (!grant) return refuse('grant_unknown', 'There is no such grant in your workspace.');
    if (grant.revokedAt !== null) return accept({ grantId: grant.id });
    await tx.standingGrant.update({
      where: { id: grant.id },
      data: { revokedAt: deps.clock.now(), revokedBy: person.name },
    });
    await append(tx, {
      workspaceId,
      kind: 'grant.revoked',
      actor: personActor(person),
      data: { grantId: grant.id, agent: grant.agent, reason: input.reason },
    });
    await wake(tx, workspaceId, { status: 'grant_revoked' });
    return accept({ grantId: grant.id });
  });
}

function stateOf(row: GrantRow, now: Date): GrantView['state'] {
  if (row.revokedAt !== null) return 'revoked';
  if (row.expiresAt <= now) return 'expired';
  return row.usedUses >= row.maxUses ? 'used_up' : 'live';
}

function toView(row: GrantRow, person: ReviewerScope, now: Date): GrantView {
  const shape = grantShape.parse(row.shape);
  const bounds = { uses: row.maxUses, rows: row.maxRows, people: row.maxPeople };
  const expiresAt = row.expiresAt.toISOString();
  return {
    grantId: row.id,
    state: stateOf(row, now),
    agent: row.agent,
    tool: { id: row.tool.id, name: row.tool.name },
    by: row.person,
    actionId: row.actionId,
    reason: row.reason,
    createdAt: row.createdAt.toISOString(),
    expiresAt,
    revokedBy: row.revokedBy,
    shape,
    bounds,
    used: { uses: row.usedUses, rows: row.usedRows, people: row.usedPeople },
    text: grantText({
      id: row.id,
      by: row.person.name,
      agent: row.agent.name,
      tool: row.tool.name,
      target: row.tool.target?.name ?? null,
      expiresAt,
      shape,
      bounds,
    }),
    mayRevoke:
      row.personId === person.personId || isAdministrator(person) || person.roles.includes('reviewer'),
  };
}

/** Grants of the workspace, newest first, at most 200. */
export async function listGrants(deps: Deps, person: ReviewerScope): Promise<Outcome<GrantView[]>> {
  const now = deps.clock.now();
  const rows = await listGrantRows(deps.db, person.workspaceId);
  return accept(rows.map((row) => toView(row, person, now)));
}
