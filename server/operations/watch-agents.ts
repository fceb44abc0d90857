import { anomalyWords } from '@/server/domain/anomaly';
import { HOLDPOINT } from '@/server/domain/audit-event';
import { findSuspicions, listRules, openAnomaly, type Suspicion } from '@/server/store/anomalies';
import { append } from '@/server/store/audit';
import { inTransaction } from '@/server/store/database';
import { enqueue, wake } from '@/server/store/outbox';
import type { Deps } from './deps';
import { engageHalt } from './engage-halt';

/** Halts first, where the workspace wants that: what is told afterwards must be true. */
async function halt(deps: Deps, { workspaceId, agentId }: Suspicion, reason: string): Promise<string | null> {
  const by = { workspaceId, personId: null, name: 'Holdpoint' };
  const engaged = await engageHalt(deps, by, { scope: 'agent', id: agentId, reason });
  return engaged.ok ? engaged.value.haltId : null;
}

async function raise(deps: Deps, of: Suspicion, rule: { bound: number; engages: boolean }): Promise<boolean> {
  const { workspaceId, agentName: agent } = of;
  const what = anomalyWords(of.rule, of.found);
  const haltId = rule.engages ? await halt(deps, of, `${what}.`) : null;
  return inTransaction(deps.db, async (tx) => {
    const anomalyId = await openAnomaly(tx, { ...of, bound: rule.bound });
    if (anomalyId === null) return false;
    if (haltId !== null) await tx.anomaly.update({ where: { id: anomalyId }, data: { haltId } });
    const data = { anomalyId, agent, rule: of.rule, what, halted: haltId !== null };
    await append(tx, { workspaceId, kind: 'anomaly.found', actor: HOLDPOINT, actionId: of.actionId, data });
    await enqueue(tx, { workspaceId, topic: 'anomaly.found', payload: data });
    await wake(tx, workspaceId, { status: 'anomaly' });
    return true;
  });
}

/**
 * Looks at what agents did in the last minutes and says what is unusual about it: proposes a halt to people, or engages one where the workspace
 * wants that. Answers how many it raised. Several processes may look at once: each anomaly is raised by one of them.
 */
export async function watchAgents(deps: Deps): Promise<number> {
  let raised = 0;
  const rules = new Map<string, Awaited<ReturnType<typeof listRules>>>();
  for (const suspicion of await findSuspicions(deps.db, deps.clock.now())) {
    const { workspaceId } = suspicion;
    const own = rules.get(workspaceId) ?? (await listRules(deps.db, workspaceId));
    rules.set(workspaceId, own);
    const rule = own.find((r) => r.rule === suspicion.rule);
    if (rule === undefined || rule.mode === 'off' || suspicion.found <= rule.bound) continue;
    if (await raise(deps, suspicion, { bound: rule.bound, engages: rule.mode === 'engage' })) raised += 1;
  }
  return raised;
}
