import type { TargetParts, ToolDefinition } from './catalog';
import type { ChatCard } from './chat-card';
import type { ActionFilter, ChatRoute } from './chat-routes';
import type { Footprint, RowImage } from './footprint';
import type { HookMessage } from './hook-message';
import type { LanguageWords } from './policy-language';
import type { BriefVerdict, PolicyProblem, PolicyWords, SetReport } from './policy-report';
import type { PolicyEntry, PolicySet } from './policy-set';
import type { KeptPasskey } from './presence';
import type { InputProblem } from './refusal';
import type { Surroundings } from './surroundings';
import type { Searched } from './trace-origins';
import type { PolicyFacts, Verdict } from './verdict';
import type { Classification, EffectKind } from './vocabulary';

/**
 * The world, as operations see it. Adapters implement these; contract suites run on every implementation.
 * None of them may throw for something the outside did: that is a value. A throw means a bug.
 */

export type PlannedCall = {
  tool: ToolDefinition;
  args: Readonly<Record<string, unknown>>;
  /** Parameters that stand nowhere in the arguments because they are data: the rows an undo puts back. */
  values?: readonly string[];
};

/** A footprint together with the rows it speaks of. `images` is capped; `imagesTotal` is not, null when unknown. */
export type Measurement = {
  footprint: Footprint;
  images: RowImage[];
  imagesTotal: number | null;
  /** Only of what really ran, and only where rows were kept: composed when asked for. */
  undo?: () => UndoPlan;
  /**
   * What comes back to whoever runs it: classes, and people as the target identifies them (`subjects` null when there are too many to name or
   * nobody could; `count` is then how many). Null when nothing comes back; absent where the footprint's reads say it.
   */
  disclosed?: { classes: string[]; subjects: string[] | null; count: number | null } | null;
};

/** How what a call did could be taken back, made from the rows it replaced; or why it cannot. */
export type UndoPlan =
  /** `args`: what its call says besides whose undo it is; `params`: data that stands nowhere in them; `rows`: how many rows or files come back. */
  | { possible: true; args: Record<string, unknown>; params: string[]; rows: number; left: string[] }
  | { possible: false; why: string };

/** A measurement and what it was made by: a verdict on it stands only as long as its run has come across no more. */
export type Measured = { measurement: Measurement; around: Surroundings };

/** What people prove their presence with (WebAuthn). Options go to the browser and answers come back as they are; null: not proven. */
export type PresenceKeys = {
  registrationOptions(of: {
    email: string;
    name: string;
    known: readonly Pick<KeptPasskey, 'id' | 'transports'>[];
    challenge: Uint8Array;
  }): Promise<unknown>;
  verifyRegistration(response: unknown, challenge: string): Promise<KeptPasskey | null>;
  assertionOptions(of: {
    known: readonly Pick<KeptPasskey, 'id' | 'transports'>[];
    challenge: Uint8Array;
  }): Promise<unknown>;
  verifyAssertion(
    response: unknown,
    challenge: string,
    passkey: KeptPasskey,
  ): Promise<{ counter: number } | null>;
};

export type MeasureOptions = {
  deadlineMs: number;
  signal?: AbortSignal;
  /** Who is who and what the run has come across, for tools that reach people. */
  around: Surroundings;
  /** Whose share of a target's places it takes. */
  agentId: string;
  /** The same made ready for searching; without it, nothing that is sent can be shown to come from elsewhere. */
  searched?: Searched;
};
export type Reach = 'arguments' | 'read' | 'change';

export interface Analyzer {
  /** Faults of the arguments that need no data to see (a syntax error); shown to the agent. Never touches the network. */
  check(call: PlannedCall): InputProblem[];
  /**
   * What measuring looks at: text and `arguments` alone, which have nothing to tell; or data of a target, by a `read` worth waiting for inside
   * the submission or by a `change` that is rehearsed. How long either takes may depend on the data (P7).
   */
  reach(call: PlannedCall): Reach;
  /** Never rejects: what could not be measured is an `unknown` in the footprint. Leaves nothing changed in the target. */
  measure(call: PlannedCall, options: MeasureOptions): Promise<Measurement>;
}

/** What a broker execution ended as. `result` is what the agent may get; `error` likewise, after release only. */
export type RunOutcome<Result extends BrokerResult = ToolResult> =
  | { kind: 'succeeded'; measurement: Measurement; result: Result }
  | { kind: 'failed'; error: ToolError }
  | { kind: 'drifted'; measurement: Measurement }
  | { kind: 'stopped' }
  | { kind: 'unknown_outcome'; why: string };

