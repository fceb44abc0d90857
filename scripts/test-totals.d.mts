export type Totals = { passed: number; failed: number; skipped: number };
export function nothing(): Totals;
export function settle(totals: Totals, code: number): Totals;
export function fromVitest(report: unknown): Totals;
export function fromPlaywright(report: unknown): Totals;
export function toLine(totals: Totals): string;
export function fromLine(line: string): Totals;
export function add(all: Totals, one: Totals): Totals;
