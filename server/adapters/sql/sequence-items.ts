import type { FootprintItem } from '@/server/domain/footprint';
import { relationName } from './catalog-facts';
import type { Preparation } from './preparation';
import type { Counted } from './rehearsal';

/** Sequences the run moved. A rollback leaves the gap: measuring an INSERT uses up a number like any failed INSERT does. */
export function sequenceItems(prep: Preparation, counted: Counted): FootprintItem[] {
  const moved = counted.locks.filter(({ kind, mode }) => kind === 'S' && mode === 'RowExclusiveLock');
  return moved.map(({ name }) => {
    const owner = prep.facts.sequences.find(({ sequence }) => sequence === name);
    const relation = owner === undefined ? undefined : prep.index.get(owner.relation);
    const inserted = counted.counts.find(({ oid }) => oid === owner?.relation)?.inserted ?? null;
    return sequenceItem(
      prep,
      name,
      inserted,
      relation === undefined ? null : `default of ${relationName(relation)}.${owner?.column}`,
    );
  });
}

/** A sequence the statement would move, had it been run. */
export function unmeasuredSequenceItems(prep: Preparation): FootprintItem[] {
  return prep.gate.sequences.map(({ name }) =>
    sequenceItem(prep, name ?? 'a sequence chosen at run time', null, null),
  );
}

function sequenceItem(
  prep: Preparation,
  resource: string,
  count: number | null,
  via: string | null,
): FootprintItem {
  return {
    kind: 'sequence',
    target: prep.target.name,
    resource,
    operation: 'write',
    count,
    provenance: count === null ? 'unknown' : 'estimated',
    // A number taken by a column's default leaves a gap and nothing else; a sequence moved on purpose (setval, nextval) may not be put back.
    ...(via === null ? { reversible: false } : { via }),
    note: 'A sequence is not moved back by a rollback.',
  };
}
