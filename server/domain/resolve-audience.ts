import type { Audience, AudienceMember, AudienceRecipient } from './audience';
import { hashOf } from './canonical';
import type { Directory } from './directory';
import { type DirectoryEntry, indexOf } from './directory-index';
import { isNearer, type Reach, type Reached, reachFrom } from './directory-reach';
import { type RecipientReading, readRecipient } from './recipient-reading';
import { type Classification, OPEN_TO_AGENTS, OPEN_TO_PEOPLE } from './vocabulary';

/** One selected value of the arguments: who is named where. */
export type NamedRecipient = { pointer: string; value: unknown };
/** The kinds of data that would be seen. Not `whole` when there may be more than these: then nobody can be said to be cleared. */
export type SeenClasses = { classes: readonly Classification[]; whole: boolean };

/** A list longer than this is cut short, and cut short is unknown (P4). */
export const MEMBERS_MAX = 5_000;
export const RECIPIENTS_MAX = 2_000;

type Found = { recipient: AudienceRecipient; reach: Reach };

const NOTHING: Reach = { members: new Map(), unbounded: [], whole: true, why: null };

function found(
  reading: RecipientReading,
  pointer: string,
  resolved: AudienceRecipient['resolved'],
  of: { name?: string; reach?: Reach; note?: string | null },
): Found {
  const reach = of.reach ?? NOTHING;
  const note = of.note ?? reach.why;
  return {
    reach,
    recipient: {
      pointer,
      value: reading.value,
      resolved: reach.whole || resolved !== 'external' ? resolved : 'unresolved',
      ...(of.name === undefined ? {} : { name: of.name }),
      count: reach.whole && resolved !== 'unresolved' ? reach.members.size : null,
      ...(note === null ? {} : { note }),
    },
  };
}

function kindOf(entry: DirectoryEntry): { resolved: AudienceRecipient['resolved']; name: string } {
  if (entry.kind === 'person') {
    return { resolved: entry.person.kind === 'guest' ? 'guest' : 'person', name: entry.person.name };
  }
  if (entry.kind === 'agent') return { resolved: 'agent', name: entry.agent.name };
  return { resolved: entry.group.kind, name: entry.group.name };
}

function resolveEntries(
  directory: Directory,
  reading: RecipientReading,
  pointer: string,
  entries: readonly DirectoryEntry[],
): Found {
  const reach = reachFrom(directory, entries);
  const [entry] = entries;
  if (entries.length !== 1 || entry === undefined) {
    const note = 'Several entries of the directory have this name.';
    return found(reading, pointer, 'unresolved', { reach: { ...reach, whole: false }, note });
  }
  const { resolved, name } = kindOf(entry);
  const disabled = entry.kind === 'person' && !entry.person.active;
  return found(reading, pointer, resolved, {
    name,
    reach,
    note: disabled ? 'Disabled: receives nothing.' : null,
  });
}

function resolveEverybody(directory: Directory, reading: RecipientReading, pointer: string): Found {
  const everybody = [...directory.people.values()].filter((person) => person.kind === 'member');
  const reach = reachFrom(
    directory,
    everybody.map((person) => ({ kind: 'person', person })),
  );
  const name = 'everybody in the organisation';
  const unbounded = [...reach.unbounded, { why: 'future_members' as const, name }];
  return found(reading, pointer, 'group', { name, reach: { ...reach, unbounded } });
}

function resolveOne(directory: Directory, reading: RecipientReading, pointer: string): Found {
  switch (reading.kind) {
    case 'unclear':
      return found(reading, pointer, 'unresolved', {
        reach: { ...NOTHING, whole: false },
        note: reading.why,
      });
    case 'anyone': {
      const reach: Reach = { ...NOTHING, unbounded: [{ why: 'anyone', name: 'anyone with the link' }] };
      const { recipient } = found(reading, pointer, 'anyone', { name: 'anyone with the link', reach });
      return { reach, recipient: { ...recipient, count: null } };
    }
    case 'everybody':
      return resolveEverybody(directory, reading, pointer);
    case 'handle': {
      const entries = indexOf(directory).byHandle(reading.handle);
      if (entries.length > 0) return resolveEntries(directory, reading, pointer, entries);
      const note = 'Nobody and nothing in the directory has this name.';
      return found(reading, pointer, 'unresolved', { reach: { ...NOTHING, whole: false }, note });
    }
    case 'address': {
      const entries = indexOf(directory).byAddress(reading.address);
      if (entries.length > 0) return resolveEntries(directory, reading, pointer, entries);
      return found(reading, pointer, 'external', {
        reach: reachFrom(directory, [{ kind: 'address', address: reading.address }]),
      });
    }
  }
}

