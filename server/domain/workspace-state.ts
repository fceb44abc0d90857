import type { Effect, TargetParts, ToolDefinition } from './catalog';
import type { Classification, Role } from './vocabulary';

/** What a workspace holds, by the names documents use. Lists that are sets (roles, clearances, members) are sorted. */
export type WorkspaceState = {
  directory: DirectoryState;
  people: readonly PersonState[];
  groups: readonly GroupState[];
  agents: readonly AgentState[];
  targets: readonly TargetState[];
  tools: readonly ToolState[];
};

/** `gone` is kept history: disabled people, removed targets and tools. Naming one again brings it back as if new. */
export type PersonState = {
  email: string;
  name: string;
  roles: readonly Role[];
  clearances: readonly Classification[];
  aliases: readonly string[];
  guest: boolean;
  /** Address of their manager. */
  manager: string | null;
  forwardsTo: readonly string[];
  gone: boolean;
};

/** The organisation's own mail domains. */
export type DirectoryState = { domains: readonly string[] };

export type MemberState = string | { group: string } | { address: string };
export type GroupState = {
  name: string;
  kind: 'group' | 'channel';
  aliases: readonly string[];
  open: boolean;
  complete: boolean;
  members: readonly MemberState[];
};

/** A suspended agent stays suspended whatever a document says: somebody stopped it, somebody must resume it. */
export type AgentState = {
  name: string;
  owner: string;
  clearances: readonly Classification[];
  suspended: boolean;
};

/** Its secret stands in here opened: compared, sealed, never shown. */
export type TargetState = { name: string; gone: boolean } & TargetParts;

export type ToolState = {
  name: string;
  description: string;
  kind: ToolDefinition['kind'];
  execution: ToolDefinition['execution'];
  target: string | null;
  operationId: string | null;
  inputSchema: Readonly<Record<string, unknown>>;
  effects: readonly Effect[];
  /** What the server it comes from claims of it; never trusted. */
  annotations: Readonly<Record<string, unknown>>;
  gone: boolean;
};

export type ChangeWord = 'create' | 'update' | 'unchanged' | 'remove';

type ChangeOf<Kind extends string, State> = {
  kind: Kind;
  name: string;
  change: ChangeWord;
  /** What differs, in words; never a secret. */
  detail?: string;
  /** Where in the document it stands; the section itself for what is removed because the document does not name it. */
  pointer: string;
  before: State | null;
  /** What is written; null for removals. */
  after: State | null;
};
export type Change =
  | ChangeOf<'directory', DirectoryState>
  | ChangeOf<'person', PersonState>
  | ChangeOf<'group', GroupState>
  | ChangeOf<'agent', AgentState>
  | ChangeOf<'target', TargetState>
  | ChangeOf<'tool', ToolState>;
export type ChangeKind = Change['kind'];
export type ChangeFor<Kind extends ChangeKind> = Extract<Change, { kind: Kind }>;

/** The changes of one kind, in the order of the document. */
export function changesOf<Kind extends ChangeKind>(
  changes: readonly Change[],
  kind: Kind,
): ChangeFor<Kind>[] {
  return changes.filter((change): change is ChangeFor<Kind> => change.kind === kind);
}
