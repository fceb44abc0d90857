import type { AudienceMember } from './audience';
import type { DirectoryPerson } from './directory';
import type { Classification } from './vocabulary';

/** What people see of the directory. Dates are ISO 8601 strings; no secret but a token that was just made. */
export type CreatedScimToken = {
  tokenId: string;
  /** In this answer and nowhere else. */
  token: string;
  prefix: string;
  expiresAt: string;
  /** What is pasted into the identity provider beside it. */
  endpoint: string;
};

export type ScimTokenView = {
  tokenId: string;
  label: string;
  prefix: string;
  state: 'live' | 'expired' | 'revoked';
  createdAt: string;
  createdBy: string;
  expiresAt: string;
  revokedAt: string | null;
  lastUsedAt: string | null;
};

export type DirectorySource = 'hand' | 'scim' | 'file';

export type DirectoryOverview = {
  people: number;
  guests: number;
  disabled: number;
  groups: number;
  channels: number;
  /** Distinct outside addresses that groups lead to. */
  outside: number;
  domains: string[];
  /** Entries by who keeps them. */
  sources: Record<DirectorySource, number>;
  /** When each source was last heard of, and by what. */
  syncs: { source: DirectorySource; at: string; by: string }[];
  /** The oldest of them that still keeps an entry: how old every audience is. */
  syncedAt: string | null;
};

export type DirectoryPersonItem = {
  personId: string;
  name: string;
  email: string;
  kind: DirectoryPerson['kind'];
  aliases: string[];
  forwardsTo: string[];
  manager: string | null;
  clearances: Classification[];
  active: boolean;
  /** Groups and channels they are in directly. */
  groups: string[];
};

export type DirectoryGroupItem = {
  groupId: string;
  name: string;
  kind: 'group' | 'channel';
  aliases: string[];
  open: boolean;
  complete: boolean;
  /** Everybody it reaches, through nesting, once each; null when the list is not whole. */
  reaches: number | null;
  /** Of those, guests and outside addresses. */
  external: number;
};

/** One member of a group with how they are in it. */
export type DirectoryMemberItem = Omit<AudienceMember, 'lacks'> & { clearances: Classification[] };

export type DirectoryGroupView = DirectoryGroupItem & {
  members: DirectoryMemberItem[];
  /** Why the list is not whole, in words. */
  gap: string | null;
};

export type OutsideItem = { address: string; domain: string; groups: string[] };

/** What an import would do, or did. While `problems` is not empty nothing was written. */
export type DirectoryImport = {
  applied: boolean;
  created: number;
  updated: number;
  disabled: number;
  unchanged: number;
  /** The first few hundred; unchanged entries are only counted. */
  changes: {
    kind: string;
    name: string;
    change: 'create' | 'update' | 'unchanged' | 'remove';
    detail?: string;
  }[];
  problems: { line: number; message: string }[];
  /** How many more there are. */
  moreProblems: number;
};