/** What somebody may see without a clearance, and what they have one for. Unclassified data nobody is cleared for. */
function lacksOf(directory: Directory, member: Reached, classes: readonly Classification[]): string[] {
  const held: readonly string[] =
    member.kind === 'agent'
      ? (directory.agents.get(member.id)?.clearances ?? [])
      : (directory.people.get(member.id)?.clearances ?? []);
  const open = member.kind === 'person' ? OPEN_TO_PEOPLE : OPEN_TO_AGENTS;
  return classes.filter((c) => c === 'unclassified' || !(open.has(c) || held.includes(c)));
}

const KINDS: AudienceMember['kind'][] = ['external', 'guest', 'agent', 'person'];

/** Who matters most first: a list that is cut short must not hide them. */
function byWeight(a: AudienceMember, b: AudienceMember): number {
  return (
    b.lacks.length - a.lacks.length ||
    KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) ||
    (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1)
  );
}

function merge(all: readonly Found[]): Map<string, Reached> {
  const members = new Map<string, Reached>();
  for (const { reach } of all) {
    for (const [id, member] of reach.members) {
      const known = members.get(id);
      if (known === undefined || isNearer(member.via, known.via)) members.set(id, member);
    }
  }
  return members;
}

/** Each way once for each recipient; sorted, so that the order of arguments' values does not matter. */
function waysOf(all: readonly Found[]): Audience['unbounded'] {
  const ways = all.flatMap(({ recipient: { pointer }, reach }) =>
    reach.unbounded.map((way) => ({ pointer, ...way })),
  );
  const keyed = new Map(ways.map((way) => [`${way.pointer} ${way.why} ${way.name}`, way]));
  return [...keyed.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, way]) => way);
}

const identityOf = (m: AudienceMember) => [m.kind, m.id, m.lacks] as const;

/**
 * Who would come to know: recipients resolved with the directory as it is, through nesting, aliases and forwarding, each person once.
 * Monotone: another recipient, member or class never lowers a number (property tests hold it to that), and what cannot be resolved is
 * counted as null, never as nobody. `external` counts everybody who is not of the organisation, guests included.
 */
export function audienceFor(
  recipients: readonly NamedRecipient[],
  directory: Directory,
  seen: SeenClasses,
): Audience {
  const readings = recipients.flatMap(({ pointer, value }) =>
    readRecipient(value).map((reading) => ({ pointer, reading })),
  );
  const all = readings
    .slice(0, RECIPIENTS_MAX)
    .map(({ pointer, reading }) => resolveOne(directory, reading, pointer));
  const classes = [...new Set(seen.classes)].sort();
  const members = [...merge(all).values()]
    .map((member): AudienceMember => ({ ...member, lacks: lacksOf(directory, member, classes) }))
    .sort(byWeight);
  const beyond = members.slice(MEMBERS_MAX);
  return {
    recipients: all.map(({ recipient }) => recipient),
    members: members.slice(0, MEMBERS_MAX),
    resolved: members.length,
    unbounded: waysOf(all),
    lacking: seen.whole ? members.filter((m) => m.lacks.length > 0).length : null,
    external: members.filter((m) => m.kind === 'external' || m.kind === 'guest').length,
    truncated: beyond.length > 0 || readings.length > RECIPIENTS_MAX,
    ...(beyond.length > 0 ? { rest: hashOf(beyond.map(identityOf)) } : {}),
    syncedAt: directory.syncedAt,
  };
}

/** Why nobody can say how many people it reaches, in words; null when everybody is known. */
export function audienceGap(audience: Audience): string | null {
  const open = audience.recipients.filter((r) => r.count === null && r.resolved !== 'anyone');
  if (audience.recipients.length === 0) return 'The arguments name nobody it would go to.';
  if (open.length > 0) {
    const [first] = open;
    const named = `${first?.value ?? ''}${open.length > 1 ? ` and ${open.length - 1} more` : ''}`;
    return `Not everybody it would reach is known (${named}). ${first?.note ?? ''}`.trim();
  }
  return audience.truncated ? 'It reaches more people than can be listed, so the list is cut short.' : null;
}
