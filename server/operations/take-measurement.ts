import type { ToolDefinition } from '@/server/domain/catalog';
import type { Footprint, UnknownFact } from '@/server/domain/footprint';
import { footprint } from '@/server/domain/footprint';
import type { Analyzer, Measurement, MeasureOptions, PlannedCall } from '@/server/domain/ports';
import type { Deps } from './deps';
import { searchAround, traceCall, withOrigins } from './trace-call';

/** After this a measurement gives up and what it did not get to is unknown, which holds. */
export const MEASURE_DEADLINE_MS = 30_000;
/** Time an analyzer has beyond its own deadline before it is no longer waited for. */
const GRACE_MS = 3_000;

export const analyzerFor = (deps: Deps, tool: ToolDefinition) => deps.analyzers[tool.kind];

/** A measurement that says nothing but why there is none: everything is unknown, so people decide. */
export function unmeasured(deps: Pick<Deps, 'clock'>, fact: UnknownFact): Measurement {
  const nothing: Footprint = {
    version: 1,
    items: [],
    unknowns: [fact],
    subjects: null,
    method: 'none',
    readOnly: false,
    measuredAt: deps.clock.now().toISOString(),
    durationMs: 0,
  };
  return { images: [], imagesTotal: null, footprint: nothing };
}

/** A definition nobody has confirmed may do anything, whatever its map says of the arguments: its calls hold until somebody has looked. */
export function withDefinition(tool: ToolDefinition, measurement: Measurement): Measurement {
  if (tool.unconfirmed === undefined) return measurement;
  const fact: UnknownFact = {
    code: 'definition_changed',
    resource: tool.name,
    message: `The definition of ${tool.name} has changed since it was confirmed. An owner or a security lead has to look at the change first.`,
  };
  const { footprint: seen } = measurement;
  return {
    ...measurement,
    footprint: { ...seen, unknowns: [...seen.unknowns, fact], readOnly: false },
  };
}

/**
 * Measures a call and traces its values, whatever the analyzer does: one that throws, hangs or answers nonsense becomes an unknown, which holds
 * (P4). Never rejects.
 */
export async function takeMeasurement(
  deps: Pick<Deps, 'clock'>,
  analyzer: Analyzer,
  call: PlannedCall,
  options: Pick<MeasureOptions, 'deadlineMs' | 'around' | 'agentId'>,
): Promise<Measurement> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Measurement>((resolve) => {
    const fact = { code: 'timeout', message: 'Measuring did not end in time.' } as const;
    timer = setTimeout(() => resolve(unmeasured(deps, fact)), options.deadlineMs + GRACE_MS);
  });
  try {
    const searched = await searchAround(options.around);
    const measured = await Promise.race([analyzer.measure(call, { ...options, searched }), late]);
    const traced = await traceCall(call, options.around);
    const complete = withOrigins(measured, traced);
    footprint.parse(complete.footprint);
    return withDefinition(call.tool, complete);
  } catch {
    return unmeasured(deps, { code: 'analyzer_error', message: 'Measuring failed inside Holdpoint.' });
  } finally {
    clearTimeout(timer);
  }
}
