import type { PostgresTarget } from '@/server/domain/catalog';
import { type RelationFacts, relationName } from './catalog-facts';

/** A relation's own name first, then those of the partitioned tables above it: what is declared for a table holds for its partitions. */
export const namesOf = (relation: RelationFacts): string[] => [
  relationName(relation),
  ...(relation.ancestors ?? []).map(({ name }) => name),
];

/** The class declared for a column: exactly named before `*`, nearer name before farther; null when nobody described it. */
export function declaredClass(
  classifications: PostgresTarget['classifications'],
  relation: RelationFacts,
  column: string,
): string | null {
  for (const name of namesOf(relation)) {
    const found = own(classifications, `${name}.${column}`) ?? own(classifications, `${name}.*`);
    if (found !== undefined) return found;
  }
  return null;
}

/** Classes of the columns, sorted; a column nobody described counts as `unclassified`. */
export function classesOf(
  classifications: PostgresTarget['classifications'],
  relation: RelationFacts,
  columns: readonly string[],
): string[] {
  const classes = columns.map((column) => declaredClass(classifications, relation, column) ?? 'unclassified');
  return [...new Set(classes)].sort();
}

/** Keys come from declarations of people: `constructor` must not find something on the prototype. */
const own = (map: Readonly<Record<string, string>>, key: string): string | undefined =>
  Object.hasOwn(map, key) ? map[key] : undefined;
