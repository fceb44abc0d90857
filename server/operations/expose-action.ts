import type { ToolDefinition } from '@/server/domain/catalog';
import { disclosedBy } from '@/server/domain/disclosed';
import { type Disclosed, type Exposing, exposureOf, knowersOf } from '@/server/domain/exposure-of';
import type { Knowledge } from '@/server/domain/knowledge';
import type { Measurement } from '@/server/domain/ports';
import type { Surroundings } from '@/server/domain/surroundings';
import type { AgentKnowledge } from '@/server/store/knowledge-memory';
import type { Deps } from './deps';

export type Exposed = Exposing & {
  /** The measurement with what it adds to the ledger. */
  measurement: Measurement;
  known: AgentKnowledge;
  /** What a verdict on it rests on. */
  based: { runRevision: number | null; exposureRevision: number };
};

type Acting = { workspaceId: string; agentId: string; runId: string | null };

/**
 * Says what a measured call would add to the exposure ledger, as of now: ask again to have it as of then. The expensive part (naming the
 * people, reading what recipients know) is done once.
 */
export async function exposeAction(
  deps: Pick<Deps, 'knowledge' | 'pseudonyms' | 'clock'>,
  acting: Acting,
  tool: ToolDefinition,
  measurement: Measurement,
  around: Surroundings,
): Promise<() => Promise<Exposed>> {
  const { workspaceId, agentId, runId } = acting;
  const place = { workspaceId, targetId: tool.target?.id ?? null };
  const disclosed = disclosedBy(measurement, place, deps.pseudonyms);
  const knowers = await deps.knowledge.ofKnowers(workspaceId, knowersOf(measurement.footprint));
  return async () => {
    const known = await deps.knowledge.ofAgent(workspaceId, agentId, around.run === null ? null : runId);
    return exposedTo({ known, knowers, disclosed, around }, tool, measurement, deps.clock.now());
  };
}

/**
 * The same for what was measured while it ran, where nothing can be waited for: what recipients know is left out of account, so that all of it
 * counts as new to them.
 */
export function exposeMeasured(
  deps: Pick<Deps, 'pseudonyms' | 'clock'>,
  from: { workspaceId: string; known: AgentKnowledge; around: Surroundings },
  tool: ToolDefinition,
  measurement: Measurement,
): Exposed {
  const place = { workspaceId: from.workspaceId, targetId: tool.target?.id ?? null };
  const disclosed = disclosedBy(measurement, place, deps.pseudonyms);
  return exposedTo({ ...from, knowers: new Map(), disclosed }, tool, measurement, deps.clock.now());
}

type Ready = {
  known: AgentKnowledge;
  knowers: ReadonlyMap<string, Knowledge>;
  disclosed: Disclosed | null;
  around: Surroundings;
};

function exposedTo(
  { known, knowers, disclosed, around }: Ready,
  tool: ToolDefinition,
  measurement: Measurement,
  at: Date,
): Exposed {
  const knowledge = around.run === null ? undefined : known.runs.get(around.run.id);
  const exposing = exposureOf(measurement.footprint, disclosed, {
    tool: tool.name,
    at,
    agent: known.agent,
    run: around.run === null || knowledge === undefined ? null : { knowledge, labels: around.run.labels },
    knowers,
  });
  return {
    ...exposing,
    known,
    measurement: { ...measurement, footprint: { ...measurement.footprint, exposure: exposing.exposure } },
    based: { runRevision: around.run?.revision ?? null, exposureRevision: known.revision },
  };
}
