import { leastActionIdAt } from './anomalies';
import type { Database } from './database';

const MOST = 50_000;
/** How old what is said of an agent may be. A first use that was no longer one a moment ago asks too much, never too little. */
const RECENT_MS = 5_000;
const MINUTE_MS = 60_000;

/** What it has not done before, rules by which something about it is unusual, and how many actions it planned in the last minute. */
type Habits = { firstUse: boolean; firstTarget: boolean; unusual: string[]; rate: number };

/** What agents have done before, asked at most every few seconds for each agent, tool and target: it is read for every action. */
export class AgentHabits {
  readonly #db: Database;
  readonly #known = new Map<string, { at: number; habits: Promise<Habits> }>();

  constructor(db: Database) {
    this.#db = db;
  }

  of(agentId: string, toolId: string, targetId: string | null): Promise<Habits> {
    const key = `${agentId} ${toolId} ${targetId}`;
    const now = Date.now();
    const known = this.#known.get(key);
    if (known !== undefined && now - known.at < RECENT_MS) return known.habits;
    if (this.#known.size >= MOST) this.#known.clear();
    const habits = this.#ask(agentId, toolId, targetId, now);
    this.#known.set(key, { at: now, habits });
    habits.catch(() => this.#known.delete(key));
    return habits;
  }

  async #ask(agentId: string, toolId: string, targetId: string | null, now: number): Promise<Habits> {
    const { rows } = await this.#db.pool.query<Habits>({
      name: 'agent_habits',
      text: `SELECT NOT EXISTS (SELECT FROM tool_use WHERE agent_id = $1 AND tool_id = $2) AS "firstUse",
        $3::text IS NOT NULL AND NOT EXISTS (SELECT FROM tool_use u JOIN tool t ON t.id = u.tool_id WHERE u.agent_id = $1 AND t.target_id = $3) AS "firstTarget",
        ARRAY(SELECT rule FROM anomaly WHERE agent_id = $1 AND closed_at IS NULL ORDER BY rule) AS unusual,
        (SELECT count(*)::int FROM planned_action WHERE id >= $4 AND agent_id = $1) AS rate`,
      values: [agentId, toolId, targetId, leastActionIdAt(new Date(now - MINUTE_MS))],
    });
    const [habits] = rows;
    if (habits === undefined) throw new Error('one row is always answered');
    return habits;
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
