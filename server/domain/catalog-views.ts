import type { Effect } from './catalog';
import type { TargetCheck } from './ports';
import type { Classification, ExecutionMode, Role } from './vocabulary';

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

/** Columns with a declared class among those found when the target was last looked at. */
export type Coverage = { classified: number; total: number };

export type TargetListItem = {
  targetId: string;
  name: string;
  kind: string;
  /** role@host:port/database */
  address: string;
  checkedAt: string | null;
  /** Null: never looked at. */
  reachable: boolean | null;
  errors: number;
  warnings: number;
  coverage: Coverage | null;
  tools: NamedRef[];
};

export type TargetView = TargetListItem & {
  searchPath: string[];
  classifications: Record<string, Classification>;
  subjects: Record<string, string>;
  check: TargetCheck | null;
  definitionHash: string;
  createdAt: string;
};

export type ToolListItem = {
  toolId: string;
  name: string;
  description: string;
  kind: string;
  execution: ExecutionMode;
  target: NamedRef | null;
  effects: Effect[];
  inputSchema: Record<string, unknown>;
  definitionHash: string;
  createdAt: string;
};

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
};

export type GroupListItem = {
  groupId: string;
  name: string;
  people: PersonRef[];
  groups: NamedRef[];
};

/** A key as it is answered once. */
export type CreatedKey = { keyId: string; key: string; prefix: string; expiresAt: string | null };
