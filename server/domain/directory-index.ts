import type { Directory, DirectoryAgent, DirectoryGroup, DirectoryPerson } from './directory';
import { type Address, nameKey, toAddress } from './recipient-reading';

export type DirectoryEntry =
  | { kind: 'person'; person: DirectoryPerson }
  | { kind: 'group'; group: DirectoryGroup }
  | { kind: 'agent'; agent: DirectoryAgent };

/** Who an address or handle stands for: several only when the directory gives it to several. */
export type DirectoryIndex = {
  byAddress(address: Address): readonly DirectoryEntry[];
  byHandle(handle: string): readonly DirectoryEntry[];
};

const NOBODY: readonly DirectoryEntry[] = [];

/** One spelling for addresses and handles alike. */
const aliasKey = (alias: string): string =>
  (alias.includes('@', 1) ? toAddress(alias)?.address : undefined) ?? nameKey(alias);

class Keys {
  readonly #entries = new Map<string, Map<string, DirectoryEntry>>();
  add(key: string, id: string, entry: DirectoryEntry): void {
    const found = this.#entries.get(key);
    if (found === undefined) this.#entries.set(key, new Map([[id, entry]]));
    else found.set(id, entry);
  }
  /** Whoever has the first of these keys that anybody has. */
  first(...keys: string[]): readonly DirectoryEntry[] {
    for (const key of keys) {
      const found = this.#entries.get(key);
      if (found !== undefined) return [...found.values()];
    }
    return NOBODY;
  }
}

function build(directory: Directory): DirectoryIndex {
  const aliases = new Keys();
  const names = new Keys();
  for (const person of directory.people.values()) {
    const entry: DirectoryEntry = { kind: 'person', person };
    for (const alias of [person.email, ...person.aliases]) aliases.add(aliasKey(alias), person.id, entry);
    names.add(nameKey(person.name), person.id, entry);
  }
  for (const group of directory.groups.values()) {
    const entry: DirectoryEntry = { kind: 'group', group };
    for (const alias of group.aliases) aliases.add(aliasKey(alias), group.id, entry);
    if (group.kind === 'channel') aliases.add(`#${nameKey(group.name).replace(/^#/, '')}`, group.id, entry);
    names.add(nameKey(group.name).replace(/^#/, ''), group.id, entry);
  }
  for (const agent of directory.agents.values()) {
    names.add(nameKey(agent.name), agent.id, { kind: 'agent', agent });
  }
  return {
    byAddress({ address, local, domain }) {
      const base = local.includes('+') ? `${local.slice(0, local.indexOf('+'))}@${domain}` : address;
      return aliases.first(address, base);
    },
    byHandle(handle) {
      const bare = handle.replace(/^[@#]/, '');
      if (handle.startsWith('#')) return aliases.first(handle);
      const found = aliases.first(handle, `@${bare}`, bare);
      if (found.length > 0 || handle.startsWith('@')) return found;
      const named = names.first(bare);
      return named.length > 0 ? named : aliases.first(`#${bare}`);
    },
  };
}

const built = new WeakMap<Directory, DirectoryIndex>();

/** The index of a snapshot, built once for each: snapshots are never written to. */
export function indexOf(directory: Directory): DirectoryIndex {
  const known = built.get(directory);
  if (known !== undefined) return known;
  const index = build(directory);
  built.set(directory, index);
  return index;
}
