import type { ExposureRow } from '@/server/domain/exposure';
import { type Disclosure, Knowledge } from '@/server/domain/knowledge';
import type { Database } from './database';

/** What an agent knows and what each of its runs has read, both as of the same revision of the agent's head in the ledger. */
export type AgentKnowledge = { revision: number; agent: Knowledge; runs: Map<string, Knowledge> };

type Row = Disclosure & { runId: string | null; revision: number };
type Kept<T> = { value: T; until: number };

const MAX_BYTES = 96 * 1024 * 1024;
const RUNS_MAX = 200;
/** What somebody else knows only ever grows: what is remembered of it may be old, and then too much counts as new, never too little. */
const KNOWER_TTL_MS = 30_000;
/** Hashes beyond this are not loaded for one knower, oldest first: what is left out counts as new again. */
const MAX_LOADED_BYTES = 16 * 1024 * 1024;

const COLUMNS = 'classes, subjects, count, at, run_id AS "runId", revision';
const WITHIN_BOUNDS = (from: string, order: string): string => `
  SELECT ${COLUMNS} FROM (SELECT e.*, sum(coalesce(length(e.subjects), 0) + 64) OVER (ORDER BY ${order}) AS upto ${from}) e
  WHERE upto <= ${MAX_LOADED_BYTES}`;
const OF_AGENT = WITHIN_BOUNDS(
  `FROM exposure e WHERE e.workspace_id = $1 AND e.agent_id = $2 AND e.at IS NOT NULL AND e.kind <> 'sent'`,
  'e.revision DESC, e.id DESC',
);
const OF_RUN = WITHIN_BOUNDS(
  `FROM exposure e WHERE e.workspace_id = $1 AND e.run_id = $2 AND e.revision <= $3 AND e.kind <> 'sent'`,
  'e.revision DESC, e.id DESC',
);

/**
 * The part of the exposure ledger that verdicts need, kept in this process and bounded in bytes. Agents are remembered by the revision of their
 * head, which `submit_actions` compares: what another process added in between is never overlooked.
 */
export class KnowledgeMemory {
  readonly #db: Database;
  readonly #agents = new Map<string, Promise<AgentKnowledge>>();
  readonly #sizes = new Map<string, number>();
  readonly #knowers = new Map<string, Kept<Knowledge>>();
  readonly #turns = new Map<string, Promise<unknown>>();
  readonly #now: () => number;
  #bytes = 0;

  constructor(db: Database, options: { now?: () => number } = {}) {
    this.#db = db;
    this.#now = options.now ?? Date.now;
  }

  /** Bytes of agents' knowledge held, as far as they were added up. */
  get bytes(): number {
    return this.#bytes;
  }

  /** What the agent knows, and what this run has read; from memory when it is there. */
  async ofAgent(workspaceId: string, agentId: string, runId: string | null): Promise<AgentKnowledge> {
    const known = await this.#agentOf(workspaceId, agentId);
    while (runId !== null && !known.runs.has(runId)) {
      const { revision } = known;
      const run = await this.#load(OF_RUN, [workspaceId, runId, revision]);
      // What was taken in while this was read would be missing: read again.
      if (known.revision !== revision || known.runs.has(runId)) continue;
      const [oldest] = known.runs.keys();
      if (known.runs.size >= RUNS_MAX && oldest !== undefined) known.runs.delete(oldest);
      known.runs.set(runId, learnt(run));
    }
    return known;
  }

