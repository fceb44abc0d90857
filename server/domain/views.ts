import type { AnomalyRuleName } from './anomaly';
import type { BlastRadius } from './blast-radius';
import type { ConfirmFact } from './confirm-fact';
import type { Footprint } from './footprint';
import type { OriginFact } from './origins';
import type { PolicyChangeView } from './policy-views';
import type { Status } from './status';
import type { MatchedRule, Obligation } from './verdict';
import type { Classification, Decision, ExecutionMode, HaltScope, Level, Role } from './vocabulary';

/**
 * What the API answers and screens draw. Plain JSON: dates are ISO 8601 strings, counts numbers, big integers strings.
 * Everything in here has already passed the masking for the person it is for.
 */

/** What an agent may know (contract.md). Nothing in it depends on the data before release (P7). */
export type AgentActionView = {
  actionId: string;
  runId: string | null;
  status: Status;
  digest: string;
  execution: ExecutionMode;
  expiresAt?: string;
  retryAfterSeconds?: number;
  note?: string;
  result?: unknown;
  url: string;
};

export type ActionListItem = {
  actionId: string;
  status: Status;
  sentence: string;
  level: Level;
  agent: { id: string; name: string };
  tool: string;
  target: string | null;
  runId: string | null;
  createdAt: string;
  heldAt: string | null;
  expiresAt: string | null;
  decidedAt: string | null;
  finishedAt: string | null;
  votes: number;
  needed: number;
  /** Whether this person can still do something about it. */
  needsMe: boolean;
  drifted: boolean;
};
export type ActionPage = { items: ActionListItem[]; nextCursor: string | null };

/** Counts stop at `cap`: a person needs "999+", not a table scan. */
export type InboxCounts = { needsMe: number; held: number; cap: number };

export type VoteView = {
  personId: string;
  /** Given in advance, by this grant. */
  grantId: string | null;
  name: string;
  decision: Decision;
  note: string | null;
  at: string;
};

/** Why this person cannot decide, in words to show; null when they can. */
export type Eligibility = { canDecide: boolean; why: string | null };

export type DriftChange = { resource: string; operation: string; before: string; after: string };

export type AuditEventView = {
  id: string;
  at: string;
  kind: string;
  /** One sentence in words. */
  summary: string;
  actor: { kind: 'person' | 'agent' | 'holdpoint'; id: string | null; name: string };
  actionId: string | null;
  digest: string | null;
  footprintDigest: string | null;
  data: Record<string, unknown>;
};
export type AuditPage = { items: AuditEventView[]; nextCursor: string | null };

export type RunStepView = {
  actionId: string;
  tool: string;
  status: Status;
  sentence: string;
  at: string;
};

export type ActionDetail = ActionListItem & {
  digest: string;
  footprintDigest: string | null;
  url: string;
  toolDetail: { id: string; name: string; description: string; kind: string; execution: ExecutionMode };
  targetDetail: { id: string; name: string; kind: string; address: string; role: string | null } | null;
  owner: { id: string; name: string };
  args: Record<string, unknown>;
  /** The agent's words: show as inert text. */
  reason: string | null;
  run: {
    id: string;
    goal: string;
    onBehalfOf: string | null;
    mandate: unknown;
    startedAt: string;
    finishedAt: string | null;
    steps: RunStepView[];
  } | null;
  footprint: Footprint | null;
  blastRadius: BlastRadius | null;
  /** Every rule that matched, and the obligation when it holds. */
  rules: MatchedRule[];
  policy: string | null;
  hold:
    | (Obligation & {
        needed: number;
        approvals: number;
        eligible: string[];
        /** What an approval types first; null below critical. */
        confirm: ConfirmFact | null;
      })
    | null;
  eligibility: Eligibility;
  /** Blind until you voted or it is over: then `visible` is null and only the count is known. */
  ballots: { count: number; yours: VoteView | null; visible: VoteView[] | null };
  origins: OriginFact[];
  /** What it would change of the policy, when that is what it does. */
  policyChange: PolicyChangeView | null;
  /** Absent `when` (of older holds) is `execution`. */
  drift: {
    at: string;
    when?: 'execution' | 'claim';
    previousDigest: string;
    changes: DriftChange[];
  } | null;
  images: {
    total: number | null;
    kept: number;
    withheldClasses: Classification[];
    maskedClasses: Classification[];
    revealedClasses: Classification[];
  };
  /** After execution: what happened, without the data the agent received. */
  outcome: {
    rowCount: number | null;
    /** What a service answered with, or how many files it was done to; absent for other kinds. */
    httpStatus?: number;
    fileCount?: number;
    columns: string[];
    truncated: boolean;
    error: { code: string; message: string } | null;
    evidence: string | null;
  } | null;
  note: string | null;
  undo: UndoView;
  /** The action that a reviewer changed into this one, and the one this was changed into. */
  edit: { of: string | null; into: string | null };
  history: AuditEventView[];
};

