import type { BlastRadius } from '@/server/domain/blast-radius';
import type { Footprint } from '@/server/domain/footprint';
import type { Status } from '@/server/domain/status';
import type { Obligation, Verdict } from '@/server/domain/verdict';
import type { RunStepView } from '@/server/domain/views';
import type { Classification, ExecutionMode } from '@/server/domain/vocabulary';
import type { Database } from './database';
import { listChunkSizes } from './evidence';
import type { AuditEvent, Decision, PlannedAction, Run } from './generated/client';

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
  /** People who could still be asked: entitled by role and not excluded. */
  eligible: string[];
  groups: string[];
  imagesKept: number;
  revealed: Classification[];
  undoneBy: string | null;
  history: AuditEvent[];
};

const DECIDING = ['owner', 'security_lead', 'reviewer'];
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

async function groupNames(db: Database, workspaceId: string, personId: string): Promise<string[]> {
  const { rows } = await db.pool.query<{ name: string }>({
    name: 'groups_of_person',
    text: `WITH RECURSIVE mine AS (
        SELECT group_id FROM group_member WHERE person_id = $2 AND workspace_id = $1
        UNION SELECT m.group_id FROM group_member m JOIN mine ON m.member_group_id = mine.group_id)
      SELECT g.name FROM "group" g JOIN mine ON mine.group_id = g.id`,
    values: [workspaceId, personId],
  });
  return rows.map((r) => r.name);
}

type Person = { id: string; name: string; email: string; roles: string[]; disabledAt: Date | null };

function eligibleNames(
  people: readonly Person[],
  excluded: readonly (string | null)[],
  roles: readonly string[],
): string[] {
  return people
    .filter((p) => p.disabledAt === null && p.roles.some((r) => roles.includes(r)))
    .filter((p) => !excluded.includes(p.id))
    .map((p) => p.name)
    .sort();
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
  const [agent, tool, target, run, people, decisions, reveals, sizes, history, steps, groups, undoneBy] =
    await Promise.all([
      prisma.agent.findUniqueOrThrow({ where: { id: action.agentId }, include: { owner: true } }),
      prisma.tool.findUniqueOrThrow({ where: { id: action.toolId } }),
      action.targetId ? prisma.target.findUnique({ where: { id: action.targetId } }) : null,
      action.runId ? prisma.run.findUnique({ where: { id: action.runId } }) : null,
      prisma.person.findMany({
        where: { workspaceId },
        take: 2_000,
        select: { id: true, name: true, email: true, roles: true, disabledAt: true },
      }),
      prisma.decision.findMany({ where: { actionId, round: action.round }, orderBy: { at: 'asc' } }),
      prisma.reveal.findMany({ where: { actionId, personId, footprintDigest } }),
      listChunkSizes(db, workspaceId, actionId, footprintDigest),
      prisma.auditEvent.findMany({ where: { actionId, workspaceId }, orderBy: { id: 'asc' }, take: 500 }),
      stepsOf(db, action.runId),
      groupNames(db, workspaceId, personId),
      undoOf(db, actionId),
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
    decisions,
    names: new Map(people.map((p) => [p.id, p.name])),
    eligible: eligibleNames(
      people,
      [agent.ownerId, action.ownerId, run?.onBehalfOfId ?? null, ...action.excludedIds],
      (action.obligation as Obligation | null)?.roles ?? DECIDING,
    ),
    groups,
    imagesKept: sizes.reduce((sum, size) => sum + size, 0),
    revealed: [...new Set(reveals.flatMap((r) => r.classes))].sort(),
    undoneBy,
    history,
  };
}
