import { createHash } from 'node:crypto';
import type { RowImage, UnknownFact } from '@/server/domain/footprint';
import { type RelationFacts, relationName } from './catalog-facts';
import type { Preparation } from './preparation';
import type { TouchedRows } from './touched-rows';
import { namedTargets } from './written-items';

/** Dates and times may be the hour of the run; a value of another type that depends on the hour is not what a person was shown. */
const TIMES = /^(date|time|timestamp|interval)/;
/** Chosen anew at every run, by their nature: nothing to compare. */
const CHANCE =
  /^(random|random_normal|gen_random_uuid|uuid_?v[47]|uuid_generate_\w+|array_sample|array_shuffle|gen_salt|gen_random_bytes|txid_\w+)$/;

/** Columns whose values the statement itself gives: named in it, or, where it names none, those that have no default of their own. */
function givenColumns(relation: RelationFacts, given: readonly string[] | null): string[] {
  return (relation.columns ?? [])
    .filter(({ name, generated }) => generated === '' && (given === null || given.includes(name)))
    .filter((column) => given !== null || column.default === null)
    .filter(({ type }) => !TIMES.test(type))
    .map(({ name }) => name);
}

/** An inserted row's key may come from a sequence, which no rollback turns back: such rows are told apart by what they hold. */
const rowText = (image: RowImage, columns: readonly string[]): string =>
  JSON.stringify([
    image.resource,
    image.operation,
    image.operation === 'update' ? image.key : null,
    columns.map((name) => image.after?.[name] ?? null),
  ]);

/**
 * SHA-256 over the values a statement gives to the rows it writes itself. Without it a value that depends on where or when the statement runs
 * (a setting, the hour) could be one thing when it is shown and another when it is executed. What chance decides cannot be compared, and what is
 * too much to be shown is not: both are said.
 */
export function newValues(
  prep: Preparation,
  touched: TouchedRows,
): { digest: string; unknowns: UnknownFact[] } {
  const named = namedTargets(prep).filter(({ target }) =>
    target.operations.some((operation) => operation !== 'delete'),
  );
  const chance = prep.found.volatileBuiltins.filter((name) => CHANCE.test(name));
  if (named.length === 0) return { digest: 'none', unknowns: [] };
  if (chance.length > 0 || prep.gate.sequences.length > 0) {
    return { digest: 'by chance', unknowns: chance.map(decidedByChance) };
  }
  if (touched.total === null || touched.total > touched.images.length) {
    return { digest: 'too many', unknowns: touched.total === null ? [] : [tooMany(touched.images.length)] };
  }
  const rows = named.flatMap(({ target, relation }) =>
    touched.images
      .filter(({ resource, operation }) => resource === relationName(relation) && operation !== 'delete')
      .map((image) => {
        const given = target.columns[image.operation as 'insert' | 'update'];
        return rowText(image, givenColumns(relation, given ?? null));
      }),
  );
  return { digest: createHash('sha256').update(rows.sort().join('\n')).digest('hex'), unknowns: [] };
}

const tooMany = (shown: number): UnknownFact => ({
  code: 'images_partial',
  message: `Only ${shown.toLocaleString('en')} rows are kept to be shown: that the others get the values they got when measured is not checked again.`,
});

const decidedByChance = (name: string): UnknownFact => ({
  code: 'images_partial',
  message: `${name}() answers differently every time: the rows shown are the right ones, the values it gives them are not yet known.`,
});
