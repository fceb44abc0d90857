import type { ToolDefinition } from '@/server/domain/catalog';
import type { Mandate, Spent } from '@/server/domain/mandate';
import type { RunSoFar } from '@/server/domain/surroundings';
import type { Catalog } from './catalog-cache';
import type { Database } from './database';
import { loadRun, newestOf, type StoredResult, type StoredRun } from './run-so-far';

type Result = RunSoFar['sources']['results'][number];
type Entry = { stored: StoredRun; run: RunSoFar; trusted: string; bytes: number };

const MAX_BYTES = 128 * 1024 * 1024;
const FIXED_BYTES = 2_000;

/** Tools whose operator says that what they return can be trusted. An agent's own word only lowers it; no word means no (P4). */
export function trustedTools(
  tools: readonly Pick<ToolDefinition, 'name' | 'effects'>[],
): ReadonlySet<string> {
  const says = (tool: Pick<ToolDefinition, 'effects'>, word: boolean) =>
    tool.effects.some((e) => e.trusted === word);
  return new Set(tools.filter((t) => says(t, true) && !says(t, false)).map((t) => t.name));
}

const spendFrom = (mandate: Mandate, taken: Omit<Spent, 'calls'>): Mandate => ({
  ...mandate,
  spent: {
    calls: mandate.spent.calls + 1,
    rows: mandate.spent.rows + taken.rows,
    people: mandate.spent.people + taken.people,
    money: mandate.spent.money + taken.money,
  },
});

/** The run as measuring wants it. */
export function toRunSoFar(
  stored: StoredRun,
  trusted: ReadonlySet<string>,
  resultOf = (result: Result, _from: StoredResult): Result => result,
): RunSoFar {
  const { goal, mandateGiven, results, ...run } = stored;
  return {
    ...run,
    sources: {
      goal,
      mandate: mandateGiven,
      results: results.map((r) =>
        resultOf({ tool: r.tool, text: r.text, trusted: r.claimed && trusted.has(r.tool) }, r),
      ),
    },
  };
}

/**
 * What runs were asked and have come across, in this process, bounded in bytes. Nothing here is trusted to be current: `submit_actions` compares
 * the revision a verdict rests on with the run's own, and a verdict on an older one is not written. A result stays the same object as long as
 * its run is remembered, so that an index over its text can be kept beside it in a WeakMap and is made once.
 */
export class RunMemory {
  readonly #db: Database;
  readonly #catalog: Catalog;
  readonly #runs = new Map<string, Entry>();
  readonly #loading = new Map<string, Promise<RunSoFar | null>>();
  readonly #objects = new WeakMap<StoredResult, Result>();
  #bytes = 0;

  constructor(db: Database, catalog: Catalog) {
    this.#db = db;
    this.#catalog = catalog;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** From memory when it is there; null when this workspace has no such run. */
  async get(workspaceId: string, runId: string): Promise<RunSoFar | null> {
    const key = `${workspaceId} ${runId}`;
    const entry = this.#runs.get(key);
    if (entry === undefined) return this.refresh(workspaceId, runId);
    this.#runs.delete(key);
    this.#runs.set(key, entry);
    const trusted = trustedTools(await this.#catalog.listTools(workspaceId));
    const names = [...trusted].sort().join('\n');
    if (names === entry.trusted) return entry.run;
    return this.#keep(key, entry.stored, trusted, names);
  }

  /** As it was when one of its actions was planned; never from memory. */
  async before(
    workspaceId: string,
    runId: string,
    before: { actionId: string; at: Date },
  ): Promise<RunSoFar | null> {
    const [stored, tools] = await Promise.all([
      loadRun(this.#db, workspaceId, runId, { before }),
      this.#catalog.listTools(workspaceId),
    ]);
    return stored === null ? null : toRunSoFar(stored, trustedTools(tools));
  }

  /** As the database has it now: only what came since is read. */
  refresh(workspaceId: string, runId: string): Promise<RunSoFar | null> {
    const key = `${workspaceId} ${runId}`;
    const under = this.#loading.get(key);
    if (under !== undefined) return under;
    const loading = this.#load(key, workspaceId, runId).finally(() => this.#loading.delete(key));
    this.#loading.set(key, loading);
    return loading;
  }

  /** Takes in what this process has just written on top of the revision before; forgets the run when something else came in between. */
  took(
    workspaceId: string,
    runId: string,
    revision: number,
    more: {
      labels?: StoredRun['labels'];
      result?: Omit<StoredResult, 'revision'>;
      /** What one call has taken of its mandate. */
      spent?: Omit<Spent, 'calls'>;
    },
  ): void {
    const key = `${workspaceId} ${runId}`;
    const entry = this.#runs.get(key);
    if (entry === undefined) return;
    if (entry.stored.revision !== revision - 1) {
      if (entry.stored.revision < revision) this.#forget(key);
      return;
    }
    const { stored } = entry;
    const all =
      more.result === undefined ? stored.results : [{ ...more.result, revision }, ...stored.results];
    const results = newestOf(all);
    const now: StoredRun = {
      ...stored,
      revision,
      results,
      labels: [...stored.labels, ...(more.labels ?? [])],
      mandate: stored.mandate && more.spent ? spendFrom(stored.mandate, more.spent) : stored.mandate,
      resultsCut: stored.resultsCut || results.length < all.length,
    };
    this.#keep(key, now, new Set(entry.trusted.split('\n')), entry.trusted);
  }

  async #load(key: string, workspaceId: string, runId: string): Promise<RunSoFar | null> {
    const known = this.#runs.get(key)?.stored;
    const [stored, tools] = await Promise.all([
      loadRun(this.#db, workspaceId, runId, known === undefined ? {} : { known }),
      this.#catalog.listTools(workspaceId),
    ]);
    if (stored === null) return null;
    const now = this.#runs.get(key);
    // Something was taken in while this was read: that is newer.
    if (now !== undefined && now.stored.revision > stored.revision) return now.run;
    const trusted = trustedTools(tools);
    return this.#keep(key, stored, trusted, [...trusted].sort().join('\n'));
  }

  #keep(key: string, stored: StoredRun, trusted: ReadonlySet<string>, names: string): RunSoFar {
    const run = toRunSoFar(stored, trusted, (result, from) => {
      const same = this.#objects.get(from);
      if (same?.trusted === result.trusted) return same;
      this.#objects.set(from, result);
      return result;
    });
    this.#forget(key);
    // Twice what the text takes: an index beside it is about as large again.
    const bytes = stored.results.reduce(
      (sum, r) => sum + r.text.length * 4,
      FIXED_BYTES + stored.goal.length * 2,
    );
    this.#runs.set(key, { stored, run, trusted: names, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#runs.keys()) {
      if (this.#bytes <= MAX_BYTES || oldest === key) break;
      this.#forget(oldest);
    }
    return run;
  }

  #forget(key: string): void {
    this.#bytes -= this.#runs.get(key)?.bytes ?? 0;
    this.#runs.delete(key);
  }
}
