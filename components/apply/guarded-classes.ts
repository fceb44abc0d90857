import { CLASSIFICATIONS, type Classification } from '@/server/domain/vocabulary';

/** What somebody may see beyond what is open to everybody of their kind, from least to most guarded; classes of the workspace's own come last. */
export function guardedClasses(
  clearances: readonly Classification[],
  open: ReadonlySet<Classification>,
): Classification[] {
  const rank = (name: Classification): number => {
    const known = (CLASSIFICATIONS as readonly string[]).indexOf(name);
    return known < 0 ? CLASSIFICATIONS.length : known;
  };
  return clearances.filter((name) => !open.has(name)).sort((a, b) => rank(a) - rank(b));
}