  /** Forgets the agent unless what is remembered of it is still all there is. */
  async check(workspaceId: string, agentId: string): Promise<void> {
    const known = this.#agents.get(`${workspaceId} ${agentId}`);
    if (known === undefined) return;
    const [{ revision }, now] = await Promise.all([known, this.#revisionOf(workspaceId, agentId)]);
    if (revision !== now) this.forget(workspaceId, agentId);
  }

  /** What these people, agents and addresses have come to know, one by one. Never fresher than thirty seconds ago, and never too much. */
  async ofKnowers(workspaceId: string, ids: readonly string[]): Promise<ReadonlyMap<string, Knowledge>> {
    const now = this.#now();
    const keyOf = (id: string) => `${workspaceId} ${id}`;
    const missing = ids.filter((id) => (this.#knowers.get(keyOf(id))?.until ?? 0) <= now);
    if (missing.length > 0) await this.#loadKnowers(workspaceId, missing);
    const found = ids.flatMap((id): [string, Knowledge][] => {
      const kept = this.#knowers.get(keyOf(id));
      return kept === undefined ? [] : [[id, kept.value]];
    });
    for (const key of this.#knowers.keys()) {
      if (this.#knowers.size <= 5_000) break;
      this.#knowers.delete(key);
    }
    return new Map(found);
  }

  /** Takes in what this process has just written on top of revision `based`; forgets the agent when something else came in between. */
  took(
    agent: { workspaceId: string; agentId: string; runId: string | null },
    known: AgentKnowledge,
    based: number,
    rows: readonly ExposureRow[],
    at: Date,
  ): void {
    if (known.revision !== based) {
      this.forget(agent.workspaceId, agent.agentId);
      return;
    }
    for (const row of rows) {
      if (row.kind === 'sent') continue;
      known.agent.learn({ ...row, at });
      if (agent.runId !== null) known.runs.get(agent.runId)?.learn({ ...row, at });
    }
    known.revision += 1;
    this.#measure(`${agent.workspaceId} ${agent.agentId}`, known);
  }

  /** One at a time for each agent, in this process: what adds to its knowledge would otherwise only find out from the database that it came second. */
  async alone<T>(agentId: string, work: () => Promise<T>): Promise<T> {
    const before = this.#turns.get(agentId) ?? Promise.resolve();
    const mine = before.then(work, work);
    const settled = mine.catch(() => undefined);
    this.#turns.set(agentId, settled);
    try {
      return await mine;
    } finally {
      if (this.#turns.get(agentId) === settled) this.#turns.delete(agentId);
    }
  }

  /** The next question about this agent reads the ledger again. */
  forget(workspaceId: string, agentId: string): void {
    const key = `${workspaceId} ${agentId}`;
    this.#agents.delete(key);
    this.#bytes -= this.#sizes.get(key) ?? 0;
    this.#sizes.delete(key);
  }

  #agentOf(workspaceId: string, agentId: string): Promise<AgentKnowledge> {
    const key = `${workspaceId} ${agentId}`;
    const known = this.#agents.get(key);
    if (known !== undefined) {
      this.#agents.delete(key);
      this.#agents.set(key, known);
      return known;
    }
    const loading = this.#loadAgent(workspaceId, agentId);
    this.#agents.set(key, loading);
    loading.then(
      (loaded) => this.#measure(key, loaded),
      () => this.#agents.get(key) === loading && this.#agents.delete(key),
    );
    return loading;
  }

  async #loadAgent(workspaceId: string, agentId: string): Promise<AgentKnowledge> {
    // The revision first: rows committed after it was read are more than it says, and the comparison then asks to look again.
    const revision = await this.#revisionOf(workspaceId, agentId);
    const known = await this.#load(OF_AGENT, [workspaceId, agentId]);
    return { revision, agent: learnt(known), runs: new Map() };
  }

  async #revisionOf(workspaceId: string, knower: string): Promise<number> {
    const { rows } = await this.#db.pool.query<{ revision: number }>({
      name: 'exposure_revision',
      text: 'SELECT revision FROM exposure_head WHERE workspace_id = $1 AND knower = $2',
      values: [workspaceId, knower],
    });
    return rows[0]?.revision ?? 0;
  }

  async #load(text: string, values: unknown[]): Promise<Row[]> {
    const { rows } = await this.#db.pool.query<Row>(text, values);
    return rows;
  }

  async #loadKnowers(workspaceId: string, ids: readonly string[]): Promise<void> {
    const { rows } = await this.#db.pool.query<Disclosure & { knower: string }>(
      `SELECT k.knower, e.classes, e.subjects, e.count, e.at FROM unnest($2::text[]) AS k (knower)
       CROSS JOIN LATERAL (
         SELECT classes, subjects, count, at FROM exposure WHERE workspace_id = $1 AND kind = 'sent' AND knowers @> ARRAY[k.knower] AND at IS NOT NULL
         UNION ALL
         SELECT classes, subjects, count, at FROM exposure WHERE workspace_id = $1 AND kind <> 'sent' AND agent_id = k.knower AND at IS NOT NULL
         LIMIT 2000) e`,
      [workspaceId, ids],
    );
    const until = this.#now() + KNOWER_TTL_MS;
    const found = new Map(ids.map((id) => [id, new Knowledge()]));
    for (const { knower, ...row } of rows) found.get(knower)?.learn(row);
    for (const [id, value] of found) {
      this.#knowers.delete(`${workspaceId} ${id}`);
      this.#knowers.set(`${workspaceId} ${id}`, { value, until });
    }
  }

  #measure(key: string, known: AgentKnowledge): void {
    if (!this.#agents.has(key)) return;
    let bytes = known.agent.bytes;
    for (const run of known.runs.values()) bytes += run.bytes;
    this.#bytes += bytes - (this.#sizes.get(key) ?? 0);
    this.#sizes.set(key, bytes);
    for (const oldest of this.#agents.keys()) {
      if (this.#bytes <= MAX_BYTES || oldest === key) break;
      this.#agents.delete(oldest);
      this.#bytes -= this.#sizes.get(oldest) ?? 0;
      this.#sizes.delete(oldest);
    }
  }
}

function learnt(rows: readonly Row[]): Knowledge {
  const knowledge = new Knowledge();
  for (const row of rows) knowledge.learn(row);
  return knowledge;
}
