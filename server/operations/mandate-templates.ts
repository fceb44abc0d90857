import { z } from 'zod';
import type { MandateTemplateView } from '@/server/domain/grant-views';
import { mandateLimits } from '@/server/domain/mandate';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import { storable } from '@/server/domain/storable-text';
import { append } from '@/server/store/audit';
import { inTransaction } from '@/server/store/database';
import type { Prisma } from '@/server/store/generated/client';
import { newId } from '@/server/store/new-id';
import { personActor } from './administrators';
import type { Deps } from './deps';

export const templateInput = z.strictObject({
  name: storable(z.string().trim().min(1, 'give it a name').max(100)),
  /** Names of the agents whose runs get it without a person; empty: all agents. */
  agents: z.array(storable(z.string().min(1).max(200))).max(100),
  limits: mandateLimits.strict(),
  hours: z
    .number()
    .min(0.25, 'at least a quarter of an hour')
    .max(24 * 31, 'a month at most'),
});
export const removeTemplateInput = z.strictObject({ name: storable(z.string().min(1).max(100)) });

/** Templates of the workspace by name. */
export async function listTemplates(
  deps: Deps,
  person: ReviewerScope,
): Promise<Outcome<MandateTemplateView[]>> {
  const rows = await deps.db.prisma.mandateTemplate.findMany({
    where: { workspaceId: person.workspaceId },
    orderBy: { name: 'asc' },
    take: 200,
  });
  return accept(
    rows.map((row) => ({
      name: row.name,
      agents: row.agents,
      limits: mandateLimits.parse(row.limits),
      hours: row.hours,
      createdBy: row.createdBy,
      updatedAt: row.updatedAt.toISOString(),
    })),
  );
}

/** Makes a template, or changes the one of that name. Runs that were started before keep what they were granted. */
export async function saveTemplate(
  deps: Deps,
  person: ReviewerScope,
  input: z.infer<typeof templateInput>,
): Promise<Outcome<{ name: string }>> {
  const { workspaceId } = person;
  const { name, agents, hours } = input;
  return inTransaction<Outcome<{ name: string }>>(deps.db, async (tx) => {
    const known = await tx.agent.findMany({
      where: { workspaceId, builtIn: false, name: { in: agents } },
      select: { name: true },
    });
    const missing = agents.find((agent) => !known.some((k) => k.name === agent));
    if (missing !== undefined) {
      const message = `There is no agent called ${missing}.`;
      return refuse('input_invalid', message, { problems: [{ pointer: '/agents', message }] });
    }
    const data = {
      agents,
      hours,
      limits: input.limits as Prisma.InputJsonObject,
      createdBy: person.name,
      updatedAt: deps.clock.now(),
    };
    await tx.mandateTemplate.upsert({
      where: { workspaceId_name: { workspaceId, name } },
      create: { id: newId('template'), workspaceId, name, ...data },
      update: data,
    });
    await append(tx, {
      workspaceId,
      kind: 'template.updated',
      actor: personActor(person),
      data: { name, agents, limits: input.limits, hours },
    });
    return accept({ name });
  });
}

/** Takes a template away. Runs keep what they were granted; new ones wait for a person. */
export async function removeTemplate(
  deps: Deps,
  person: ReviewerScope,
  input: z.infer<typeof removeTemplateInput>,
): Promise<Outcome<{ name: string }>> {
  const { workspaceId } = person;
  const { name } = input;
  return inTransaction<Outcome<{ name: string }>>(deps.db, async (tx) => {
    const { count } = await tx.mandateTemplate.deleteMany({ where: { workspaceId, name } });
    if (count === 0) return refuse('mandate_unknown', 'There is no mandate template of that name.');
    await append(tx, { workspaceId, kind: 'template.removed', actor: personActor(person), data: { name } });
    return accept({ name });
  });
}
