import type { InForce } from '@/server/domain/in-force';
import type { PolicyEntry } from '@/server/domain/policy-set';
import type { PolicyLanguage } from '@/server/domain/ports';
import type { Database, Tx } from './database';

type Loaded = { until: number; inForce: Promise<InForce> };

const WORKSPACES_MAX = 500;

/**
 * The policy that judges each workspace. At most `ttlMs` old, and dropped at once by a notice of a change; a verdict given under a version that
 * is no longer in force is refused by the database (`policy_is_in_force`), so that a process that heard nothing lets nothing through.
 */
export class PoliciesInForce {
  readonly #db: Database;
  readonly #language: PolicyLanguage;
  readonly #ttlMs: number;
  readonly #now: () => number;
  readonly #workspaces = new Map<string, Loaded>();
  /** By what they are called: reading the same row again must not prepare the same set again. */
  readonly #loaded = new Map<string, InForce>();

  constructor(db: Database, language: PolicyLanguage, options: { ttlMs?: number; now?: () => number } = {}) {
    this.#db = db;
    this.#language = language;
    this.#ttlMs = options.ttlMs ?? 5_000;
    this.#now = options.now ?? Date.now;
  }

  get(workspaceId: string): Promise<InForce> {
    const known = this.#workspaces.get(workspaceId);
    if (known !== undefined && known.until > this.#now()) return known.inForce;
    const loaded: Loaded = { until: this.#now() + this.#ttlMs, inForce: this.#load(workspaceId) };
    this.#workspaces.delete(workspaceId);
    this.#workspaces.set(workspaceId, loaded);
    const [oldest] = this.#workspaces.keys();
    if (this.#workspaces.size > WORKSPACES_MAX && oldest !== undefined) this.#workspaces.delete(oldest);
    // A failed read must not be answered from the cache for the next seconds.
    loaded.inForce.catch(() => {
      if (this.#workspaces.get(workspaceId) === loaded) this.#workspaces.delete(workspaceId);
    });
    return loaded.inForce;
  }

  /** Forgets which version is in force in one workspace, or in all of them. */
  drop(workspaceId?: string): void {
    if (workspaceId === undefined) this.#workspaces.clear();
    else this.#workspaces.delete(workspaceId);
  }

  async #load(workspaceId: string): Promise<InForce> {
    const { rows } = await this.#db.pool.query<{ version: number; policy: string; policies: PolicyEntry[] }>({
      name: 'policy_in_force',
      text: `SELECT f.version, f.policy, v.policies FROM policy_in_force f
        JOIN policy_version v ON v.workspace_id = f.workspace_id AND v.version = f.version WHERE f.workspace_id = $1`,
      values: [workspaceId],
    });
    const [row] = rows;
    const key = row === undefined ? 'shipped' : `${workspaceId} ${row.policy}`;
    const known = this.#loaded.get(key);
    if (known !== undefined) return known;
    // The stamp is the database's: an engine that could not load the set holds, and its verdicts still count as this version's.
    const inForce =
      row === undefined
        ? { version: 0, ...this.#language.load('default', this.#language.shipped().policies) }
        : {
            version: row.version,
            policy: row.policy,
            engine: this.#language.load(`v${row.version}`, row.policies).engine,
          };
    this.#loaded.set(key, inForce);
    const [oldest] = this.#loaded.keys();
    if (this.#loaded.size > WORKSPACES_MAX && oldest !== undefined) this.#loaded.delete(oldest);
    return inForce;
  }
}

/** Whether this is the version in force. Only lasting under the workspace's halt lock: publishing takes it alone. */
export async function isPolicyInForce(tx: Tx, workspaceId: string, policy: string): Promise<boolean> {
  const rows = await tx.$queryRaw<{ inForce: boolean }[]>`
    SELECT policy_is_in_force(${workspaceId}, ${policy}) AS "inForce"`;
  return rows[0]?.inForce ?? false;
}
