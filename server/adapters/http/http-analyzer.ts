import { withPayload } from '@/server/domain/carried';
import { readEffect } from '@/server/domain/effect-reading';
import type { UnknownFact } from '@/server/domain/footprint';
import type { Payload } from '@/server/domain/payload';
import { payloadOf } from '@/server/domain/payload-of-call';
import type {
  Analyzer,
  Clock,
  Measurement,
  MeasureOptions,
  PayloadScanner,
  PlannedCall,
  Reach,
} from '@/server/domain/ports';
import type { InputProblem } from '@/server/domain/refusal';
import type { Resolver } from './guarded-client';
import { type HttpCall, readHttpCall } from './http-call';
import { httpMeasurement } from './http-footprint';
import { isProbed, probe } from './probe';

/** How names are resolved and which certificates count besides the system's; tests give their own. */
export type HttpWorld = { resolve?: Resolver; ca?: string };

/** Nothing of it where only the service is asked once more. */
type Around = Partial<Pick<MeasureOptions, 'around' | 'searched'>>;

/** Measures what an HTTP call would do from the service's document and what its operator declared; asks the service only where allowed. */
export class HttpAnalyzer implements Analyzer {
  constructor(
    private readonly clock: Clock,
    private readonly scanner: PayloadScanner,
    private readonly world: HttpWorld = {},
  ) {}

  /** Whatever does not fit an operation of the document never becomes an action. */
  check(call: PlannedCall): InputProblem[] {
    const read = readHttpCall(call);
    return read.ok ? [] : read.problems;
  }

  reach(call: PlannedCall): Reach {
    const read = readHttpCall(call);
    return read.ok && isProbed(read.http) ? 'change' : 'arguments';
  }

  async measure(
    call: PlannedCall,
    options: Pick<MeasureOptions, 'deadlineMs' | 'signal'> & Around,
  ): Promise<Measurement> {
    const startedAt = performance.now();
    const read = readHttpCall(call);
    if (!read.ok) return this.stamped(unreadable(read.problems), startedAt);
    const { http } = read;
    const [probed, payload] = await Promise.all([
      probe(http, { timeoutMs: options.deadlineMs, signal: options.signal, ...this.world }),
      this.carriedBy(http, call, options),
    ]);
    const measurement = httpMeasurement(http, call.tool.definitionHash, probed);
    const footprint = withPayload(measurement.footprint, payload, call.tool.name);
    return this.stamped({ ...measurement, footprint }, startedAt);
  }

  /** Everything of a request goes to the service, its address too. An execution knows it already: arguments do not change. */
  private async carriedBy(
    http: HttpCall,
    { args }: PlannedCall,
    { around, searched }: Around,
  ): Promise<Payload | null> {
    if (around === undefined || searched === undefined) return null;
    const { classes } = http.rule;
    const sent = readEffect({ effect: 'send', ...(classes === undefined ? {} : { classes }) }, args);
    return payloadOf({ args, readings: [sent], run: around.run, results: searched.results }, this.scanner);
  }

  private stamped(measurement: Measurement, startedAt: number): Measurement {
    const durationMs = performance.now() - startedAt;
    const measuredAt = this.clock.now().toISOString();
    return { ...measurement, footprint: { ...measurement.footprint, measuredAt, durationMs } };
  }
}

/** The document changed after the call was taken: nothing is known of it any more. */
function unreadable(problems: readonly InputProblem[]): Measurement {
  const message = problems.map((p) => `${p.pointer} ${p.message}`.trim()).join('; ');
  const unknown: UnknownFact = {
    code: 'analyzer_error',
    message: `The call fits no operation of the service any more: ${message}.`,
  };
  return {
    images: [],
    imagesTotal: null,
    footprint: {
      version: 1,
      items: [],
      unknowns: [unknown],
      subjects: null,
      method: 'none',
      readOnly: false,
      measuredAt: new Date(0).toISOString(),
      durationMs: 0,
    },
  };
}
