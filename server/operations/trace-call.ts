import type { Measurement, PlannedCall } from '@/server/domain/ports';
import type { Surroundings } from '@/server/domain/surroundings';
import { type Searched, type Traced, traceOrigins } from '@/server/domain/trace-origins';
import { searchSources } from './search-sources';

const NOTHING = { goal: null, mandate: null, results: [] };

/** What a run was given and has read, made ready for searching. Without a run, only the directory is known. */
export const searchAround = (around: Surroundings): Promise<Searched> =>
  searchSources(around.run?.sources ?? NOTHING, around.directory);

/** Where each value of a call came from, as far as its run goes. */
export async function traceCall({ tool, args }: PlannedCall, around: Surroundings): Promise<Traced> {
  return traceOrigins(
    { args, effects: tool.effects, isSql: tool.kind === 'sql' },
    await searchAround(around),
  );
}

/** A measurement with the origins of the call it is about. */
export const withOrigins = (measurement: Measurement, traced: Traced): Measurement => ({
  ...measurement,
  footprint: { ...measurement.footprint, ...traced },
});
