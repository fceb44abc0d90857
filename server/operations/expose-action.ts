import { blastRadius } from '@/server/domain/blast-radius';
import type { ToolDefinition } from '@/server/domain/catalog';
import { disclosedBy } from '@/server/domain/disclosed';
import { type Disclosed, type Exposing, exposureOf, knowersOf } from '@/server/domain/exposure-of';
import type { Footprint } from '@/server/domain/footprint';
import type { Knowledge } from '@/server/domain/knowledge';
import type { Measurement } from '@/server/domain/ports';
import { standToMandate } from '@/server/domain/stand-to-mandate';
import type { RunSoFar, Surroundings } from '@/server/domain/surroundings';
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
  deps: Pick<Deps, 'knowledge' | 'pseudonyms' | 'clock' | 'habits' | 'runs'>,
  acting: Acting,
  tool: ToolDefinition,
  measurement: Measurement,
  around: Surroundings,
): Promise<() => Promise<Exposed>> {
  const { workspaceId, agentId, runId } = acting;
  const place = { workspaceId, targetId: tool.target?.id ?? null };
  const disclosed = disclosedBy(measurement, place, deps.pseudonyms);
  const outside = strangersOf(measurement.footprint);
  const [knowers, habits, newAudience] = await Promise.all([
    deps.knowledge.ofKnowers(workspaceId, knowersOf(measurement.footprint)),
    deps.habits.of(agentId, tool.id, tool.target?.id ?? null),
    outside === null ? null : deps.habits.strangersAmong(agentId, outside),
  ]);
  return async () => {
    const known = await deps.knowledge.ofAgent(workspaceId, agentId, around.run === null ? null : runId);
    const at = deps.clock.now();
    const now = { ...around, run: await latestOf(deps, workspaceId, around.run) };
    const mandate = now.run?.mandate ?? null;
    const email = around.directory.people.get(around.run?.onBehalfOfId ?? '')?.email;
    const person = email === undefined ? {} : { runsFor: email };
    const stands =
      mandate === null ? {} : { mandate: standToMandate(mandate, { ...callOf(tool, measurement), at }) };
    return exposedTo(
      {
        known,
        knowers,
        disclosed,
        around: now,
        stands: { ...person, habits: { ...habits, newAudience }, ...stands },
      },
      tool,
      measurement,
      at,
    );
  };
}

/** Outside addresses it would reach; null when not everybody it would reach is known. */
function strangersOf({ audience, items }: Footprint): string[] | null {
  if (audience === undefined) return items.some((i) => i.kind === 'audience') ? null : [];
  if (audience.truncated) return null;
  return audience.members.filter((m) => m.kind === 'external').map((m) => m.id);
}

/** The run as this process knows it now, where all that happened since is that others have spent from its mandate; otherwise as it was measured by. */
async function latestOf(
  deps: Pick<Deps, 'runs'>,
  workspaceId: string,
  run: RunSoFar | null,
): Promise<RunSoFar | null> {
  if (run === null || run.mandate === null) return run;
  const now = await deps.runs.get(workspaceId, run.id);
  const isSame =
    now !== null &&
    now.labels.length === run.labels.length &&
    now.sources.mandate === run.sources.mandate &&
    now.sources.results.length === run.sources.results.length &&
    now.sources.results[0] === run.sources.results[0];
  return isSame ? now : run;
}

const callOf = (tool: ToolDefinition, { footprint }: Measurement) => ({
  tool: tool.name,
  target: tool.target?.name ?? null,
  footprint,
  radius: blastRadius(footprint),
});

/**
 * The same for what was measured while it ran, where nothing can be waited for: what recipients know is left out of account, so that all of it
 * counts as new to them.
 */
export function exposeMeasured(
  deps: Pick<Deps, 'pseudonyms' | 'clock'>,
  from: { workspaceId: string; known: AgentKnowledge; around: Surroundings; stands: Standing },
  tool: ToolDefinition,
  measurement: Measurement,
): Exposed {
  const place = { workspaceId: from.workspaceId, targetId: tool.target?.id ?? null };
  const disclosed = disclosedBy(measurement, place, deps.pseudonyms);
  return exposedTo({ ...from, knowers: new Map(), disclosed }, tool, measurement, deps.clock.now());
}

/** How it stands to the run's mandate and to what the agent has done before: as of its release, when it is about to run. */
export type Standing = Pick<Footprint, 'mandate' | 'habits' | 'runsFor'>;

/** As it was when it was released. What was released has been spent by then, and must not count against itself. */
export function standingOf({ footprint }: { footprint: Footprint | null }): Standing {
  const { mandate, habits, runsFor } = footprint ?? {};
  return { ...(mandate ? { mandate } : {}), ...(habits ? { habits } : {}), ...(runsFor ? { runsFor } : {}) };
}

type Ready = {
  stands: Standing;
  known: AgentKnowledge;
  knowers: ReadonlyMap<string, Knowledge>;
  disclosed: Disclosed | null;
  around: Surroundings;
};

function exposedTo(
  { known, knowers, disclosed, around, stands }: Ready,
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
    measurement: {
      ...measurement,
      footprint: { ...measurement.footprint, ...stands, exposure: exposing.exposure },
    },
    based: { runRevision: around.run?.revision ?? null, exposureRevision: known.revision },
  };
}
