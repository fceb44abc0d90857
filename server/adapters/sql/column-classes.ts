import type { FootprintItem, RowImage } from '@/server/domain/footprint';
import type { Answer } from './answer';
import { type RelationFacts, relationName } from './catalog-facts';
import { declaredClass } from './classes';
import type { Preparation } from './preparation';
import { distinctNames } from './typed-values';

type Classes = Record<string, Record<string, string>>;

const OPEN: ReadonlySet<string> = new Set(['public', 'internal']);

/** A computed column may hold anything the statement read: one guarded class is that class, several are more than any one clearance covers. */
function computedClass(items: readonly FootprintItem[]): string {
  const read = new Set(items.flatMap((item) => item.classes ?? []));
  const guarded = [...read].filter((name) => !OPEN.has(name));
  if (guarded.length > 1) return 'unclassified';
  return guarded[0] ?? (read.has('internal') || read.size === 0 ? 'internal' : 'public');
}

const ofTable = (prep: Preparation, relation: RelationFacts): Record<string, string> =>
  Object.fromEntries(
    (relation.columns ?? []).map(({ name }) => [
      name,
      declaredClass(prep.target.classifications, relation, name) ?? 'unclassified',
    ]),
  );

/** The class of each column of a result: of the table's column it comes from, as PostgreSQL itself says; otherwise of everything it may come from. */
function ofResult(
  prep: Preparation,
  answer: Answer,
  items: readonly FootprintItem[],
): Record<string, string> {
  const computed = computedClass(items.filter((item) => item.operation === 'read'));
  const classes: Record<string, string> = {};
  const names = distinctNames(answer.fields);
  for (const [i, { tableOid, columnNumber }] of answer.fields.entries()) {
    const relation = prep.index.get(tableOid);
    const column = relation?.columns?.find((c) => c.number === columnNumber);
    const isTable = relation !== undefined && relation.kind !== 'v' && column !== undefined;
    const own = isTable
      ? (declaredClass(prep.target.classifications, relation, column.name) ?? 'unclassified')
      : computed;
    classes[names[i] ?? ''] = own;
  }
  return classes;
}

/** Which class each column of the rows a reviewer can look at has, by the relation they are shown under. */
export function columnClasses(
  prep: Preparation,
  answer: Answer,
  items: readonly FootprintItem[],
  images: readonly RowImage[],
): Classes {
  const classes: Classes = {};
  for (const { resource, operation } of images) {
    if (operation === 'read') classes[resource] ??= ofResult(prep, answer, items);
    else if (classes[resource] === undefined) {
      const relation = [...prep.index.values()].find((r) => relationName(r) === resource);
      if (relation !== undefined) classes[resource] = ofTable(prep, relation);
    }
  }
  return classes;
}
