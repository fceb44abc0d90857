import type { Audience, AudienceMember } from './audience';
import type { Directory } from './directory';
import { type DirectoryEntry, indexOf } from './directory-index';
import { type Address, toAddress } from './recipient-reading';

export type Reached = Omit<AudienceMember, 'lacks'>;

/** Everybody one recipient stands for. `whole` is false when somebody may be missing, and `why` says so in words. */
export type Reach = {
  members: Map<string, Reached>;
  unbounded: Omit<Audience['unbounded'][number], 'pointer'>[];
  whole: boolean;
  why: string | null;
};

type Step = { entry: DirectoryEntry | { kind: 'address'; address: Address }; via: string[] };

/** Words in front of an @ that name lists rather than people; nobody outside says who is on them. */
const LIST_WORDS =
  /^(all|everyone|everybody|team|teams|staff|list|lists|group|groups|members|subscribers|announce|newsletter|company|office)([._-].*)?$|[._-](all|team|list|staff|group|everyone|announce)$/;
const LIST_DOMAINS = /(^|\.)(googlegroups\.com|groups\.io|lists?\.[^.]+\..+)$/;

const isList = ({ local, domain }: Address): boolean =>
  LIST_WORDS.test(local) || LIST_DOMAINS.test(domain) || domain.startsWith('lists.');

/** Whether the domain is the organisation's, or below it: then an address nobody has is a gap, not somebody outside. */
function isOwn(directory: Directory, domain: string): boolean {
  for (const own of directory.domains) if (domain === own || domain.endsWith(`.${own}`)) return true;
  return false;
}

const viaKey = (via: readonly string[]): string => via.join('\u0000');

/** Of two ways to the same person the shorter, so that the answer does not depend on the order of anything. */
export const isNearer = (a: readonly string[], b: readonly string[]): boolean =>
  a.length < b.length || (a.length === b.length && viaKey(a) < viaKey(b));

class Walk {
  readonly reach: Reach = { members: new Map(), unbounded: [], whole: true, why: null };
  readonly #seen = new Set<string>();
  readonly #directory: Directory;

  constructor(directory: Directory) {
    this.#directory = directory;
  }

  /** Breadth first and sorted, so that each is found by the shortest way. Circles end where they begin. */
  run(start: readonly Step[]): Reach {
    for (let layer = [...start]; layer.length > 0; ) {
      layer.sort((a, b) => (viaKey(a.via) < viaKey(b.via) ? -1 : 1));
      layer = layer.flatMap((step) => this.#visit(step));
    }
    return this.reach;
  }

  #gap(why: string): void {
    this.reach.whole = false;
    this.reach.why ??= why;
  }

  #isNew(key: string): boolean {
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    return true;
  }

  #visit({ entry, via }: Step): Step[] {
    switch (entry.kind) {
      case 'person':
        return this.#person(entry.person, via);
      case 'group':
        return this.#group(entry.group, via);
      case 'agent': {
        const { id, name } = entry.agent;
        if (this.#isNew(id)) this.reach.members.set(id, { kind: 'agent', id, name, via });
        return [];
      }
      case 'address':
        return this.#address(entry.address, via);
    }
  }

  #person(person: Extract<DirectoryEntry, { kind: 'person' }>['person'], via: string[]): Step[] {
    if (!person.active || !this.#isNew(person.id)) return [];
    const kind = person.kind === 'guest' ? 'guest' : 'person';
    this.reach.members.set(person.id, { kind, id: person.id, name: person.name, via });
    return person.forwardsTo.flatMap((to) => this.#stepTo(to, [...via, `${person.name} (forwards)`]));
  }

  #group(group: Extract<DirectoryEntry, { kind: 'group' }>['group'], via: string[]): Step[] {
    if (!this.#isNew(group.id)) return [];
    const through = [...via, group.name];
    if (group.open) this.reach.unbounded.push({ why: 'joinable', name: group.name });
    if (!group.complete) this.#gap(`The list of members of ${group.name} is not whole.`);
    return group.members.flatMap((member): Step[] => {
      if ('address' in member) return this.#stepTo(member.address, through);
      const person = 'person' in member ? this.#directory.people.get(member.person) : undefined;
      if (person !== undefined) return [{ entry: { kind: 'person', person }, via: through }];
      const nested = 'group' in member ? this.#directory.groups.get(member.group) : undefined;
      if (nested !== undefined) return [{ entry: { kind: 'group', group: nested }, via: through }];
      this.#gap(`Somebody in ${group.name} is not in the directory.`);
      return [];
    });
  }

  #stepTo(text: string, via: string[]): Step[] {
    const address = toAddress(text);
    if (address !== null) return [{ entry: { kind: 'address', address }, via }];
    this.#gap(`${via.at(-1)} leads to something that is no address.`);
    return [];
  }

  #address(address: Address, via: string[]): Step[] {
    const known = indexOf(this.#directory).byAddress(address);
    if (known.length > 1) this.#gap(`Several entries of the directory have the address ${address.address}.`);
    if (known.length > 0) return known.map((entry) => ({ entry, via }));
    if (this.#directory.domains.size === 0) {
      this.#gap('Nobody has said which mail domains are yours, so an unknown address could be any list.');
    } else if (isOwn(this.#directory, address.domain)) {
      this.#gap(`Nobody in the directory has ${address.address}, although the domain is yours.`);
    } else if (this.#isNew(address.address)) {
      const id = address.address;
      this.reach.members.set(id, { kind: 'external', id, name: id, via });
      if (isList(address)) this.reach.unbounded.push({ why: 'external_list', name: id });
    }
    return [];
  }
}

/** Everybody these entries and addresses stand for now, through nesting and forwarding, each once and by the shortest way. */
export function reachFrom(directory: Directory, from: readonly Step['entry'][]): Reach {
  return new Walk(directory).run(from.map((entry) => ({ entry, via: [] })));
}
