import type { Database } from './database';

const MOST = 50_000;
/** How long it is taken as said what is unusual about an agent; it is looked for every ten seconds. */
const UNUSUAL_MS = 5_000;

type Asked = { tool: boolean; target: boolean; unusual: string[] };

/**
 * What agents have done before. That they ran a tool or reached a target stays true, so that is remembered; that they have not is asked again
 * each time, with one question for all of it.
 */
export class AgentHabits {
  readonly #db: Database;
  readonly #known = new Set<string>();
  readonly #unusual = new Map<string, { at: number; rules: string[] }>();

  constructor(db: Database) {
    this.#db = db;
  }

  async of(
    agentId: string,
    toolId: string,
    targetId: string | null,
  ): Promise<{ firstUse: boolean; firstTarget: boolean; unusual: string[] }> {
    const [tool, target] = [`${agentId} ${toolId}`, `${agentId} ${targetId}`];
    const recent = this.#unusual.get(agentId);
    const isRecent = recent !== undefined && Date.now() - recent.at < UNUSUAL_MS;
    const isUsual = this.#known.has(tool) && (targetId === null || this.#known.has(target));
    if (isRecent && isUsual) return { firstUse: false, firstTarget: false, unusual: recent.rules };
    const { rows } = await this.#db.pool.query<Asked>({
      name: 'agent_habits',
      text: `SELECT EXISTS (SELECT FROM tool_use WHERE agent_id = $1 AND tool_id = $2) AS tool,
        $3::text IS NULL OR EXISTS (SELECT FROM tool_use u JOIN tool t ON t.id = u.tool_id WHERE u.agent_id = $1 AND t.target_id = $3) AS target,
        ARRAY(SELECT rule FROM anomaly WHERE agent_id = $1 AND closed_at IS NULL ORDER BY rule) AS unusual`,
      values: [agentId, toolId, targetId],
    });
    const [asked] = rows;
    if (this.#known.size >= MOST) this.#known.clear();
    if (this.#unusual.size >= MOST) this.#unusual.clear();
    if (asked?.tool) this.#known.add(tool);
    if (asked?.target) this.#known.add(target);
    this.#unusual.set(agentId, { at: Date.now(), rules: asked?.unusual ?? [] });
    return {
      firstUse: !asked?.tool,
      firstTarget: !asked?.target,
      unusual: asked?.unusual ?? [],
    };
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
