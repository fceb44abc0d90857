/** The value below which a share of the sorted values lies; `quantile(v, 0.5)` is the median. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/**
 * Runs `work` again and again and gives the milliseconds of each run; the first `warm` runs are not counted, nor is what comes `before` each.
 */
export async function timeEach(
  times: number,
  work: (i: number) => Promise<unknown>,
  warm = 3,
  before: () => Promise<void> = async () => undefined,
): Promise<number[]> {
  const spent: number[] = [];
  for (let i = -warm; i < times; i++) {
    await before();
    const from = performance.now();
    await work(i + warm);
    if (i >= 0) spent.push(performance.now() - from);
  }
  return spent;
}
