import type { UnknownFact } from '@/server/domain/footprint';
import type { Analyzer, Clock, Measurement, MeasureOptions, PlannedCall, Reach } from '@/server/domain/ports';
import type { InputProblem } from '@/server/domain/refusal';
import type { Resolver } from './guarded-client';
import { readHttpCall } from './http-call';
import { httpMeasurement } from './http-footprint';
import { isProbed, probe } from './probe';

/** How names are resolved and which certificates count besides the system's; tests give their own. */
export type HttpWorld = { resolve?: Resolver; ca?: string };

/** Measures what an HTTP call would do from the service's document and what its operator declared; asks the service only where allowed. */
export class HttpAnalyzer implements Analyzer {
  constructor(
    private readonly clock: Clock,
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
    options: Pick<MeasureOptions, 'deadlineMs' | 'signal'>,
  ): Promise<Measurement> {
    const startedAt = performance.now();
    const read = readHttpCall(call);
    const measurement = read.ok
      ? httpMeasurement(
          read.http,
          call.tool.definitionHash,
          await probe(read.http, { timeoutMs: options.deadlineMs, signal: options.signal, ...this.world }),
        )
      : unreadable(read.problems);
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
