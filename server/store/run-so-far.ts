import type { Footprint } from '@/server/domain/footprint';
import type { RunSoFar } from '@/server/domain/surroundings';
import type { Database } from './database';

const MAX_RESULTS = 200;

type Before = { actionId: string; at: Date };

/**
 * What a run was asked and has come across, up to `before` (everything when absent). Null when this workspace has no such run.
 */
export async function loadRunSoFar(
  db: Database,
  workspaceId: string,
  runId: string,
  before?: Before,
): Promise<RunSoFar | null> {
  const run = await db.prisma.run.findFirst({ where: { id: runId, workspaceId } });
  if (run === null) return null;
  const [observed, executed, trusted] = await Promise.all([
    db.prisma.observation.findMany({
      where: { runId, ...(before ? { at: { lte: before.at } } : {}) },
      take: MAX_RESULTS,
      orderBy: { at: 'desc' },
    }),
    db.prisma.plannedAction.findMany({
      where: { runId, status: 'succeeded', ...(before ? { id: { lt: before.actionId } } : {}) },
      take: MAX_RESULTS,
      orderBy: { id: 'desc' },
      select: { toolName: true, result: true, execution: true, footprint: true },
    }),
    trustedTools(db, workspaceId),
  ]);
  const labels = new Map<string, string>();
  for (const { toolName, footprint } of executed) {
    for (const item of (footprint as Footprint | null)?.items ?? []) {
      if (item.operation === 'read') for (const c of item.classes ?? []) labels.set(c, toolName);
    }
  }
  return {
    id: run.id,
    onBehalfOfId: run.onBehalfOfId,
    labels: [...labels].map(([label, tool]) => ({ class: label, tool })),
    sources: {
      goal: run.goal,
      mandate: run.mandate,
      results: [
        ...executed
          .filter((e) => e.execution === 'broker')
          .map((e) => ({
            tool: e.toolName,
            text: JSON.stringify(e.result),
            trusted: trusted.has(e.toolName),
          })),
        ...observed.map((o) => ({
          tool: o.toolName,
          text: JSON.stringify(o.result),
          trusted: o.trusted && trusted.has(o.toolName),
        })),
      ],
    },
  };
}

/** Tools whose operator says that what they return can be trusted. An agent's own word only lowers it; no word means no (P4). */
async function trustedTools(db: Database, workspaceId: string): Promise<Set<string>> {
  const tools = await db.prisma.tool.findMany({
    where: { workspaceId, removedAt: null },
    select: { name: true, effects: true },
  });
  const says = (effects: unknown, word: boolean) =>
    (effects as { trusted?: boolean }[]).some((e) => e.trusted === word);
  return new Set(tools.filter((t) => says(t.effects, true) && !says(t.effects, false)).map((t) => t.name));
}