export type ToolResult = {
  columns: { name: string; type: string }[];
  /** Values as JSON: numbers only where exact, otherwise text as PostgreSQL prints it. */
  rows: Record<string, unknown>[];
  /** Rows the statement returned or changed, before the cap. */
  rowCount: number;
  truncated: boolean;
};
/** What a service answered: `body` when it is JSON, else `text`; neither when it is not readable as text. Never the headers that set cookies. */
export type HttpResult = {
  status: number;
  headers: Record<string, string>;
  body?: unknown;
  text?: string;
  bytes: number;
  truncated: boolean;
};
/** What was done with files; `text` for those that were read as text, `base64` for others. */
export type FilesResult = {
  operation: string;
  files: { path: string; bytes: number; text?: string; base64?: string }[];
  count: number;
  truncated: boolean;
};
export type BrokerResult = ToolResult | HttpResult | FilesResult;

/**
 * `code` is an SQLSTATE for SQL. `message` is for the agent, whose released statement failed; where it quotes the database `withoutValues` says
 * it for the log. `response` is what a service said while it refused: for the agent, never for the log.
 */
export type ToolError = { code: string; message: string; withoutValues?: string; response?: HttpResult };

/** What became of an execution nobody saw the end of. `partly: …` says in words what of it is done. */
export type LookedUp = 'committed' | 'aborted' | 'in_progress' | 'unknown' | `partly: ${string}`;

export type RunOptions = {
  around: Surroundings;
  /** Names the action towards services that can tell a repetition from a new call. */
  actionId?: string;
  /** Decides on what was measured inside the executing transaction. False rolls back: the outcome is `drifted`. */
  accept(measurement: Measurement): boolean;
  /**
   * Called once, after `accept` and before COMMIT, with evidence by which the commit can be looked up later (the transaction id).
   * False means a halt or another process took over: roll back, outcome `stopped`.
   */
  beforeCommit(evidence: string): Promise<boolean>;
  deadlineMs: number;
  signal?: AbortSignal;
};

export interface Executor<Result extends BrokerResult = BrokerResult> {
  /** Runs the exact bytes once. Never retries. */
  run(call: PlannedCall, options: RunOptions): Promise<RunOutcome<Result>>;
  /** What the target remembers of an execution whose connection was lost, by its evidence. */
  lookUp(call: PlannedCall, evidence: string): Promise<LookedUp>;
}

export type TargetFinding = { severity: 'error' | 'warning' | 'info'; code: string; message: string };
/** What registering a target found out about the role it was given. */
export type TargetCheck = {
  reachable: boolean;
  serverVersion: string | null;
  role: string | null;
  findings: TargetFinding[];
  /** Columns found in the search path, with the class declared for each (null: unclassified) and a suggestion nobody has accepted yet. */
  columns: { column: string; type: string; classification: string | null; suggestion: string | null }[];
  /** HTTP only: what agents can call, and what is known of it. */
  operations?: OperationView[];
  /** Files only: what agents can reach. */
  tree?: { files: number; bytes: number; unclassified: number; git: string | null };
};

/** One operation of a service as people see it. `effect` null: nobody has said what it does. */
export type OperationView = {
  name: string;
  operationId: string | null;
  summary: string;
  effect: EffectKind | null;
  classes: string[];
  unsupported: string | null;
};
export interface TargetInspector<Parts extends TargetParts = TargetParts> {
  /** Looks at a target as Holdpoint would act on it. Never rejects, and changes nothing there. */
  inspect(target: Parts): Promise<TargetCheck>;
}

/** What a scan found: places (UTF-16), classes and detectors, never the data itself. Not `whole`: some of the text was not read. */
export type ScannedText = {
  findings: { start: number; end: number; class: Classification; detector: string }[];
  whole: boolean;
};
export interface PayloadScanner {
  /** Looks for data in a text, also through encodings. Never rejects; takes time linear in the text and lets others have their turn. */
  scan(text: string): Promise<ScannedText>;
}

export interface PolicyEngine {
  /** Pure and quick. Anything it cannot evaluate is a hold. */
  evaluate(facts: PolicyFacts): Verdict;
}

/** The language policies are written in. */
export interface PolicyLanguage {
  /** What judges where nothing was published. */
  shipped(): PolicySet;
  /** Makes policies judge. Never throws: a set that does not load holds everything. `policy` names it by content. */
  load(name: string, policies: readonly PolicyEntry[]): { policy: string; engine: PolicyEngine };
  /** What a policy says of itself; null when it cannot be read. */
  describe(text: string): PolicyWords | null;
  /** What is wrong with one policy, quickly: while somebody types. */
  check(policy: PolicyEntry): PolicyProblem[];
  /** What can be written, for editors. */
  words(): LanguageWords;
  /** What stands between a set and its publication. Works elsewhere; rejects when that breaks. */
  report(set: PolicySet): Promise<SetReport>;
  /** Judges recorded actions by two sets, elsewhere. */
  compare(before: readonly PolicyEntry[], after: readonly PolicyEntry[]): Promise<PolicyComparison>;
  /** Ends what works elsewhere. */
  close(): void;
}

