import type { RelationFacts } from './catalog-facts';
import type { Preparation } from './preparation';
import { nameInSql } from './static-footprint';
import type { Read } from './touched-rows';

const ACTS = new Set(['c', 'n', 'd']);

/**
 * Which of the tables a statement wrote to are put back: those it names (and their partitions, and tables behind a view it names), and those
 * whose rows hang on them by a foreign key that acts. What is left was written by triggers or functions: a log, a total, a message.
 */
export function undoesChain(
  prep: Preparation,
  reads: readonly Read[],
): { taken: Read[]; left: RelationFacts[] } {
  const named = new Set(
    prep.gate.targets.flatMap((target) => prep.found.resolved.get(nameInSql(target)) ?? []),
  );
  for (const found of prep.facts.viewColumns) if (named.has(found.view)) named.add(found.relation);
  const reached = new Set(named);
  const isIn = (relation: RelationFacts): boolean =>
    reached.has(relation.oid) || (relation.ancestors?.some(({ oid }) => reached.has(oid)) ?? false);
  for (let size = -1; size !== reached.size; ) {
    size = reached.size;
    for (const key of prep.facts.foreignKeys) {
      if (reached.has(key.parent) && (ACTS.has(key.onDelete) || ACTS.has(key.onUpdate)))
        reached.add(key.child);
    }
  }
  return {
    taken: reads.filter(({ table }) => isIn(table.relation)),
    left: reads.flatMap(({ table }) => (isIn(table.relation) ? [] : [table.relation])),
  };
}
