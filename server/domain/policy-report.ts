import type { Obligation, Verdict } from './verdict';

/** One thing wrong with a policy; `from` and `to` are UTF-16 offsets into its text, where the language knows the place. */
export type PolicyProblem = {
  policy: string;
  message: string;
  from?: number;
  to?: number;
  line?: number;
  column?: number;
};

/** What a policy says of itself, in words. */
export type PolicyWords = {
  id: string;
  title: string;
  because: string;
  verdict: 'allow' | 'hold' | 'deny';
  obligation: Obligation | null;
};

export type CaseReport = {
  name: string;
  verdict: 'allow' | 'hold' | 'deny';
  title: string;
  /** The policies it expects. */
  policies: string[];
  /** How the answer differs from what it expects, or why it cannot be read; empty: it holds. */
  faults: string[];
};

/** Everything that stands between a set and its publication. */
export type SetReport = { problems: PolicyProblem[]; cases: CaseReport[]; withoutCase: string[] };

/** What a reviewer has to meet, short enough to store by the hundred thousand. */
export type BriefVerdict = {
  verdict: Verdict['verdict'];
  quorum: number;
  reviewers: string[];
  expirySeconds: number | null;
  presence: Obligation['presence'];
  rules: string[];
};

export const briefOf = (verdict: Verdict): BriefVerdict => {
  const obligation = verdict.verdict === 'hold' ? verdict.obligation : null;
  return {
    verdict: verdict.verdict,
    quorum: obligation?.quorum ?? 0,
    reviewers: obligation?.reviewers ?? [],
    expirySeconds: obligation?.expirySeconds ?? null,
    presence: obligation?.presence ?? 'session',
    rules: verdict.rules.map((r) => r.id),
  };
};

/** Whether reviewers or agents would notice: another verdict or another obligation. Other reasons alone are no change. */
export const differs = (a: BriefVerdict, b: BriefVerdict): boolean =>
  a.verdict !== b.verdict ||
  a.quorum !== b.quorum ||
  a.expirySeconds !== b.expirySeconds ||
  a.presence !== b.presence ||
  a.reviewers.join() !== b.reviewers.join();
/** How many things are wrong, for whoever only needs to know whether it can be published. */
export const faultsOf = (report: SetReport): number =>
  report.problems.length + report.withoutCase.length + report.cases.filter((c) => c.faults.length > 0).length;