/** What was stored of a judged action, as JSON text: whoever reads it pays for it. */
export type RecordedAction = { facts: string; footprint: string; blastRadius: string };
export interface PolicyComparison {
  /** One answer for each action, null where nothing was kept that could be judged. Rejects when the process that judges broke. */
  judge(
    actions: readonly RecordedAction[],
  ): Promise<({ before: BriefVerdict; after: BriefVerdict; changed: boolean } | null)[]>;
  close(): void;
}

export interface Clock {
  now(): Date;
}
/** Resolves once the clock shows `at` or later, or on abort. Never rejects. */
export type Until = (at: Date, signal?: AbortSignal) => Promise<void>;

/** Seals secrets at rest. `context` binds the box to where it is stored, so that it opens nowhere else. */
export interface Vault {
  seal(plain: Uint8Array, context: string): Uint8Array;
  open(box: Uint8Array, context: string): Uint8Array;
}

/** Names data subjects so that they can be recognised and not be read. */
export interface Pseudonyms {
  /** Keyed hashes of these identities, eight bytes each, sorted, without repetitions. */
  pack(workspaceId: string, subjects: Iterable<string>): Buffer;
}

/** Signs releases. `sign` returns a compact JWS (EdDSA) whose `kid` is in the JWKS. */
export interface ReleaseSigner {
  sign(claims: Record<string, unknown>): Promise<string>;
  jwks(): { keys: Record<string, unknown>[] };
}

/** Something changed in a workspace. A hint to read again, never the truth itself: hints may be lost, doubled or late. */
export type Change = {
  workspaceId: string;
  actionId?: string;
  status?: string;
  runId?: string;
  config?: true;
};

/** What processes tell each other of. Subscribe first, then read: a change before the subscription is not heard. */
export interface Changes {
  /** True as soon as something about the action changed (or may have, after a reconnect); false when the time is up, on abort or shutdown. */
  wait(actionId: string, waitMs: number, signal?: AbortSignal): Promise<boolean>;
  /** Every change of one workspace; null means changes may have been missed: read everything again. Returns the unsubscribe. */
  onWorkspace(workspaceId: string, listener: (change: Change | null) => void): () => void;
  /** The configuration (people, keys, tools, …) of a workspace changed; null means of any. Returns the unsubscribe. */
  onConfig(listener: (workspaceId: string | null) => void): () => void;
}

/** Turns passwords into something safe to keep. Deliberately slow. */
export interface Passwords {
  /** A PHC string (argon2id). */
  hash(password: string): Promise<string>;
  /** Costs the same whether `hash` is null (nobody there, no password set) or not. Never rejects. */
  verify(hash: string | null, password: string): Promise<boolean>;
}

/** Bounds how often a sign-in may fail, per account and per address, over all processes and across restarts. */
export interface SignInLimits {
  /** Counts an attempt before it is judged; answers the seconds to wait when there were too many, else null. */
  admit(attempt: { email: string; address: string }): Promise<{ waitSeconds: number; first: boolean } | null>;
  /** Takes the attempt back after it succeeded. */
  forgive(attempt: { email: string; address: string }): Promise<void>;
}

/** A message to one person, of plain words and one link; never data (what a link previewer or a mailbox must not learn). */
export type Message = {
  to: { name: string; email: string };
  subject: string;
  lines: readonly string[];
  link: string;
};
/** What a service that is busy asks for; the outbox waits that long and counts it as no failure. */
export class TryAgainLater extends Error {
  constructor(
    readonly afterSeconds: number,
    message: string,
  ) {
    super(message);
  }
}

/** A chat of one workspace. Everything rejects when the chat did not take it. */
export interface Chat {
  readonly workspace: string;
  readonly routes: readonly ChatRoute[];
  /** Answers the chat's own name for the message. */
  post(channel: string, card: ChatCard): Promise<string>;
  update(channel: string, place: string, card: ChatCard): Promise<void>;
  /** The address of whoever is behind an id of the chat, when the chat has verified it and they are still there; else null. */
  verifiedEmail(userId: string): Promise<string | null>;
  /** Says something to one person in a channel. */
  whisper(channel: string, userId: string, words: string): Promise<void>;
  /** Asks for the reason of a rejection, in answer to a click. */
  askWhy(trigger: string, card: NonNullable<ChatCard['decides']>, sentence: string): Promise<void>;
}

/** A service outside that one workspace tells of its actions. */
export interface Hook {
  readonly workspace: string;
  readonly name: string;
  readonly only: ActionFilter;
  /** Whether people read it there: then it is told what waits for one of them, and nothing else. */
  readonly forPeople: boolean;
  /** Rejects when it was not taken; the outbox tries again, with the same id. */
  send(message: HookMessage): Promise<void>;
}

export interface Messenger {
  /** Rejects when it was not accepted for delivery; the outbox tries again. */
  send(message: Message): Promise<void>;
}
