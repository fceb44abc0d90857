const MIN_WIDTH = 6;
const MAX_WIDTH = 27;
/** The count at which a ring is as wide as it gets. */
const FULL = 100_000;
const GAP = 8;
export const CORE = 28;
/** Width of a ring nobody could measure: wide enough to read as a hole, between small and large on purpose. */
const HOLE_WIDTH = 18;

export type Band = { inner: number; outer: number; empty: boolean };

/** How wide a ring is for a count: by its logarithm, so that 8, 800 and 80,000 differ in the drawing as they do in consequence. */
export function widthOf(count: number | null): number {
  if (count === null) return HOLE_WIDTH;
  if (count === 0) return 0;
  const share = Math.min(1, Math.log10(count + 1) / Math.log10(FULL));
  return MIN_WIDTH + share * (MAX_WIDTH - MIN_WIDTH);
}

/** Rings from the inside out, never touching. An empty one keeps its place as a hairline. */
export function bandsOf(counts: readonly (number | null)[]): Band[] {
  let edge = CORE;
  return counts.map((count) => {
    const width = widthOf(count);
    const inner = edge + GAP;
    edge = inner + Math.max(width, 1);
    return { inner, outer: edge, empty: width === 0 };
  });
}

const at = (radius: number, turn: number): string => {
  const angle = turn * 2 * Math.PI - Math.PI / 2;
  return `${(radius * Math.cos(angle)).toFixed(2)} ${(radius * Math.sin(angle)).toFixed(2)}`;
};

/** The path of a piece of a ring between two turns (0 to 1, from the top, clockwise). */
export function arcPath(band: Band, from: number, to: number): string {
  const span = Math.min(to - from, 0.9999);
  const end = from + span;
  const large = span > 0.5 ? 1 : 0;
  const { inner, outer } = band;
  return [
    `M ${at(outer, from)}`,
    `A ${outer} ${outer} 0 ${large} 1 ${at(outer, end)}`,
    `L ${at(inner, end)}`,
    `A ${inner} ${inner} 0 ${large} 0 ${at(inner, from)}`,
    'Z',
  ].join(' ');
}
