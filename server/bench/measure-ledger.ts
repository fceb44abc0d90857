import { randomBytes } from 'node:crypto';
import { exposureOf } from '../domain/exposure-of';
import { openDatabase } from '../store/database';
import { KnowledgeMemory } from '../store/knowledge-memory';
import { quantile } from './figures';
import type { Row } from './report';
import type { Rig } from './rig';

const CLASSES = ['internal', 'personal', 'financial'];
const AGENTS = 10;
const PEOPLE_A_ROW = 1_000;
const BYTES = 8;

/** A ledger of ten million entries (agent × person × class), and what a verdict asks of it. */
export async function measureLedger(rig: Rig, quick: boolean): Promise<Row[]> {
  const rowsEach = quick ? 33 : 333;
  const entries = AGENTS * rowsEach * PEOPLE_A_ROW * CLASSES.length;
  const db = openDatabase(rig.url);
  try {
    for (let agent = 0; agent < AGENTS; agent += 1) {
      for (let revision = 1; revision <= rowsEach; revision += 1) {
        await db.pool.query(
          `INSERT INTO exposure (workspace_id, agent_id, run_id, tool_name, kind, knowers, classes, subjects, count, revision, at)
           VALUES ($1, $2, $3, 'hr.sql', 'read', '{}', $4, $5, 0, $6, now())`,
          [
            rig.workspaceId,
            `bench_agent_${agent}`,
            `bench_run_${agent}`,
            CLASSES,
            randomBytes(PEOPLE_A_ROW * BYTES),
            revision,
          ],
        );
      }
    }
    const size = await db.pool.query<{ bytes: string }>("SELECT pg_total_relation_size('exposure') AS bytes");
    const memory = new KnowledgeMemory(db);
    const loads: number[] = [];
    for (let agent = 0; agent < AGENTS; agent += 1) {
      const from = performance.now();
      await memory.ofAgent(rig.workspaceId, `bench_agent_${agent}`, `bench_run_${agent}`);
      loads.push(performance.now() - from);
    }
    return [
      {
        name: `stored, ${entries.toLocaleString('en')} entries`,
        value: Number(size.rows[0]?.bytes) / entries,
        unit: 'bytes each',
      },
      { name: 'an agent and its run read from it', value: quantile(loads, 0.5), unit: 'ms' },
      { name: 'held in memory for all of them', value: memory.bytes / 1024 / 1024, unit: 'MB' },
      { name: 'what a read of 50 people adds', value: await timeOf(memory, rig), unit: 'ms' },
    ];
  } finally {
    await db.close();
  }
}

async function timeOf(memory: KnowledgeMemory, rig: Rig): Promise<number> {
  const known = await memory.ofAgent(rig.workspaceId, `bench_agent_${AGENTS - 1}`, `bench_run_${AGENTS - 1}`);
  const footprint = {
    version: 1 as const,
    items: [],
    unknowns: [],
    subjects: 50,
    method: 'read_only' as const,
    readOnly: true,
    measuredAt: '',
    durationMs: 0,
  };
  const spent: number[] = [];
  for (let i = 0; i < 500; i += 1) {
    const disclosed = { classes: CLASSES, subjects: randomBytes(50 * BYTES), count: 0 };
    const knowledge = known.runs.get(`bench_run_${AGENTS - 1}`) ?? known.agent;
    const from = performance.now();
    exposureOf(footprint, disclosed, {
      tool: 'hr.sql',
      at: new Date(),
      agent: known.agent,
      run: { knowledge, labels: [] },
      knowers: new Map(),
    });
    spent.push(performance.now() - from);
  }
  return quantile(spent, 0.5);
}
