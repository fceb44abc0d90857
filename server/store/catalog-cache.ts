import { hashOf } from '@/server/domain/canonical';
import type { Effect, TargetDefinition, ToolDefinition } from '@/server/domain/catalog';
import { type ArgsValidator, compileInputSchema } from '@/server/domain/input-schema';
import type { Vault } from '@/server/domain/ports';
import type { InputProblem } from '@/server/domain/refusal';
import { toParts } from '@/server/domain/target-parts';
import { inputSchemaOf } from '@/server/domain/tool-schemas';
import type { Database } from './database';
import { confirmedDefinitions, isConfirmed } from './definitions';
import type { Prisma } from './generated/client';

type Loaded = { until: number; tools: Promise<ReadonlyMap<string, ToolDefinition>> };
type ToolRow = Prisma.ToolGetPayload<{ include: { target: true } }>;

const WORKSPACES_MAX = 500;
const VALIDATORS_MAX = 2_000;

/** Binds a target's sealed connection to its row. */
export const connectionContext = (targetId: string): string => `target:${targetId}`;

/**
 * The tools of each workspace as the hot path needs them: targets opened, schemas compiled. At most `ttlMs` old, and dropped at once
 * by a notice of a change; what was read from here is compared with the row again where it matters (`submit_actions`).
 */
export class Catalog {
  readonly #db: Database;
  readonly #vault: Vault;
  readonly #ttlMs: number;
  readonly #now: () => number;
  readonly #workspaces = new Map<string, Loaded>();
  readonly #validators = new Map<string, ArgsValidator>();
  readonly #schemaKeys = new WeakMap<object, string>();

  constructor(db: Database, vault: Vault, options: { ttlMs?: number; now?: () => number } = {}) {
    this.#db = db;
    this.#vault = vault;
    this.#ttlMs = options.ttlMs ?? 5_000;
    this.#now = options.now ?? Date.now;
  }

  /** The tool of that name, or null when it is unknown or was removed. */
  async getTool(workspaceId: string, name: string): Promise<ToolDefinition | null> {
    return (await this.#tools(workspaceId)).get(name) ?? null;
  }

  /** Every tool of the workspace that was not removed, by name. */
  async listTools(workspaceId: string): Promise<ToolDefinition[]> {
    return [...(await this.#tools(workspaceId)).values()];
  }

  /** What is wrong with arguments for this tool, as JSON pointers into them; empty when they fit. */
  validateArgs(tool: Pick<ToolDefinition, 'inputSchema'>, args: unknown): InputProblem[] {
    let key = this.#schemaKeys.get(tool.inputSchema);
    if (key === undefined) {
      key = hashOf(tool.inputSchema);
      this.#schemaKeys.set(tool.inputSchema, key);
    }
    const validate = this.#validators.get(key) ?? compileInputSchema(tool.inputSchema);
    remember(this.#validators, key, validate, VALIDATORS_MAX);
    return validate(args);
  }

  /** Forgets one workspace, or all of them (after the connection that hears notices was lost). Reads already under way stay out. */
  drop(workspaceId?: string): void {
    if (workspaceId === undefined) this.#workspaces.clear();
    else this.#workspaces.delete(workspaceId);
  }

  #tools(workspaceId: string): Promise<ReadonlyMap<string, ToolDefinition>> {
    const known = this.#workspaces.get(workspaceId);
    if (known !== undefined && known.until > this.#now()) return known.tools;
    const loaded: Loaded = { until: this.#now() + this.#ttlMs, tools: this.#load(workspaceId) };
    remember(this.#workspaces, workspaceId, loaded, WORKSPACES_MAX);
    // A failed read must not be answered from the cache for the next seconds.
    loaded.tools.catch(() => {
      if (this.#workspaces.get(workspaceId) === loaded) this.#workspaces.delete(workspaceId);
    });
    return loaded.tools;
  }

  async #load(workspaceId: string): Promise<ReadonlyMap<string, ToolDefinition>> {
    const rows = await this.#db.prisma.tool.findMany({
      where: { workspaceId, removedAt: null },
      include: { target: true },
      orderBy: { name: 'asc' },
    });
    const confirmed = await confirmedDefinitions(this.#db, rows);
    const targets = new Map<string, TargetDefinition>();
    for (const { target } of rows) {
      if (target !== null && !targets.has(target.id)) targets.set(target.id, this.#toTarget(target));
    }
    return new Map(rows.map((row) => [row.name, toTool(row, targets, confirmed.get(row.id))]));
  }

  #toTarget(row: NonNullable<ToolRow['target']>): TargetDefinition {
    const opened = this.#vault.open(row.sealedConnection, connectionContext(row.id));
    const base = { id: row.id, workspaceId: row.workspaceId, name: row.name };
    const parts = toParts(row, new TextDecoder().decode(opened));
    return { ...base, definitionHash: row.definitionHash, ...parts };
  }
}

function toTool(
  row: ToolRow,
  targets: ReadonlyMap<string, TargetDefinition>,
  confirmed: ToolDefinition['unconfirmed'],
): ToolDefinition {
  const target = row.targetId === null ? null : (targets.get(row.targetId) ?? null);
  const kind = row.kind as ToolDefinition['kind'];
  const inputSchema = row.inputSchema as Record<string, unknown>;
  return {
    id: row.id,
    workspaceId: row.workspaceId,
    name: row.name,
    description: row.description,
    kind,
    execution: row.execution as ToolDefinition['execution'],
    operationId: row.operationId,
    inputSchema: inputSchemaOf({ kind, inputSchema, operationId: row.operationId }, target),
    effects: row.effects as Effect[],
    annotations: row.annotations as Record<string, unknown>,
    ...(isConfirmed(row) ? {} : { unconfirmed: confirmed ?? { description: '', inputSchema: {} } }),
    target,
    definitionHash: row.definitionHash,
  };
}

/** Keeps the most recently used `max` entries. */
function remember<K, V>(map: Map<K, V>, key: K, value: V, max: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= max) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    return;
  }
}
