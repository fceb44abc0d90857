import { withPayload } from '@/server/domain/carried';
import { readEffect } from '@/server/domain/effect-reading';
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
import { type FilePlan, planFiles } from './file-plan';
import { readFilesCall } from './files-call';
import { filesMeasurement } from './files-footprint';

/** Measures what a call would do to a tree by looking at every file it names. Changes nothing. */
export class FilesAnalyzer implements Analyzer {
  constructor(
    private readonly clock: Clock,
    private readonly scanner: PayloadScanner,
  ) {}

  check(call: PlannedCall): InputProblem[] {
    const read = readFilesCall(call);
    return read.ok ? [] : read.problems;
  }

  reach(call: PlannedCall): Reach {
    const read = readFilesCall(call);
    if (!read.ok) return 'arguments';
    return read.files.operation === 'read' || read.files.operation === 'list' ? 'read' : 'change';
  }

  async measure(
    call: PlannedCall,
    { around, searched }: Partial<Pick<MeasureOptions, 'around' | 'searched'>> = {},
  ): Promise<Measurement> {
    const { measurement } = await this.measureWithPlan(call);
    // What is written stands there for everybody who may read the tree.
    if (typeof call.args.content !== 'string' || around === undefined || searched === undefined)
      return measurement;
    const written = readEffect({ effect: 'write', content: '$.content' }, call.args);
    const question = { args: call.args, readings: [written], run: around.run, results: searched.results };
    const payload = await payloadOf(question, this.scanner);
    return { ...measurement, footprint: withPayload(measurement.footprint, payload, call.tool.name) };
  }

  /** The measurement together with the plan it was made from, for whoever carries exactly that out. */
  async measureWithPlan(call: PlannedCall): Promise<{ measurement: Measurement; plan: FilePlan | null }> {
    const startedAt = performance.now();
    const read = readFilesCall(call);
    if (!read.ok) {
      const message = `The call does not fit the target any more: ${read.problems.map((p) => `${p.pointer} ${p.message}`).join('; ')}.`;
      const unknown = { code: 'analyzer_error' as const, message };
      return { plan: null, measurement: this.stamped(nothing(unknown), startedAt) };
    }
    const plan = await planFiles(read.files);
    return {
      plan,
      measurement: this.stamped(filesMeasurement(read.files, plan, call.tool.definitionHash), startedAt),
    };
  }

  private stamped(measurement: Measurement, startedAt: number): Measurement {
    const measuredAt = this.clock.now().toISOString();
    const durationMs = performance.now() - startedAt;
    return { ...measurement, footprint: { ...measurement.footprint, measuredAt, durationMs } };
  }
}

const nothing = (unknown: Measurement['footprint']['unknowns'][number]): Measurement => ({
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
});
