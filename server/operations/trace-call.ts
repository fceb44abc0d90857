import type { Measurement, PlannedCall } from '@/server/domain/ports';
import type { Surroundings } from '@/server/domain/surroundings';
import { type Traced, traceOrigins } from '@/server/domain/trace-origins';
import { searchSources } from './search-sources';

const NOTHING = { goal: null, mandate: null, results: [] };

/** Where each value of a call came from, as far as its run goes. Without a run, only the directory is known. */
export async function traceCall({ tool, args }: PlannedCall, around: Surroundings): Promise<Traced> {
  const searched = await searchSources(around.run?.sources ?? NOTHING, around.directory);
  return traceOrigins({ args, effects: tool.effects, isSql: tool.kind === 'sql' }, searched);
}

/** A measurement with the origins of the call it is about. */
export const withOrigins = (measurement: Measurement, traced: Traced): Measurement => ({
  ...measurement,
  footprint: { ...measurement.footprint, ...traced },
});
