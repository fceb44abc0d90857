import type { Effect } from './catalog';
import type { TargetCheck } from './ports';
import type { Status } from './status';
import type { FilesSettings, HttpSettings } from './target-settings';
import type { Classification, Decision, ExecutionMode, Level, Role, TargetKind } from './vocabulary';

/** What people see of the workspace's configuration. Dates are ISO 8601 strings; no secret ever stands in here. */
export type Page<Item> = { items: Item[]; nextCursor: string | null };

export type PersonRef = { id: string; name: string; email: string };
export type NamedRef = { id: string; name: string };

export type AgentListItem = {
  agentId: string;
  name: string;
  owner: PersonRef;
  clearances: Classification[];
  suspendedAt: string | null;
  createdAt: string;
  /** Keys that work right now. */
  liveKeys: number;
  lastUsedAt: string | null;
};

export type KeyView = {
  keyId: string;
  prefix: string;
  label: string;
  state: 'live' | 'expired' | 'revoked';
  createdAt: string;
  expiresAt: string | null;
  revokedAt: string | null;
  lastUsedAt: string | null;
};

export type AgentView = AgentListItem & {
  keys: KeyView[];
  /** Who suspended it and why; null when it is not suspended or the event is too far back. */
  suspension: { by: string; reason: string | null } | null;
};

/** Columns, operations or files somebody has described among those found when the target was last looked at. */
export type Coverage = { classified: number; total: number };

export type TargetListItem = {
  targetId: string;
  name: string;
  kind: TargetKind;
  /** role@host:port/database, the base URL of a service, the root of a tree. */
  address: string;
  checkedAt: string | null;
  /** Null: never looked at. */
  reachable: boolean | null;
  errors: number;
  warnings: number;
  coverage: Coverage | null;
  tools: NamedRef[];
};

/** How a target is set up, by its kind. `credential` says of which kind a service's credentials are; null when it has none. */
export type TargetSettingsView =
  | {
      kind: 'postgres';
      searchPath: string[];
      classifications: Record<string, Classification>;
      subjects: Record<string, string>;
    }
  | ({ kind: 'http'; credential: string | null } & HttpSettings)
  | ({ kind: 'files' } & FilesSettings);

export type TargetView = Omit<TargetListItem, 'kind'> &
  TargetSettingsView & {
    check: TargetCheck | null;
    definitionHash: string;
    createdAt: string;
  };

export type PostgresTargetView = Extract<TargetView, { kind: 'postgres' }>;
export type HttpTargetView = Extract<TargetView, { kind: 'http' }>;
export type FilesTargetView = Extract<TargetView, { kind: 'files' }>;

export type ToolListItem = {
  toolId: string;
  name: string;
  description: string;
  kind: string;
  execution: ExecutionMode;
  target: (NamedRef & { kind: string }) | null;
  /** HTTP tools only: the one operation it calls. */
  operationId: string | null;
  effects: Effect[];
  inputSchema: Record<string, unknown>;
  definitionHash: string;
  createdAt: string;
};

/** Away until when, and who decides in their place meanwhile. */
export type AbsenceView = { until: string; standIn: NamedRef | null };

export type PersonListItem = {
  personId: string;
  name: string;
  email: string;
  roles: Role[];
  clearances: Classification[];
  disabledAt: string | null;
  /** Whether they have set a password here; others may still sign in with a provider. */
  hasPassword: boolean;
  /** Sessions open right now; null for viewers who may not know. */
  sessions: number | null;
  groups: string[];
  agents: string[];
  away: AbsenceView | null;
};

/** One person's answer, for the page of that person. */
export type DecidedView = {
  actionId: string;
  sentence: string;
  level: Level;
  decision: Decision;
  at: string;
  /** For how long they looked at it, in milliseconds; null where no page was. */
  lookedMs: number | null;
  byGrant: boolean;
};

export type PersonDetailView = PersonListItem & { owned: NamedRef[]; decided: DecidedView[] };

/** A planned action in one line, for the page of what it belongs to. */
export type LatestActionView = {
  actionId: string;
  sentence: string;
  level: Level;
  status: Status;
  agent: string;
  tool: string;
  at: string;
};

export type GroupListItem = {
  groupId: string;
  name: string;
  people: PersonRef[];
  groups: NamedRef[];
};

/** A key as it is answered once. */
export type CreatedKey = { keyId: string; key: string; prefix: string; expiresAt: string | null };
