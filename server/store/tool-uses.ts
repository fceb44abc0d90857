import type { Database } from './database';

const MOST = 50_000;

/** Which tools agents have run before. Once true it stays true, so that is remembered; that they have not is asked again each time. */
export class ToolUses {
  readonly #db: Database;
  readonly #known = new Set<string>();

  constructor(db: Database) {
    this.#db = db;
  }

  async isFirst(agentId: string, toolId: string): Promise<boolean> {
    const key = `${agentId} ${toolId}`;
    if (this.#known.has(key)) return false;
    const { rowCount } = await this.#db.pool.query({
      name: 'tool_use',
      text: 'SELECT FROM tool_use WHERE agent_id = $1 AND tool_id = $2',
      values: [agentId, toolId],
    });
    if (!rowCount) return true;
    if (this.#known.size >= MOST) this.#known.clear();
    this.#known.add(key);
    return false;
  }
}
