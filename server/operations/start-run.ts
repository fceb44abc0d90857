import { z } from 'zod';
import { unfaithfulValues } from '@/server/domain/action-digest';
import { jsonObject } from '@/server/domain/json-object';
import { type AskedMandate, mandateLimits, readAsked } from '@/server/domain/mandate';
import { fitsTemplate, narrower } from '@/server/domain/mandate-limits';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import type { AgentScope } from '@/server/domain/scopes';
import { append } from '@/server/store/audit';
import { inTransaction, type Tx } from '@/server/store/database';
import type { Prisma, Run } from '@/server/store/generated/client';
import { newId } from '@/server/store/new-id';
import { wake } from '@/server/store/outbox';
import type { Deps } from './deps';

export const startRunInput = z.strictObject({
  goal: z.string().trim().min(1, 'say what the run is for').max(10_000),
  onBehalfOf: z.string().trim().max(320).optional(),
  mandate: jsonObject.optional(),
  /** The caller's own name for the run; starting it again answers the same run. */
  externalId: z.string().min(1).max(200).optional(),
});
export type StartRunInput = z.infer<typeof startRunInput>;
export type RunView = {
  runId: string;
  goal: string;
  externalId: string | null;
  startedAt: string;
  finishedAt: string | null;
};

const toView = (run: Run): RunView => ({
  runId: run.id,
  goal: run.goal,
  externalId: run.externalId,
  startedAt: run.startedAt.toISOString(),
  finishedAt: run.finishedAt?.toISOString() ?? null,
});

/** Begins a run. The same `externalId` with the same goal is the same run, so that a restarted agent goes on where it was. */
export async function startRun(
  deps: Deps,
  agent: AgentScope,
  input: StartRunInput,
): Promise<Outcome<RunView>> {
  const problems = unfaithfulValues(input);
  if (problems.length > 0) return refuse('input_invalid', 'The run cannot be stored as it is.', { problems });
  const known = await findKnown(deps, agent, input);
  if (known) return known;
  try {
    return accept(toView(await create(deps, agent, input)));
  } catch (error) {
    // Two starts of the same externalId at once: the other one won.
    const winner = isUniqueViolation(error) ? await findKnown(deps, agent, input) : null;
    if (winner) return winner;
    throw error;
  }
}

const isUniqueViolation = (error: unknown): boolean => (error as { code?: string }).code === 'P2002';

async function findKnown(
  deps: Deps,
  agent: AgentScope,
  input: StartRunInput,
): Promise<Outcome<RunView> | null> {
  if (input.externalId === undefined) return null;
  const run = await deps.db.prisma.run.findFirst({
    where: { agentId: agent.agentId, workspaceId: agent.workspaceId, externalId: input.externalId },
  });
  if (!run) return null;
  return run.goal === input.goal
    ? accept(toView(run))
    : refuse(
        'conflict',
        'This externalId names a run with another goal. Use a new externalId for a new run.',
      );
}

/** The mandate a run begins with: what it asks for narrows it from the start; a template that gives as much grants it. */
async function mandateOf(tx: Tx, agent: AgentScope, asked: AskedMandate, now: Date) {
  const wanted = mandateLimits.parse(asked);
  const templates = await tx.mandateTemplate.findMany({
    where: {
      workspaceId: agent.workspaceId,
      ...(asked.template === undefined ? {} : { name: asked.template }),
      OR: [{ agents: { isEmpty: true } }, { agents: { has: agent.agentName } }],
    },
    orderBy: { name: 'asc' },
    take: 100,
  });
  const template = templates.find((t) => fitsTemplate(wanted, mandateLimits.parse(t.limits)));
  const hours = Math.min(
    asked.hours ?? Number.POSITIVE_INFINITY,
    template?.hours ?? Number.POSITIVE_INFINITY,
  );
  const limits = template === undefined ? wanted : narrower(wanted, mandateLimits.parse(template.limits));
  return {
    mandateLimits: limits as Prisma.InputJsonObject,
    mandateBy: template === undefined ? null : `template ${template.name}`,
    mandateGrantedAt: template === undefined ? null : now,
    mandateExpiresAt: Number.isFinite(hours) ? new Date(now.getTime() + hours * 3_600_000) : null,
  };
}

function create(deps: Deps, agent: AgentScope, input: StartRunInput): Promise<Run> {
  const { workspaceId } = agent;
  return inTransaction(deps.db, async (tx) => {
    const email = input.onBehalfOf?.toLowerCase();
    const person = email
      ? await tx.person.findFirst({ where: { workspaceId, OR: [{ email }, { id: input.onBehalfOf ?? '' }] } })
      : null;
    const run = await tx.run.create({
      data: {
        id: newId('run'),
        workspaceId,
        agentId: agent.agentId,
        goal: input.goal,
        onBehalfOf: input.onBehalfOf ?? null,
        onBehalfOfId: person?.id ?? null,
        ...(input.mandate === undefined ? {} : { mandate: input.mandate as Prisma.InputJsonObject }),
        ...(input.mandate === undefined
          ? {}
          : await mandateOf(tx, agent, readAsked(input.mandate), deps.clock.now())),
        externalId: input.externalId ?? null,
      },
    });
    await append(tx, {
      workspaceId,
      kind: 'run.started',
      actor: { kind: 'agent', id: agent.agentId, name: agent.agentName },
      data: { runId: run.id, goal: input.goal.slice(0, 500) },
    });
    await wake(tx, workspaceId, { runId: run.id });
    return run;
  });
}
