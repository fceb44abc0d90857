import type { Footprint, UnknownFact } from './footprint';
import { type Sight, sightOf } from './masking';
import type { Classification } from './vocabulary';

/** Facts behind which nothing was touched that no item names. */
const HIDES_NOTHING: ReadonlySet<UnknownFact['code']> = new Set([
  'unclassified_columns',
  'subjects_unknown',
  'images_partial',
]);
const hides = ({ code, quotedFrom }: UnknownFact): boolean =>
  quotedFrom !== 'items' && !HIDES_NOTHING.has(code);

/**
 * Classes a person has to see to read what the database itself said about a statement: an error may quote any value it came across. All that
 * was touched; where not everything is known of that, also all the target holds.
 */
export function classesQuoted(
  footprint: Footprint | null,
  ofTarget: readonly Classification[],
): ReadonlySet<Classification> {
  const classes = new Set(footprint?.items.flatMap((item) => item.classes ?? []) ?? []);
  for (const columns of Object.values(footprint?.columnClasses ?? {})) {
    for (const classification of Object.values(columns)) classes.add(classification);
  }
  if (footprint === null || footprint.unknowns.some(hides)) for (const each of ofTarget) classes.add(each);
  return classes;
}

/** Whether this person may read the database's own words: only what they see unmasked can be in them. */
export const maySeeQuotes = (classes: ReadonlySet<Classification>, sight: Sight): boolean =>
  [...classes].every((classification) => sightOf(classification, sight) === 'shown');

/** The footprint without the database's own words. */
export const withoutQuotes = (footprint: Footprint): Footprint => ({
  ...footprint,
  unknowns: footprint.unknowns.map(({ quoted: _, quotedFrom: __, ...fact }) => fact),
});

/** What an event says, without the database's own words. */
export function dataWithoutQuotes(data: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { error } = data;
  if (typeof error !== 'object' || error === null || !('quoted' in error)) return { ...data };
  const { quoted: _, ...rest } = error;
  return { ...data, error: rest };
}
