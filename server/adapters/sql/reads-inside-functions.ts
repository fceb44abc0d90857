import { relationName, wordsIn } from './catalog-facts';
import type { Preparation } from './preparation';
import { type ReadRelation, readRelations } from './read-items';
import type { Counted } from './rehearsal';

/**
 * Relations the run locked for reading though no text names them: read by functions and triggers, or partitions of what was named.
 * Which columns a procedural body used cannot be known, so it is all of them.
 */
export function readsInsideFunctions(prep: Preparation, counted: Counted): ReadRelation[] {
  const known = new Set(readRelations(prep).map(({ relation }) => relation.oid));
  const written = new Set(counted.counts.map(({ oid }) => oid));
  const named = new Set(prep.found.resolved.values());
  const bodies = prep.facts.functions.filter((fn) => fn.language !== 'c' && fn.language !== 'internal');
  const found: ReadRelation[] = [];
  for (const { oid, mode, kind } of counted.locks) {
    const relation = prep.index.get(oid);
    if (
      relation === undefined ||
      mode !== 'AccessShareLock' ||
      kind === 'S' ||
      known.has(oid) ||
      named.has(oid)
    )
      continue;
    const columns = (relation.columns ?? []).map(({ name }) => name);
    const parent = relation.ancestors?.find((ancestor) => known.has(ancestor.oid));
    if (parent !== undefined) {
      const used = readRelations(prep).find((read) => read.relation.oid === parent.oid);
      found.push({ relation, columns: used?.columns ?? columns, via: `partition of ${parent.name}` });
    } else if (bodies.length > 0 && !isAbove(prep, oid, written)) {
      const body =
        bodies.find((fn) => wordsIn(fn.source ?? '').has(relation.name.toLowerCase())) ?? bodies[0];
      found.push({ relation, columns, via: `function ${body?.signature ?? relationName(relation)}` });
    }
  }
  return found;
}

/** PostgreSQL looks at a partitioned table to check the bounds of the partition it writes: that reads nothing. */
const isAbove = (prep: Preparation, oid: number, written: ReadonlySet<number>): boolean =>
  [...written].some((leaf) => prep.index.get(leaf)?.ancestors?.some((ancestor) => ancestor.oid === oid));