/** Whether and how what an action did can be taken back. */
export type UndoView = {
  /** `possible`: it can be planned. `planned`: its undo is under way or done. Null: nothing ran that could be taken back. */
  state: 'possible' | 'impossible' | 'planned' | null;
  why: string | null;
  rows: number | null;
  /** Tables triggers wrote to, which an undo leaves as they are. */
  left: string[];
  /** The planned action that takes it back. */
  plannedAs: string | null;
  /** The action this one takes back. */
  of: string | null;
  /** After an undo ran: how many rows of each table were restored, and how many others have changed since and were left. */
  report: { resource: string; restored: number; movedOn: number }[];
};

/** One cell as this person may see it. */
export type CellView =
  | { state: 'shown'; value: string | null }
  /** In their clearance, shown after a recorded reveal. */
  | { state: 'masked' }
  /** Outside their clearance: no reveal exists. */
  | { state: 'withheld' }
  | { state: 'absent' };
export type RowView = {
  resource: string;
  operation: 'read' | 'insert' | 'update' | 'delete';
  key: string;
  before: CellView[] | null;
  after: CellView[] | null;
  /** Indexes into the table's columns whose value differs. */
  changed: number[];
};
export type RowsPage = {
  /** Columns per `resource`, in the order of the cells, with their class. */
  tables: Record<string, { column: string; classification: Classification }[]>;
  rows: RowView[];
  total: number | null;
  kept: number;
  nextCursor: string | null;
};

export type HaltView = {
  haltId: string;
  scope: HaltScope;
  subjectId: string;
  subjectName: string;
  reason: string;
  engagedBy: string;
  engagedAt: string;
  liftedBy: string | null;
  liftedAt: string | null;
  liftReason: string | null;
  revoked?: number;
  /** Who else can lift it, when whoever asks engaged it themselves and it takes a second person. */
  liftedOnlyBy?: string[];
};

/** One of one's own passkeys. */
export type PasskeyView = {
  passkeyId: string;
  name: string;
  createdAt: string;
  lastUsedAt: string | null;
};

/** Something unusual about an agent; `closed` null until somebody has looked at it. */
export type AnomalyView = {
  anomalyId: string;
  agent: { id: string; name: string };
  rule: AnomalyRuleName;
  what: string;
  bound: number;
  actionId: string | null;
  /** The halt that was engaged because of it. */
  haltId: string | null;
  at: string;
  closed: { at: string; by: string; note: string } | null;
};

/** That an owner released something alone, and the review of it; `closed` null while that is open. */
export type BrokenGlassView = {
  reviewId: string;
  actionId: string;
  by: { id: string; name: string };
  reason: string;
  at: string;
  closed: { at: string; by: string; finding: 'justified' | 'not_justified'; note: string } | null;
};

/** One message to one recipient. `error` is what was said when it was last refused. */
export type DeliveryView = {
  deliveryId: string;
  channel: 'mail' | 'push' | 'slack' | 'webhook';
  recipient: string;
  topic: string;
  actionId: string | null;
  sentence: string | null;
  state: 'failed' | 'waiting' | 'delivered';
  attempts: number;
  error: string | null;
  createdAt: string;
  nextAttemptAt: string | null;
};

export type MeView = {
  personId: string;
  name: string;
  email: string;
  roles: Role[];
  clearances: Classification[];
  /** Whether they have set a password here; others sign in with a provider. */
  hasPassword: boolean;
  workspace: { id: string; name: string };
};

/** One place a person is signed in. */
export type SessionView = {
  sessionId: string;
  startedAt: string;
  expiresAt: string;
  userAgent: string | null;
  address: string | null;
  /** Whether it is the one asking. */
  current: boolean;
};

/** What a setup page may say before anything is decided. */
export type SetupView = {
  purpose: 'owner' | 'invite' | 'reset';
  expiresAt: string;
  /** Whom it is for; null for the first owner, who says so themselves. */
  person: { name: string; email: string } | null;
  workspace: string | null;
};
