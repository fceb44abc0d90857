import type { Effect } from '@/server/domain/catalog';
import { type PinnedDefinition, pinHash, pinnedDefinition } from '@/server/domain/definition-hash';
import type { Status } from '@/server/domain/status';
import type { ArgumentSample, DefinitionView, ToolView } from '@/server/domain/tool-views';
import type { ExecutionMode, Level } from '@/server/domain/vocabulary';
import type { ToolState } from '@/server/domain/workspace-state';
import type { Database } from './database';
import { isConfirmed } from './definitions';
import type { Prisma } from './generated/client';

const HISTORY_MAX = 20;
const RECENT_MAX = 10;
const SAMPLES_MAX = 5;
/** Larger arguments are no samples to look at. */
const SAMPLE_CHARACTERS = 20_000;

type Row = Prisma.ToolGetPayload<{ include: { target: { select: { id: true; name: true; kind: true } } } }>;

const stateOf = (row: Row): ToolState => ({
  name: row.name,
  description: row.description,
  kind: row.kind as ToolState['kind'],
  execution: row.execution as ExecutionMode,
  target: row.target?.name ?? null,
  operationId: row.operationId,
  inputSchema: row.inputSchema as Record<string, unknown>,
  effects: row.effects as Effect[],
  annotations: row.annotations as Record<string, unknown>,
  gone: false,
});

async function historyOf(db: Database, toolId: string): Promise<DefinitionView[]> {
  const rows = await db.prisma.toolDefinition.findMany({
    where: { toolId },
    orderBy: { id: 'desc' },
    take: HISTORY_MAX,
  });
  return rows.map((row) => ({
    pinHash: row.pinHash,
    definition: row.definition as unknown as PinnedDefinition,
    writtenBy: row.writtenBy,
    writtenAt: row.writtenAt.toISOString(),
    confirmedBy: row.confirmedBy,
    confirmedAt: row.confirmedAt?.toISOString() ?? null,
    reason: row.confirmReason || null,
  }));
}

/** The definition a person wrote or confirmed last, however far back it is. */
async function confirmedOf(db: Database, row: Row): Promise<PinnedDefinition | null> {
  const found = await db.prisma.toolDefinition.findFirst({
    where: { toolId: row.id, pinHash: row.confirmedHash ?? '' },
    orderBy: { id: 'desc' },
  });
  return (found?.definition as unknown as PinnedDefinition | undefined) ?? null;
}

function recentOf(db: Database, workspaceId: string, toolId: string) {
  return db.prisma.plannedAction.findMany({
    where: { workspaceId, toolId },
    orderBy: { id: 'desc' },
    take: RECENT_MAX,
    select: {
      id: true,
      status: true,
      sentence: true,
      level: true,
      createdAt: true,
      args: true,
      agentId: true,
    },
  });
}

function samplesOf(rows: Awaited<ReturnType<typeof recentOf>>): ArgumentSample[] {
  const seen = new Set<string>();
  return rows
    .filter(({ args }) => {
      const text = JSON.stringify(args);
      return text.length <= SAMPLE_CHARACTERS && !seen.has(text) && seen.add(text);
    })
    .slice(0, SAMPLES_MAX)
    .map((row) => ({
      label: `Planned ${row.createdAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`,
      args: row.args as Record<string, unknown>,
    }));
}

/** One tool that was not removed, with its history and uses; null when this workspace has none. `used` are arguments of its last actions. */
export async function findToolView(
  db: Database,
  workspaceId: string,
  toolId: string,
): Promise<{ view: Omit<ToolView, 'samples'>; used: ArgumentSample[] } | null> {
  const row = await db.prisma.tool.findFirst({
    where: { workspaceId, removedAt: null, OR: [{ id: toolId }, { name: toolId }] },
    include: { target: { select: { id: true, name: true, kind: true } } },
  });
  if (row === null) return null;
  const [history, confirmed, recent] = await Promise.all([
    historyOf(db, row.id),
    isConfirmed(row) ? null : confirmedOf(db, row),
    recentOf(db, workspaceId, row.id),
  ]);
  const agents = await db.prisma.agent.findMany({
    where: { workspaceId, id: { in: [...new Set(recent.map((r) => r.agentId))] } },
    orderBy: { name: 'asc' },
    select: { id: true, name: true },
  });
  const state = stateOf(row);
  const definition = pinnedDefinition(state);
  const view = {
    ...definition,
    toolId: row.id,
    target: row.target,
    operationId: row.operationId,
    inputSchema: { ...state.inputSchema },
    effects: [...state.effects],
    annotations: { ...state.annotations },
    definitionHash: row.definitionHash,
    createdAt: row.createdAt.toISOString(),
    pinHash: row.pinHash ?? pinHash(state),
    unconfirmed: isConfirmed(row) ? null : { confirmed },
    definition,
    history,
    agents,
    recent: recent.map((r) => ({
      actionId: r.id,
      status: r.status as Status,
      sentence: r.sentence,
      level: r.level as Level,
      at: r.createdAt.toISOString(),
    })),
  };
  return { view, used: samplesOf(recent) };
}
