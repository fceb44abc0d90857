import type { Footprint, UnknownFact } from '@/server/domain/footprint';
import type { Measurement } from '@/server/domain/ports';
import type { Forbidden } from './gate';

/** A footprint that knows nothing yet. Time is filled in by whoever measured. */
export const emptyFootprint = (): Footprint => ({
  version: 1,
  items: [],
  unknowns: [],
  subjects: null,
  method: 'none',
  readOnly: false,
  measuredAt: new Date(0).toISOString(),
  durationMs: 0,
});

export const measured = (footprint: Footprint): Measurement => ({ footprint, images: [], imagesTotal: null });

/** The measurement of a statement the gate refuses: nothing was run, policy denies. */
export const forbiddenMeasurement = (forbidden: Forbidden): Measurement =>
  measured({ ...emptyFootprint(), forbidden });

/** The measurement of a statement nothing could be learned about, with the reason. */
export const unknownMeasurement = (fact: UnknownFact): Measurement =>
  measured({ ...emptyFootprint(), unknowns: [fact] });

/** Stamps when and how long; the only part of a measurement that depends on a clock. */
export function stamped(measurement: Measurement, startedAtMs: number): Measurement {
  const durationMs = Math.max(0, performance.now() - startedAtMs);
  return {
    ...measurement,
    footprint: { ...measurement.footprint, measuredAt: new Date().toISOString(), durationMs },
  };
}
