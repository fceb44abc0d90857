import { z } from 'zod';
import {
  ANOMALY_MODES,
  ANOMALY_RULES,
  type AnomalyRule,
  type AnomalyRuleName,
  anomalyWords,
} from '@/server/domain/anomaly';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import { storable } from '@/server/domain/storable-text';
import type { AnomalyView } from '@/server/domain/views';
import { listRules } from '@/server/store/anomalies';
import { append } from '@/server/store/audit';
import { inTransaction } from '@/server/store/database';
import { wake } from '@/server/store/outbox';
import { personActor } from './administrators';
import type { Deps } from './deps';

export const closeAnomalyInput = z.strictObject({
  anomalyId: storable(z.string().min(1).max(100)),
  note: storable(z.string().trim().min(1, 'say what it was, in a few words').max(2_000)),
});
export const anomalyRuleInput = z.strictObject({
  rule: z.enum(ANOMALY_RULES),
  mode: z.enum(ANOMALY_MODES),
  bound: z.number().int().min(0).max(1_000_000_000),
  /** Canaries: tables, files or other resources as footprints name them. */
  resources: z.array(storable(z.string().trim().min(1).max(500))).max(100),
});

/** What is unusual right now, then what was, at most 100; with the rules by which that is said. */
export async function listAnomalies(
  deps: Deps,
  person: ReviewerScope,
): Promise<Outcome<{ anomalies: AnomalyView[]; rules: AnomalyRule[] }>> {
  const { workspaceId } = person;
  const [rows, rules] = await Promise.all([
    deps.db.prisma.anomaly.findMany({
      where: { workspaceId },
      orderBy: [{ closedAt: { sort: 'desc', nulls: 'first' } }, { id: 'desc' }],
      take: 100,
      include: { agent: { select: { id: true, name: true } } },
    }),
    listRules(deps.db, workspaceId),
  ]);
  const anomalies = rows.map(
    (row): AnomalyView => ({
      anomalyId: row.id,
      agent: row.agent,
      rule: row.rule as AnomalyRuleName,
      what: anomalyWords(row.rule as AnomalyRuleName, row.found),
      bound: row.bound,
      actionId: row.actionId,
      haltId: row.haltId,
      at: row.at.toISOString(),
      closed:
        row.closedAt === null
          ? null
          : { at: row.closedAt.toISOString(), by: row.closedBy ?? '', note: row.note ?? '' },
    }),
  );
  return accept({ anomalies, rules });
}

/** Says that somebody has looked at it. It is not raised again for ten minutes; a halt stays until it is lifted. */
export async function closeAnomaly(
  deps: Deps,
  person: ReviewerScope,
  input: z.infer<typeof closeAnomalyInput>,
): Promise<Outcome<{ anomalyId: string }>> {
  const { workspaceId } = person;
  const { anomalyId, note } = input;
  return inTransaction<Outcome<{ anomalyId: string }>>(deps.db, async (tx) => {
    const row = await tx.anomaly.findFirst({
      where: { id: anomalyId, workspaceId },
      include: { agent: { select: { name: true } } },
    });
    if (row === null) return refuse('anomaly_unknown', 'There is no such anomaly in your workspace.');
    const closed = await tx.anomaly.updateMany({
      where: { id: anomalyId, closedAt: null },
      data: { closedAt: deps.clock.now(), closedBy: person.name, note },
    });
    if (closed.count > 0) {
      const data = { anomalyId, agent: row.agent.name, rule: row.rule, note };
      await append(tx, { workspaceId, kind: 'anomaly.closed', actor: personActor(person), data });
      await wake(tx, workspaceId, { status: 'anomaly' });
    }
    return accept({ anomalyId });
  });
}

/** Changes one rule by which agents are watched. */
export async function saveAnomalyRule(
  deps: Deps,
  person: ReviewerScope,
  input: z.infer<typeof anomalyRuleInput>,
): Promise<Outcome<AnomalyRule>> {
  const { workspaceId } = person;
  const { rule, ...how } = input;
  return inTransaction<Outcome<AnomalyRule>>(deps.db, async (tx) => {
    const data = { ...how, changedBy: person.name, changedAt: deps.clock.now() };
    await tx.anomalyRule.upsert({
      where: { workspaceId_rule: { workspaceId, rule } },
      create: { workspaceId, rule, ...data },
      update: data,
    });
    await append(tx, { workspaceId, kind: 'anomaly.rule_changed', actor: personActor(person), data: input });
    return accept(input);
  });
}
