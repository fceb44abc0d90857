import { z } from 'zod';
import type { AuditKind } from '@/server/domain/audit-event';
import { mandateLimits } from '@/server/domain/mandate';
import { accept, type Outcome, type Refusal, refuse } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import { storable } from '@/server/domain/storable-text';
import { takeHaltLock } from '@/server/store/actions';
import { append } from '@/server/store/audit';
import { inTransaction, type Tx } from '@/server/store/database';
import type { Prisma, Run } from '@/server/store/generated/client';
import { revokeUnclaimed } from '@/server/store/halts';
import { wake } from '@/server/store/outbox';
import { personActor } from './administrators';
import type { Deps } from './deps';

const reason = storable(z.string().trim().min(1, 'say why, in a few words').max(2_000));
export const grantMandateInput = z.strictObject({
  runId: storable(z.string().min(1).max(100)),
  limits: mandateLimits.strict(),
  /** How long it holds, from now. */
  hours: z
    .number()
    .min(0.25, 'at least a quarter of an hour')
    .max(24 * 31, 'a month at most'),
  reason,
});
export const endMandateInput = z.strictObject({ runId: storable(z.string().min(1).max(100)), reason });

/** The run, if it is this workspace's, still going on, and not one this person has a stake in. */
async function findRun(tx: Tx, person: ReviewerScope, runId: string): Promise<Outcome<Run>> {
  const run = await tx.run.findFirst({ where: { id: runId, workspaceId: person.workspaceId } });
  if (run === null) return refuse('run_unknown', 'There is no such run in your workspace.');
  if (run.finishedAt !== null)
    return refuse('run_finished', 'This run has ended. A new one asks for a mandate of its own.');
  return accept(run);
}

async function refuseOwn(tx: Tx, person: ReviewerScope, run: Run): Promise<Refusal | null> {
  const agent = await tx.agent.findUniqueOrThrow({ where: { id: run.agentId } });
  if (agent.ownerId !== person.personId && run.onBehalfOfId !== person.personId) return null;
  const why =
    agent.ownerId === person.personId ? `You own ${agent.name}.` : 'The agent runs this on your behalf.';
  return refuse('excluded_from_voting', `${why} Somebody else has to grant its mandate.`);
}

async function record(tx: Tx, person: ReviewerScope, kind: AuditKind, data: Record<string, unknown>) {
  const { workspaceId } = person;
  await append(tx, { workspaceId, kind, actor: personActor(person), data });
}

/**
 * Grants what a run may do, whatever it asked for; what is granted takes the place of what was. It only ever narrows: inside it policy decides as
 * always, beyond it everything is held. What was judged under another mandate and is not written yet is judged again.
 */
export async function grantMandate(
  deps: Deps,
  person: ReviewerScope,
  input: z.infer<typeof grantMandateInput>,
): Promise<Outcome<{ runId: string; expiresAt: string }>> {
  return inTransaction<Outcome<{ runId: string; expiresAt: string }>>(deps.db, async (tx) => {
    const run = await findRun(tx, person, input.runId);
    if (!run.ok) return run;
    const refused = await refuseOwn(tx, person, run.value);
    if (refused) return refused;
    const now = deps.clock.now();
    const expiresAt = new Date(now.getTime() + input.hours * 3_600_000);
    const { runId, limits } = input;
    await tx.run.update({
      where: { id: runId },
      data: {
        revision: { increment: 1 },
        mandateLimits: limits as Prisma.InputJsonObject,
        mandateBy: person.name,
        mandateGrantedAt: now,
        mandateExpiresAt: expiresAt,
        mandateEndedAt: null,
      },
    });
    const until = expiresAt.toISOString();
    await record(tx, person, 'mandate.granted', { runId, limits, until, reason: input.reason });
    await wake(tx, person.workspaceId, { runId });
    return accept({ runId, expiresAt: until });
  });
}

/**
 * Ends a run's mandate: everything it plans from then on is held, and what was released and not claimed is revoked in the same transaction. Holds
 * the workspace's halt lock alone, as halts do, so that nothing released under it is still on its way afterwards.
 */
export async function endMandate(
  deps: Deps,
  person: ReviewerScope,
  input: z.infer<typeof endMandateInput>,
): Promise<Outcome<{ runId: string; revoked: number }>> {
  return inTransaction<Outcome<{ runId: string; revoked: number }>>(deps.db, async (tx) => {
    await takeHaltLock(tx, person.workspaceId);
    const run = await findRun(tx, person, input.runId);
    if (!run.ok) return run;
    const { runId } = input;
    const { mandateLimits: limits, mandateEndedAt } = run.value;
    if (limits === null) return refuse('mandate_unknown', 'This run has no mandate. Halt it to stop it.');
    if (mandateEndedAt !== null) return accept({ runId, revoked: 0 });
    await tx.run.update({
      where: { id: runId },
      data: { revision: { increment: 1 }, mandateEndedAt: deps.clock.now() },
    });
    const revoked = await revokeUnclaimed(
      tx,
      { workspaceId: person.workspaceId, runId, because: 'The mandate of its run was ended.' },
      personActor(person),
    );
    await record(tx, person, 'mandate.ended', { runId, reason: input.reason, revoked });
    await wake(tx, person.workspaceId, { runId });
    return accept({ runId, revoked });
  });
}
