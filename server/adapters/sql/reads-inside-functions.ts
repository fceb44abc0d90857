import { type RelationFacts, relationName, wordsIn } from './catalog-facts';
import type { Preparation } from './preparation';
import { type ReadRelation, readRelations } from './read-items';
import type { Counted } from './rehearsal';

/** How a relation is reached of which no row is read. */
export const DEFINITION_ONLY = 'its definition only';

/**
 * Relations the run locked for reading though no text names them as read: read by functions and triggers, partitions of what was named,
 * or tables of which PostgreSQL looked at the definition only. Which columns a procedural body used cannot be known, so it is all of them.
 */
export function readsInsideFunctions(prep: Preparation, counted: Counted): ReadRelation[] {
  const reads = readRelations(prep);
  const known = new Set(reads.map(({ relation }) => relation.oid));
  const written = new Set(counted.counts.map(({ oid }) => oid));
  const named = new Set(prep.found.resolved.values());
  const body = bodyNaming(prep);
  return counted.locks.flatMap(({ oid, mode, kind }): ReadRelation[] => {
    const relation = prep.index.get(oid);
    if (relation === undefined || mode !== 'AccessShareLock' || kind === 'S' || known.has(oid)) return [];
    const columns = (relation.columns ?? []).map(({ name }) => name);
    const parent = relation.ancestors?.find((ancestor) => known.has(ancestor.oid));
    if (parent !== undefined) {
      const used = reads.find((read) => read.relation.oid === parent.oid);
      return [{ relation, columns: used?.columns ?? columns, via: `partition of ${parent.name}` }];
    }
    const child = relation.isPartition
      ? undefined
      : reads.find((read) => relation.parents?.includes(read.relation.oid));
    if (child !== undefined) {
      return [{ relation, columns: child.columns, via: `child table of ${relationName(child.relation)}` }];
    }
    const reader = body(relation);
    if (reader !== null && !named.has(oid) && !isAbove(prep, oid, written))
      return [{ relation, columns, via: reader }];
    // Only its definition was looked at (the bounds of a partition): rows of it would show as rows of its partitions.
    if (relation.kind === 'p') return [{ relation, columns: [], via: DEFINITION_ONLY }];
    const rule = prep.facts.rules.find((r) => r.relation === oid || r.relations?.includes(oid));
    return [{ relation, columns, via: rule === undefined ? 'reached indirectly' : `rule ${rule.name}` }];
  });
}

/** The procedural function that probably read a relation; null when the statement reaches none. */
function bodyNaming(prep: Preparation): (relation: RelationFacts) => string | null {
  const bodies = prep.facts.functions.filter((fn) => fn.language !== 'c' && fn.language !== 'internal');
  return (relation) => {
    const naming =
      bodies.find((fn) => wordsIn(fn.source ?? '').has(relation.name.toLowerCase())) ?? bodies[0];
    return naming === undefined ? null : `function ${naming.signature}`;
  };
}

/** PostgreSQL looks at a partitioned table to check the bounds of the partition it writes: that reads nothing. */
const isAbove = (prep: Preparation, oid: number, written: ReadonlySet<number>): boolean =>
  [...written].some((leaf) => prep.index.get(leaf)?.ancestors?.some((ancestor) => ancestor.oid === oid));
