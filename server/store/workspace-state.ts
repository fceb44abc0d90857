import type { Effect } from '@/server/domain/catalog';
import { memberKey } from '@/server/domain/document-entries';
import type { Vault } from '@/server/domain/ports';
import { toParts } from '@/server/domain/target-parts';
import type { Role } from '@/server/domain/vocabulary';
import type {
  GroupState,
  MemberState,
  PersonState,
  ToolState,
  WorkspaceState,
} from '@/server/domain/workspace-state';
import { connectionContext } from './catalog-cache';
import type { Database, Tx } from './database';
import type { Prisma } from './generated/client';

type Hashed = { id: string; definitionHash: string };
type Pinned = Hashed & { pinHash: string | null; confirmedHash: string | null };

/** A workspace by names, and the rows behind them. */
export type LoadedWorkspace = {
  state: WorkspaceState;
  people: ReadonlyMap<string, { id: string }>;
  groups: ReadonlyMap<string, { id: string }>;
  agents: ReadonlyMap<string, { id: string }>;
  targets: ReadonlyMap<string, Hashed>;
  tools: ReadonlyMap<string, Pinned>;
};

/**
 * Everybody who changes the configuration of a workspace as a whole waits here for each other, until the end of the transaction.
 * Writers of rows that merely refer to the workspace do not.
 */
export async function lockWorkspace(tx: Tx, workspaceId: string): Promise<void> {
  await tx.$executeRaw`SELECT 1 FROM workspace WHERE id = ${workspaceId} FOR NO KEY UPDATE`;
}

/** Everything a document can speak of, with the connections opened. */
export async function loadWorkspace(
  client: Tx | Database['prisma'],
  vault: Vault,
  workspaceId: string,
): Promise<LoadedWorkspace> {
  const where = { workspaceId };
  const workspace = await client.workspace.findUniqueOrThrow({ where: { id: workspaceId } });
  const people = await client.person.findMany({
    where,
    orderBy: { email: 'asc' },
    include: { manager: { select: { email: true } } },
  });
  const groups = await client.group.findMany({
    where,
    orderBy: { name: 'asc' },
    include: { members: { include: { person: true, memberGroup: true } } },
  });
  const agents = await client.agent.findMany({
    where: { ...where, builtIn: false },
    orderBy: { name: 'asc' },
    include: { owner: true },
  });
  const targets = await client.target.findMany({ where, orderBy: { name: 'asc' } });
  const tools = await client.tool.findMany({ where, orderBy: { name: 'asc' }, include: { target: true } });
  const state: WorkspaceState = {
    directory: { domains: [...workspace.domains].sort() },
    people: people.map(toPersonState),
    groups: groups.map((g) => ({
      name: g.name,
      kind: g.kind as GroupState['kind'],
      aliases: [...g.aliases].sort(),
      open: g.open,
      complete: g.complete,
      members: toMembers(g.members),
    })),
    agents: agents.map((a) => ({
      name: a.name,
      owner: a.owner.email,
      clearances: [...a.clearances].sort(),
      suspended: a.suspendedAt !== null,
    })),
    targets: targets.map((t) => ({
      name: t.name,
      gone: t.removedAt !== null,
      ...toParts(t, new TextDecoder().decode(vault.open(t.sealedConnection, connectionContext(t.id)))),
    })),
    tools: tools.map((t) => ({
      name: t.name,
      description: t.description,
      kind: t.kind as ToolState['kind'],
      execution: t.execution as 'broker' | 'agent',
      target: t.target?.name ?? null,
      operationId: t.operationId,
      inputSchema: t.inputSchema as Record<string, unknown>,
      effects: t.effects as Effect[],
      annotations: t.annotations as Record<string, unknown>,
      gone: t.removedAt !== null,
    })),
  };
  return {
    state,
    people: new Map(people.map((row) => [row.email, row])),
    groups: byName(groups),
    agents: byName(agents),
    targets: byName(targets),
    tools: byName(tools),
  };
}

type PersonRow = Prisma.PersonGetPayload<{ include: { manager: { select: { email: true } } } }>;

const toPersonState = (p: PersonRow): PersonState => ({
  email: p.email,
  name: p.name,
  roles: [...p.roles].sort() as Role[],
  clearances: [...p.clearances].sort(),
  aliases: [...p.aliases].sort(),
  guest: p.kind === 'guest',
  manager: p.manager?.email ?? null,
  forwardsTo: [...p.forwardsTo].sort(),
  gone: p.disabledAt !== null,
});

const byName = <Row extends { name: string }>(rows: readonly Row[]): Map<string, Row> =>
  new Map(rows.map((row) => [row.name, row]));

function toMembers(
  rows: readonly {
    person: { email: string } | null;
    memberGroup: { name: string } | null;
    address: string | null;
  }[],
): GroupState['members'] {
  const members = rows.flatMap<MemberState>((row) => {
    if (row.person !== null) return [row.person.email];
    if (row.memberGroup !== null) return [{ group: row.memberGroup.name }];
    return row.address === null ? [] : [{ address: row.address }];
  });
  const keyed = new Map(members.map((member) => [memberKey(member), member]));
  return [...keyed.keys()].sort().flatMap((key) => keyed.get(key) ?? []);
}

/** Which of these addresses belong to people of other workspaces: an address signs in to one workspace only. */
export async function listForeignEmails(
  client: Tx | Database['prisma'],
  workspaceId: string,
  emails: readonly string[],
): Promise<string[]> {
  if (emails.length === 0) return [];
  const rows = await client.person.findMany({
    where: { email: { in: [...emails] }, workspaceId: { not: workspaceId } },
    select: { email: true },
  });
  return rows.map((row) => row.email);
}
