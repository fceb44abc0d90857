import type { BlastRadius } from '@/server/domain/blast-radius';
import type { Footprint } from '@/server/domain/footprint';
import type { Status } from '@/server/domain/status';
import type { Obligation, Verdict } from '@/server/domain/verdict';
import type { RunStepView } from '@/server/domain/views';
import type { Classification, ExecutionMode } from '@/server/domain/vocabulary';
import { groupsOf } from './actions';
import type { Database } from './database';
import { listChunkSizes } from './evidence';
import type { AuditEvent, Decision, PlannedAction, Run } from './generated/client';
import { type LentGroups, listEligible, listLentGroups } from './voters';

/** Everything a review page is made of, unmasked: only `operations/get-action.ts` may turn it into a view. */
export type DetailRow = {
  action: PlannedAction;
  status: Status;
  args: Record<string, unknown>;
  agentName: string;
  owner: { id: string; name: string };
  tool: { id: string; name: string; description: string; kind: string; execution: ExecutionMode };
  target: { id: string; name: string; kind: string; address: string } | null;
  /** Every class its columns are declared to have. */
  targetClasses: Classification[];
  run: Run | null;
  steps: RunStepView[];
  footprint: Footprint | null;
  blastRadius: BlastRadius | null;
  verdict: Verdict | null;
  obligation: Obligation | null;
  decisions: Decision[];
  names: Map<string, string>;
  /** Names of everybody entitled to decide it, in person or for somebody away. */
  eligible: string[];
  groups: string[];
  /** Groups of those whose place this person takes. */
  lent: LentGroups[];
  imagesKept: number;
  revealed: Classification[];
  undoneBy: string | null;
  /** What a reviewer changed it into. */
  editedInto: string | null;
  history: AuditEvent[];
};

const MAX_STEPS = 200;

async function stepsOf(db: Database, runId: string | null): Promise<RunStepView[]> {
  if (!runId) return [];
  const rows = await db.prisma.plannedAction.findMany({
    where: { runId },
    orderBy: { id: 'asc' },
    take: MAX_STEPS,
    select: { id: true, toolName: true, status: true, sentence: true, createdAt: true },
  });
  return rows.map((r) => ({
    actionId: r.id,
    tool: r.toolName,
    status: r.status as Status,
    sentence: r.sentence,
    at: r.createdAt.toISOString(),
  }));
}

const CAME_TO_NOTHING = ['rejected', 'sent_back', 'expired', 'cancelled', 'revoked', 'denied', 'failed'];

/** The planned action that takes this one back, unless it came to nothing. */
async function undoOf(db: Database, actionId: string): Promise<string | null> {
  const undo = await db.prisma.plannedAction.findFirst({
    where: { undoesId: actionId, status: { notIn: CAME_TO_NOTHING } },
    select: { id: true },
  });
  return undo?.id ?? null;
}

/** Who decides about it, and who of them asks. */
async function votersOf(db: Database, action: PlannedAction, personId: string) {
  const { prisma } = db;
  const { id: actionId, workspaceId } = action;
  const [people, decisions, groups, lent, eligible] = await Promise.all([
    prisma.person.findMany({ where: { workspaceId }, take: 2_000, select: { id: true, name: true } }),
    prisma.decision.findMany({ where: { actionId, round: action.round }, orderBy: { at: 'asc' } }),
    groupsOf(prisma, workspaceId, personId),
    listLentGroups(prisma, workspaceId, personId),
    listEligible(db, actionId),
  ]);
  return { names: new Map(people.map((p) => [p.id, p.name])), decisions, groups, lent, eligible };
}

/** Loads one action of this workspace with all that belongs to it; null when there is none. */
export async function loadDetail(
  db: Database,
  workspaceId: string,
  personId: string,
  actionId: string,
): Promise<DetailRow | null> {
  const { prisma } = db;
  const action = await prisma.plannedAction.findFirst({ where: { id: actionId, workspaceId } });
  if (!action) return null;
  const footprintDigest = action.footprintDigest ?? '';
  const [agent, tool, target, run, reveals, sizes, history, steps, voters, undoneBy, edited] =
    await Promise.all([
      prisma.agent.findUniqueOrThrow({ where: { id: action.agentId }, include: { owner: true } }),
      prisma.tool.findUniqueOrThrow({ where: { id: action.toolId } }),
      action.targetId ? prisma.target.findUnique({ where: { id: action.targetId } }) : null,
      action.runId ? prisma.run.findUnique({ where: { id: action.runId } }) : null,
      prisma.reveal.findMany({ where: { actionId, personId, footprintDigest } }),
      listChunkSizes(db, workspaceId, actionId, footprintDigest),
      prisma.auditEvent.findMany({ where: { actionId, workspaceId }, orderBy: { id: 'asc' }, take: 500 }),
      stepsOf(db, action.runId),
      votersOf(db, action, personId),
      undoOf(db, actionId),
      prisma.plannedAction.findFirst({ where: { supersedesId: actionId }, select: { id: true } }),
    ]);
  return {
    action,
    status: action.status as Status,
    args: action.args as Record<string, unknown>,
    agentName: agent.name,
    owner: { id: agent.owner.id, name: agent.owner.name },
    tool: {
      id: tool.id,
      name: tool.name,
      description: tool.description,
      kind: tool.kind,
      execution: tool.execution as ExecutionMode,
    },
    target: target && { id: target.id, name: target.name, kind: target.kind, address: target.address },
    targetClasses: [...new Set(Object.values((target?.classifications ?? {}) as Record<string, string>))],
    run,
    steps,
    footprint: action.footprint as Footprint | null,
    blastRadius: action.blastRadius as BlastRadius | null,
    verdict: action.verdict as Verdict | null,
    obligation: action.obligation as Obligation | null,
    ...voters,
    imagesKept: sizes.reduce((sum, size) => sum + size, 0),
    revealed: [...new Set(reveals.flatMap((r) => r.classes))].sort(),
    undoneBy,
    editedInto: edited?.id ?? null,
    history,
  };
}
