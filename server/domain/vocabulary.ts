/**
 * The closed lists of words that cross every boundary (database, API, screens).
 * A word added here must be added to docs/GLOSSARY.md.
 */

/** The kinds of data a column or field can hold, from least to most guarded. `unclassified` is data nobody has described: it counts as sensitive. */
export const CLASSIFICATIONS = [
  'public',
  'internal',
  'personal',
  'financial',
  'health',
  'credential',
  'unclassified',
] as const;
export type KnownClassification = (typeof CLASSIFICATIONS)[number];
/** A workspace may name classes of its own; any class outside the known list counts as sensitive. */
export type Classification = string;

/** How a fact is known. Order matters: later is weaker. */
export const PROVENANCES = ['measured', 'estimated', 'declared', 'unknown'] as const;
export type Provenance = (typeof PROVENANCES)[number];

/** The queues of the inbox. */
export const INBOX_VIEWS = ['needs-you', 'others', 'held', 'decided'] as const;
export type InboxView = (typeof INBOX_VIEWS)[number];

export const LEVELS = ['low', 'moderate', 'high', 'critical'] as const;
export type Level = (typeof LEVELS)[number];

export const ROLES = ['owner', 'security_lead', 'reviewer', 'auditor'] as const;
export type Role = (typeof ROLES)[number];

export const DECISIONS = ['approve', 'reject', 'send_back'] as const;
export type Decision = (typeof DECISIONS)[number];

export const EXECUTIONS = ['broker', 'agent'] as const;
/** Who runs a released action: Holdpoint with its own credentials, or the agent that claims the release. */
export type ExecutionMode = (typeof EXECUTIONS)[number];

/** What tools act on. */
export const TARGET_KINDS = ['postgres', 'http', 'files'] as const;
export type TargetKind = (typeof TARGET_KINDS)[number];

export const HALT_SCOPES = ['workspace', 'agent', 'run', 'tool', 'target'] as const;
export type HaltScope = (typeof HALT_SCOPES)[number];

export const EFFECTS = [
  'read',
  'write',
  'delete',
  'send',
  'share',
  'pay',
  'invite',
  'grant',
  'execute',
] as const;
export type EffectKind = (typeof EFFECTS)[number];

/** What an item of a footprint does to its resource. SQL uses the first five; the rest belong to effect maps and SQL side effects. */
export const OPERATIONS = [
  'read',
  'insert',
  'update',
  'delete',
  'truncate',
  'lock',
  'define',
  'write',
  'send',
  'share',
  'pay',
  'invite',
  'grant',
  'execute',
] as const;
export type Operation = (typeof OPERATIONS)[number];

/** Classes every person of the workspace may see; agents only get `public` for free. */
export const OPEN_TO_PEOPLE: ReadonlySet<Classification> = new Set(['public', 'internal']);
export const OPEN_TO_AGENTS: ReadonlySet<Classification> = new Set(['public']);
