import type { Measured, PlannedCall } from '@/server/domain/ports';
import type { Deps } from './deps';
import { readSurroundings } from './read-surroundings';
import { analyzerFor, MEASURE_DEADLINE_MS, takeMeasurement } from './take-measurement';

/** Measures a call of a run by what is known around it; `fresh` reads that from the database first. Never rejects for what an analyzer does. */
export async function measureCall(
  deps: Deps,
  of: { workspaceId: string; agentId: string; runId: string | null },
  call: PlannedCall,
  options: { fresh?: boolean } = {},
): Promise<Measured> {
  const around = await readSurroundings(deps, of, options);
  const measurement = await takeMeasurement(deps, analyzerFor(deps, call.tool), call, {
    deadlineMs: MEASURE_DEADLINE_MS,
    around,
    agentId: of.agentId,
  });
  return { measurement, around };
}
