import { randomBytes, randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { createSystemClock } from '@/server/adapters/clock/system-clock';
import { createHub, type Hub } from '@/server/adapters/hub/hub';
import { createPusher } from '@/server/adapters/notify/web-push';
import { createCedarLanguage } from '@/server/adapters/policy/cedar/cedar-language';
import { createPresenceKeys } from '@/server/adapters/presence/webauthn';
import { createPseudonyms } from '@/server/adapters/pseudonyms/hmac-pseudonyms';
import { createReleaseSigner } from '@/server/adapters/signer/release-signer';
import { brokerParts } from '@/server/adapters/targets/broker-parts';
import { createVault } from '@/server/adapters/vault/aes-gcm-vault';
import { mintAgentScope, mintReviewerScope } from '@/server/api/auth/mint-scopes';
import type { Effect } from '@/server/domain/catalog';
import { formatAddress, parseConnection } from '@/server/domain/connection-address';
import { targetHash, toolHash } from '@/server/domain/definition-hash';
import type { Outcome } from '@/server/domain/refusal';
import type { AgentScope, ReviewerScope } from '@/server/domain/scopes';
import type { ExecutionMode, Role } from '@/server/domain/vocabulary';
import type { Deps } from '@/server/operations/deps';
import { identifyAgent } from '@/server/operations/identify-agent';
import { measureAction } from '@/server/operations/measure-action';
import { submitAction } from '@/server/operations/submit-action';
import { AgentHabits } from '@/server/store/agent-habits';
import { Catalog, connectionContext } from '@/server/store/catalog-cache';
import { openDatabase } from '@/server/store/database';
import { Directories } from '@/server/store/directory-cache';
import type { Prisma } from '@/server/store/generated/client';
import { KnowledgeMemory } from '@/server/store/knowledge-memory';
import { newId } from '@/server/store/new-id';
import { PoliciesInForce } from '@/server/store/policies-in-force';
import { RunMemory } from '@/server/store/run-memory';
import { SubmissionWriter } from '@/server/store/submissions';
import { createAgent, createPerson, createWorkspace } from './identity';

/** What one process has: real parts over a real database. Work after an answer is noted and left to the test. */
export type TestProcess = {
  deps: Deps;
  hub: Hub;
  /** What the operations asked the backlog for, in order: `measure act_…`, `execute act_…`. */
  asked: string[];
  close(): Promise<void>;
};

/** A process over the database `url` names. Several of them with one secret are one installation. */
export async function openProcess(
  url: string,
  secret: Uint8Array,
  replace: Partial<Deps> = {},
): Promise<TestProcess> {
  const log = pino({ level: 'silent' });
  const db = openDatabase(url, { maxConnections: 30 });
  const vault = createVault(secret);
  const { until, ...clock } = createSystemClock();
  const hub = createHub({ url, log });
  const asked: string[] = [];
  const catalog = new Catalog(db, vault);
  const directories = new Directories(db);
  const brokers = brokerParts(clock);
  const policyLanguage = replace.policyLanguage ?? createCedarLanguage();
  const policies = new PoliciesInForce(db, policyLanguage);
  const deps: Deps = {
    db,
    clock,
    until,
    vault,
    catalog,
    directories,
    runs: new RunMemory(db, catalog),
    knowledge: new KnowledgeMemory(db),
    habits: new AgentHabits(db),
    presence: createPresenceKeys('https://holdpoint.test'),
    pusher: createPusher(secret, 'https://holdpoint.test', { allowPrivate: ['127.0.0.1'] }),
    pseudonyms: createPseudonyms(secret),
    policies,
    policyLanguage,
    calendar: null,
    signer: createReleaseSigner(secret),
    analyzers: brokers.analyzers,
    executors: brokers.executors,
    inspector: brokers.inspector,
    submissions: new SubmissionWriter(db.pool),
    changes: hub,
    backlog: {
      measure: (actionId) => void asked.push(`measure ${actionId}`),
      execute: (actionId) => void asked.push(`execute ${actionId}`),
      conclude: (actionId, measuring) => measureAction(deps, actionId, measuring),
    },
    url: 'https://holdpoint.test',
    processId: `test-${randomUUID()}`,
    ...replace,
  };
  hub.onConfig((workspaceId) => {
    catalog.drop(workspaceId ?? undefined);
    directories.drop(workspaceId ?? undefined);
    policies.drop(workspaceId ?? undefined);
  });
  await hub.start();
  const close = async () => {
    // One that was handed in is somebody else's, and used again.
    if (replace.policyLanguage === undefined) policyLanguage.close();
    await hub.shutdown();
    await db.close();
  };
  return { deps, hub, asked, close };
}

export type ToolOptions = {
  execution?: ExecutionMode;
  effects?: Effect[];
  inputSchema?: Prisma.InputJsonObject;
  kind?: 'sql' | 'custom';
  targetId?: string;
};

export type TargetOptions = {
  connection: string;
  classifications?: Record<string, string>;
  subjects?: Record<string, string>;
  searchPath?: string[];
};

/** A workspace with people, agents and tools made by direct inserts, and the process that serves it. */
export type World = TestProcess & {
  secret: Uint8Array;
  workspaceId: string;
  /** Somebody who is signed in: a reviewer without clearances unless said otherwise. */
  person(name: string, of?: { roles?: Role[]; clearances?: string[] }): Promise<ReviewerScope>;
  group(name: string, members: readonly ReviewerScope[]): Promise<void>;
  /** An agent with a key; `owner` is somebody else than every reviewer unless given. */
  agent(name: string, of?: { owner?: ReviewerScope; clearances?: string[] }): Promise<AgentScope>;
  tool(name: string, options?: ToolOptions): Promise<{ id: string; name: string }>;
  target(name: string, of: TargetOptions): Promise<{ id: string }>;
};

/** Effects whose verdict by the default policies is known. */
export const EFFECTS = {
  /** Allowed at once. */
  allowed: [{ effect: 'read', classes: ['public'] }],
  /** Held for one person, whatever the run's goal says: it cannot be undone. */
  held: [{ effect: 'write', resource: '$.path', reversible: false }],
  /** Held for two people: who would be reached is not known. */
  heldForTwo: [{ effect: 'send', audience: '$.recipients[*]', content: '$.body' }],
} satisfies Record<string, Effect[]>;

/** Builds a workspace in the database `url` names and a process for it. Several may share one database. */
export async function createWorld(url: string, replace: Partial<Deps> = {}): Promise<World> {
  const secret = randomBytes(32);
  const process = await openProcess(url, secret, replace);
  const { deps } = process;
  const workspaceId = await createWorkspace(deps.db);
  const person: World['person'] = (name, of = {}) => makePerson(deps, workspaceId, name, of);
  return {
    ...process,
    secret,
    workspaceId,
    person,
    group: (name, members) => makeGroup(deps, workspaceId, name, members),
    agent: async (name, of = {}) =>
      makeAgent(deps, name, of.owner ?? (await person(`${name}'s owner`)), of.clearances ?? []),
    tool: (name, options = {}) => makeTool(deps, workspaceId, name, options),
    target: (name, of) => makeTarget(deps, workspaceId, name, of),
  };
}

async function makePerson(
  { db }: Deps,
  workspaceId: string,
  name: string,
  of: { roles?: Role[]; clearances?: string[] },
): Promise<ReviewerScope> {
  const row = await createPerson(db, workspaceId, { name, ...of });
  return mintReviewerScope({
    ...row,
    personId: row.id,
    sessionId: newId('session'),
    roles: of.roles ?? ['reviewer'],
    clearances: of.clearances ?? [],
  } as unknown as Parameters<typeof mintReviewerScope>[0]);
}

async function makeGroup(
  { db }: Deps,
  workspaceId: string,
  name: string,
  members: readonly ReviewerScope[],
): Promise<void> {
  const groupId = newId('group');
  await db.prisma.group.create({ data: { id: groupId, workspaceId, name } });
  const data = members.map(({ personId }) => ({ id: newId('member'), workspaceId, groupId, personId }));
  await db.prisma.groupMember.createMany({ data });
}

async function makeAgent(
  { db }: Deps,
  name: string,
  owner: ReviewerScope,
  clearances: string[],
): Promise<AgentScope> {
  const { workspaceId, personId: id, email } = owner;
  const row = await createAgent(db, { id, workspaceId, email, name: owner.name }, { name, clearances });
  const holder = await identifyAgent({ db }, row.keyId);
  if (!holder) throw new Error('the key that was just made is not there');
  return mintAgentScope(holder);
}

async function makeTool(deps: Deps, workspaceId: string, name: string, options: ToolOptions) {
  const { prisma } = deps.db;
  const id = newId('tool');
  const target = options.targetId
    ? await prisma.target.findUniqueOrThrow({ where: { id: options.targetId } })
    : null;
  const definition = {
    name,
    description: '',
    kind: options.kind ?? 'custom',
    execution: options.execution ?? ('agent' as const),
    inputSchema: options.inputSchema ?? { type: 'object' },
    effects: options.effects ?? EFFECTS.held,
    annotations: {},
  };
  await prisma.tool.create({
    data: {
      ...definition,
      effects: definition.effects as unknown as Prisma.InputJsonArray,
      id,
      workspaceId,
      targetId: target?.id ?? null,
      definitionHash: toolHash({ ...definition, targetHash: target?.definitionHash ?? null }),
    },
  });
  deps.catalog.drop(workspaceId);
  return { id, name };
}

async function makeTarget({ db, vault }: Deps, workspaceId: string, name: string, of: TargetOptions) {
  const id = newId('target');
  const parsed = parseConnection(of.connection);
  if (!parsed.ok) throw new Error('not a connection');
  const fields = {
    searchPath: of.searchPath ?? ['public'],
    classifications: of.classifications ?? {},
    subjects: of.subjects ?? {},
  };
  const sealed = vault.seal(new TextEncoder().encode(of.connection), connectionContext(id));
  await db.prisma.target.create({
    data: {
      id,
      workspaceId,
      name,
      kind: 'postgres',
      sealedConnection: new Uint8Array(sealed),
      address: formatAddress(parsed.address),
      definitionHash: targetHash({ kind: 'postgres', connection: of.connection, ...fields }),
      ...fields,
    },
  });
  return { id };
}

/** The value of an outcome that was expected to be accepted. */
export function accepted<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`refused as ${outcome.code}: ${outcome.message}`);
  return outcome.value;
}

/** The code of an outcome that was expected to be refused. */
export function refusedAs<T>(outcome: Outcome<T>): string {
  if (outcome.ok) throw new Error(`accepted: ${JSON.stringify(outcome.value)}`);
  return outcome.code;
}

/** Submits a call and gives the planned action's digests, as a reviewer's page would have them. */
export async function plan(
  world: World,
  agent: AgentScope,
  tool: string,
  args: Record<string, unknown> = {},
) {
  const { actionId, status } = accepted(await submitAction(world.deps, agent, { tool, args }));
  return { ...(await digestsOf(world.deps, actionId)), status };
}

/** What a decision has to name. */
export async function digestsOf(deps: Deps, actionId: string) {
  const row = await deps.db.prisma.plannedAction.findUniqueOrThrow({ where: { id: actionId } });
  return { actionId, digest: row.digest, footprintDigest: row.footprintDigest ?? '' };
}

/** The status the database holds. */
export async function statusOf(deps: Deps, actionId: string): Promise<string> {
  return (await deps.db.prisma.plannedAction.findUniqueOrThrow({ where: { id: actionId } })).status;
}
