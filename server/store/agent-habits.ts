import { leastActionIdAt } from './anomalies';
import type { Database } from './database';

const MOST = 50_000;
/** How old what is said of an agent's last minute may be. */
const RECENT_MS = 5_000;
const MINUTE_MS = 60_000;

/** Rules by which something about an agent is unusual, and how many actions it planned in the last minute. */
type Recent = { unusual: string[]; rate: number };
type Asked = Recent & { tool: boolean; target: boolean };

/**
 * What agents have done before. That they ran a tool or reached a target stays true, so that is remembered; that they have not is asked again
 * each time, with one question for all of it.
 */
export class AgentHabits {
  readonly #db: Database;
  readonly #known = new Set<string>();
  readonly #recent = new Map<string, Recent & { at: number }>();

  constructor(db: Database) {
    this.#db = db;
  }

  async of(
    agentId: string,
    toolId: string,
    targetId: string | null,
  ): Promise<Recent & { firstUse: boolean; firstTarget: boolean }> {
    const [tool, target] = [`${agentId} ${toolId}`, `${agentId} ${targetId}`];
    const now = Date.now();
    const recent = this.#recent.get(agentId);
    const isRecent = recent !== undefined && now - recent.at < RECENT_MS;
    const isUsual = this.#known.has(tool) && (targetId === null || this.#known.has(target));
    if (isRecent && isUsual) {
      const { unusual, rate } = recent;
      return { firstUse: false, firstTarget: false, unusual, rate };
    }
    const { rows } = await this.#db.pool.query<Asked>({
      name: 'agent_habits',
      text: `SELECT EXISTS (SELECT FROM tool_use WHERE agent_id = $1 AND tool_id = $2) AS tool,
        $3::text IS NULL OR EXISTS (SELECT FROM tool_use u JOIN tool t ON t.id = u.tool_id WHERE u.agent_id = $1 AND t.target_id = $3) AS target,
        ARRAY(SELECT rule FROM anomaly WHERE agent_id = $1 AND closed_at IS NULL ORDER BY rule) AS unusual,
        (SELECT count(*)::int FROM planned_action WHERE id >= $4 AND agent_id = $1) AS rate`,
      values: [agentId, toolId, targetId, leastActionIdAt(new Date(now - MINUTE_MS))],
    });
    const [asked] = rows;
    if (this.#known.size >= MOST) this.#known.clear();
    if (this.#recent.size >= MOST) this.#recent.clear();
    if (asked?.tool) this.#known.add(tool);
    if (asked?.target) this.#known.add(target);
    const said = { unusual: asked?.unusual ?? [], rate: asked?.rate ?? 0 };
    this.#recent.set(agentId, { at: now, ...said });
    return { firstUse: !asked?.tool, firstTarget: !asked?.target, ...said };
  }

  /** How many of these this agent has never sent anything to. */
  async strangersAmong(agentId: string, knowers: readonly string[]): Promise<number> {
    if (knowers.length === 0) return 0;
    const { rows } = await this.#db.pool.query<{ strangers: number }>({
      name: 'strangers_among',
      text: `SELECT count(*)::int AS strangers FROM unnest($2::text[]) AS k (knower) WHERE NOT EXISTS (
        SELECT FROM exposure e WHERE e.knowers @> ARRAY[k.knower] AND e.kind = 'sent' AND e.agent_id = $1 AND e.at IS NOT NULL)`,
      values: [agentId, knowers],
    });
    return rows[0]?.strangers ?? knowers.length;
  }
}
