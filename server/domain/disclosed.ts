import type { Disclosed } from './exposure-of';
import type { Measurement, Pseudonyms } from './ports';

/**
 * What comes back to the agent when a measured call runs. SQL says it itself, column by column and person by person; of any other tool what its
 * effect map reads comes back, about people nobody has named. Null when nothing does.
 */
export function disclosedBy(
  measurement: Measurement,
  of: { workspaceId: string; targetId: string | null },
  pseudonyms: Pseudonyms,
): Disclosed | null {
  const { footprint, disclosed } = measurement;
  if (disclosed === null) return null;
  if (disclosed !== undefined) {
    const { classes, subjects, count } = disclosed;
    const keys = subjects?.map((s) => `${of.targetId ?? ''} ${s}`);
    return keys === undefined
      ? { classes, subjects: null, count }
      : { classes, subjects: pseudonyms.pack(of.workspaceId, keys), count: 0 };
  }
  const reads = footprint.items.filter((i) => i.operation === 'read');
  if (reads.length === 0) return null;
  const classes = new Set(reads.flatMap((i) => i.classes ?? ['unclassified']));
  return { classes: [...classes].sort(), subjects: null, count: footprint.subjects };
}
