/** The names along a circle through `start`, beginning and ending with it; null when none leads back. */
export function findCycle(
  links: ReadonlyMap<string, readonly string[]>,
  start: string,
): readonly string[] | null {
  const seen = new Set<string>();
  const trail: { name: string; from: number }[] = [{ name: start, from: -1 }];
  for (let at = 0; at < trail.length; at++) {
    for (const next of links.get(trail[at]?.name ?? '') ?? []) {
      if (next === start) return [...pathTo(trail, at), start];
      if (seen.has(next)) continue;
      seen.add(next);
      trail.push({ name: next, from: at });
    }
  }
  return null;
}

function pathTo(trail: readonly { name: string; from: number }[], end: number): string[] {
  const names: string[] = [];
  for (let at = end; at >= 0; at = trail[at]?.from ?? -1) names.unshift(trail[at]?.name ?? '');
  return names;
}
