import type { Effect, ToolKind } from '@/server/domain/catalog';
import type {
  Coverage,
  TargetListItem,
  TargetSettingsView,
  TargetView,
  ToolListItem,
} from '@/server/domain/catalog-views';
import type { TargetCheck } from '@/server/domain/ports';
import { toParts } from '@/server/domain/target-parts';
import { inputSchemaOf } from '@/server/domain/tool-schemas';
import type { TargetKind } from '@/server/domain/vocabulary';
import type { Database } from './database';
import type { Prisma } from './generated/client';

type NamePage = { after: string | null; limit: number; q: string | null };
const WITH_TOOLS = {
  tools: { where: { removedAt: null }, orderBy: { name: 'asc' }, select: { id: true, name: true } },
} satisfies Prisma.TargetInclude;
type Row = Prisma.TargetGetPayload<{ include: typeof WITH_TOOLS }>;

const byName = (page: NamePage) => ({
  ...(page.after === null ? {} : { name: { gt: page.after } }),
  ...(page.q === null ? {} : { AND: { name: { contains: page.q, mode: 'insensitive' as const } } }),
});

/** Targets that were not removed, by name, after `after`. */
export async function listTargetRows(
  db: Database,
  workspaceId: string,
  page: NamePage,
): Promise<TargetListItem[]> {
  const rows = await db.prisma.target.findMany({
    where: { workspaceId, removedAt: null, ...byName(page) },
    orderBy: { name: 'asc' },
    take: page.limit,
    include: WITH_TOOLS,
  });
  return rows.map(toListItem);
}

/** One target by id or exact name, without its connection; null when this workspace has none or it was removed. */
export async function findTargetView(
  db: Database,
  workspaceId: string,
  targetId: string,
): Promise<TargetView | null> {
  const row = await db.prisma.target.findFirst({
    where: { workspaceId, removedAt: null, OR: [{ id: targetId }, { name: targetId }] },
    include: WITH_TOOLS,
  });
  if (row === null) return null;
  return {
    ...toListItem(row),
    ...settingsView(row),
    check: row.check as TargetCheck | null,
    definitionHash: row.definitionHash,
    createdAt: row.createdAt.toISOString(),
  };
}

/** What people see of how a target is set up; nothing in it is secret. */
function settingsView(row: Row): TargetSettingsView {
  if (row.kind === 'postgres') {
    return {
      kind: 'postgres',
      searchPath: row.searchPath,
      classifications: row.classifications as Record<string, string>,
      subjects: row.subjects as Record<string, string>,
    };
  }
  return { kind: row.kind, ...(row.settings as object) } as TargetSettingsView;
}

/** Tools that were not removed, by name, after `after`. */
export async function listToolRows(
  db: Database,
  workspaceId: string,
  page: NamePage,
): Promise<ToolListItem[]> {
  const rows = await db.prisma.tool.findMany({
    where: { workspaceId, removedAt: null, ...byName(page) },
    orderBy: { name: 'asc' },
    take: page.limit,
    include: { target: true },
  });
  return rows.map((row) => ({
    toolId: row.id,
    name: row.name,
    description: row.description,
    kind: row.kind,
    execution: row.execution as ToolListItem['execution'],
    target: row.target && { id: row.target.id, name: row.target.name, kind: row.target.kind },
    operationId: row.operationId,
    effects: row.effects as Effect[],
    inputSchema: inputSchemaOf(
      {
        kind: row.kind as ToolKind,
        inputSchema: row.inputSchema as Record<string, unknown>,
        operationId: row.operationId,
      },
      // Only the document of a service matters here, and that is no secret.
      row.target?.kind === 'http' ? toParts(row.target, 'null') : null,
    ),
    definitionHash: row.definitionHash,
    createdAt: row.createdAt.toISOString(),
  }));
}

function toListItem(row: Row): TargetListItem {
  const check = row.check as TargetCheck | null;
  const count = (severity: string) => check?.findings.filter((f) => f.severity === severity).length ?? 0;
  return {
    targetId: row.id,
    name: row.name,
    kind: row.kind as TargetKind,
    address: row.address,
    checkedAt: row.checkedAt?.toISOString() ?? null,
    reachable: check?.reachable ?? null,
    errors: count('error'),
    warnings: count('warning'),
    coverage: check === null ? null : coverageOf(check),
    tools: row.tools,
  };
}

/** How much of what was found somebody has described: columns with a class, operations with an effect, files with a class. */
function coverageOf(check: TargetCheck): Coverage {
  if (check.operations !== undefined) {
    const described = check.operations.filter((operation) => operation.effect !== null).length;
    return { classified: described, total: check.operations.length };
  }
  if (check.tree !== undefined) {
    return { classified: check.tree.files - check.tree.unclassified, total: check.tree.files };
  }
  const classified = check.columns.filter((column) => column.classification !== null).length;
  return { classified, total: check.columns.length };
}
