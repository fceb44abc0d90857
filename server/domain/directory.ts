import type { Classification } from './vocabulary';

/**
 * Who is who in a workspace: what recipients are resolved with. A snapshot: loaded whole, never written to, and as old as `syncedAt` says. Ids
 * are Holdpoint's own.
 */
export type DirectoryPerson = {
  id: string;
  name: string;
  /** Lower case. */
  email: string;
  /** Further addresses and handles that reach the same person, lower case. */
  aliases: readonly string[];
  /** A guest belongs to another organisation and is in the directory all the same. */
  kind: 'member' | 'guest';
  clearances: readonly Classification[];
  managerId: string | null;
  /** Disabled people receive nothing and decide nothing. */
  active: boolean;
  /** Where what reaches this person is passed on to, lower case. */
  forwardsTo: readonly string[];
};

export type DirectoryMember = { person: string } | { group: string } | { address: string };

export type DirectoryGroup = {
  id: string;
  name: string;
  kind: 'group' | 'channel';
  /** Addresses and handles that reach all its members (`payroll@acme.com`, `#payroll`), lower case. */
  aliases: readonly string[];
  /** Whether people may join by themselves: whoever joins later sees what was sent before. */
  open: boolean;
  /** Whether the list of members is known to be whole. One cut short makes every audience through it unknown. */
  complete: boolean;
  members: readonly DirectoryMember[];
};

export type DirectoryAgent = { id: string; name: string; clearances: readonly Classification[] };

export type Directory = {
  people: ReadonlyMap<string, DirectoryPerson>;
  groups: ReadonlyMap<string, DirectoryGroup>;
  agents: ReadonlyMap<string, DirectoryAgent>;
  /** The organisation's own mail domains, lower case. */
  domains: ReadonlySet<string>;
  /** When it was last brought up to date from outside (ISO 8601); null when it is only kept by hand. */
  syncedAt: string | null;
};
