import type { BriefVerdict } from './policy-report';

/** What a replay counted. `verdicts` counts `allow>hold` and the like, unchanged pairs included. */
export type BacktestTotals = {
  judged: number;
  /** Recorded before what policy looked at was kept: nothing can be said about them. */
  skipped: number;
  changed: number;
  /** Changed so that somebody would be asked less than before. */
  loosened: number;
  tightened: number;
  verdicts: Record<string, number>;
  holdsBefore: number;
  holdsAfter: number;
  /** First and last day of what was replayed (ISO dates), for holds per day; null when nothing was. */
  firstDay: string | null;
  lastDay: string | null;
  /** People who decide, when it was run. */
  reviewers: number;
};

export const NO_TOTALS: BacktestTotals = {
  judged: 0,
  skipped: 0,
  changed: 0,
  loosened: 0,
  tightened: 0,
  verdicts: {},
  holdsBefore: 0,
  holdsAfter: 0,
  firstDay: null,
  lastDay: null,
  reviewers: 0,
};

const RANK = { allow: 0, hold: 1, deny: 2 } as const;

/** Whether `after` asks less in anything: what is one person fewer and an hour shorter is both looser and tighter. */
export function asksLess(before: BriefVerdict, after: BriefVerdict): boolean {
  if (before.verdict !== after.verdict) return RANK[after.verdict] < RANK[before.verdict];
  return (
    after.quorum < before.quorum ||
    (after.expirySeconds ?? 0) > (before.expirySeconds ?? 0) ||
    (before.presence === 'passkey' && after.presence === 'session') ||
    before.reviewers.some((group) => !after.reviewers.includes(group))
  );
}

/** How a change reads in a list and is filtered by. */
export const changeWord = (before: BriefVerdict, after: BriefVerdict): string =>
  before.verdict === after.verdict ? 'obligation' : `${before.verdict}>${after.verdict}`;

type Judged =
  | { day: string; before: BriefVerdict; after: BriefVerdict; changed: boolean }
  | ({ day: string } & { skipped: true });

/** Adds judged actions to totals. Pure: a replay that goes on after a crash adds to what was stored. */
export function addToTotals(totals: BacktestTotals, judged: readonly Judged[]): BacktestTotals {
  const sum = { ...totals, verdicts: { ...totals.verdicts } };
  for (const one of judged) {
    if (sum.firstDay === null || one.day < sum.firstDay) sum.firstDay = one.day;
    if (sum.lastDay === null || one.day > sum.lastDay) sum.lastDay = one.day;
    if ('skipped' in one) {
      sum.skipped += 1;
      continue;
    }
    const { before, after, changed } = one;
    const pair = `${before.verdict}>${after.verdict}`;
    sum.judged += 1;
    sum.verdicts[pair] = (sum.verdicts[pair] ?? 0) + 1;
    if (before.verdict === 'hold') sum.holdsBefore += 1;
    if (after.verdict === 'hold') sum.holdsAfter += 1;
    if (!changed) continue;
    sum.changed += 1;
    if (asksLess(before, after)) sum.loosened += 1;
    else sum.tightened += 1;
  }
  return sum;
}

/** Holds per reviewer and day, before and after: what a change costs people. Null when nothing was replayed or nobody decides. */
export function holdsPerReviewerDay(totals: BacktestTotals): { before: number; after: number } | null {
  if (totals.firstDay === null || totals.lastDay === null || totals.reviewers === 0) return null;
  const days = (Date.parse(totals.lastDay) - Date.parse(totals.firstDay)) / 86_400_000 + 1;
  const per = (holds: number) => holds / days / totals.reviewers;
  return { before: per(totals.holdsBefore), after: per(totals.holdsAfter) };
}
