import type { BacktestTotals } from './backtest';
import type { PolicyDiff } from './policy-change';
import type { LanguageWords } from './policy-language';
import type { BriefVerdict, PolicyProblem, PolicyWords, SetReport } from './policy-report';
import type { PolicyCaseEntry } from './policy-set';

/** One policy of a set, as text and in its own words; `words` is null when it cannot be read. */
export type PolicyView = { id: string; text: string; disabled: boolean; words: PolicyWords | null };

export type VersionSummary = {
  version: number;
  note: string;
  authors: string[];
  proposer: string;
  approvedBy: string[];
  publishedAt: string;
  restores: number | null;
  actionId: string;
};
export type DraftSummary = {
  draftId: string;
  name: string;
  author: string;
  editors: string[];
  baseVersion: number;
  updatedAt: string;
};
export type PolicyOverview = {
  /** 0 is what ships. `policy` names it by content. */
  inForce: { version: number; policy: string; policies: PolicyView[]; cases: PolicyCaseEntry[] };
  drafts: DraftSummary[];
  versions: VersionSummary[];
  /** Publications that wait for somebody. */
  pending: { actionId: string; sentence: string; proposer: string; at: string }[];
  mayEdit: boolean;
  /** Who could agree to what this person publishes; nobody means that it has to be said before they begin. */
  approvers: string[];
};
export type VersionView = {
  version: number;
  policies: PolicyView[];
  cases: PolicyCaseEntry[];
  diff: PolicyDiff;
};
export type DraftView = DraftSummary & {
  revision: number;
  policies: PolicyView[];
  cases: PolicyCaseEntry[];
  /** Against the version in force. */
  diff: PolicyDiff;
  /** Another version was published since it was begun. */
  isStale: boolean;
  inForceVersion: number;
  approvers: string[];
  contentHash: string;
};
export type PolicyCheck = { problems: PolicyProblem[]; words: PolicyWords | null };
export type PolicyLanguageView = LanguageWords & { groups: string[]; tools: string[]; targets: string[] };
export type DraftReport = SetReport & { revision: number };

export type BacktestView = {
  backtestId: string;
  status: 'queued' | 'running' | 'done' | 'cancelled' | 'failed';
  done: number;
  total: number;
  totals: BacktestTotals;
  perReviewerDay: { before: number; after: number } | null;
  error: string | null;
  startedBy: string;
  createdAt: string;
  /** Whether it is about the draft as it is now and the version in force now. */
  isCurrent: boolean;
};
export type BacktestChangeView = {
  actionId: string;
  change: string;
  sentence: string;
  tool: string;
  at: string;
  before: BriefVerdict;
  after: BriefVerdict;
};
export type BacktestChangePage = { items: BacktestChangeView[]; nextCursor: string | null };

/** What a reviewer of a publication looks at. */
export type PolicyChangeView = {
  diff: PolicyDiff;
  note: string;
  authors: string[];
  proposer: string;
  baseVersion: number;
  restores: number | null;
  /** Another version came into force since: approving it would change nothing. */
  isStale: boolean;
  backtest: { totals: BacktestTotals; perReviewerDay: { before: number; after: number } | null } | null;
  backtestId: string | null;
};
