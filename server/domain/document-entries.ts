import type { Effect, FilesParts, HttpParts, PostgresParts } from './catalog';
import type { TargetEntry } from './target-entry';
import { filesLimits, httpLimits } from './target-settings';
import { FIXED_SCHEMAS } from './tool-schemas';
import type { AgentEntry, GroupEntry, PersonEntry, ToolEntry } from './workspace-document';
import type {
  AgentState,
  GroupState,
  MemberState,
  PersonState,
  TargetState,
  ToolState,
} from './workspace-state';

/**
 * What each entry of a document makes of what was there: fields it does not name stay as they are, or take the most careful default
 * when the entry is new. Pure; whether the outcome makes sense is checked afterwards, over the whole workspace.
 */

const sorted = <T extends string>(values: readonly T[]): T[] => [...values].sort();

export function toPerson(entry: PersonEntry, before: PersonState | null): PersonState {
  return {
    email: entry.email,
    name: entry.name ?? before?.name ?? (entry.email.split('@')[0] || entry.email),
    roles: sorted(entry.roles ?? before?.roles ?? []),
    clearances: sorted(entry.clearances ?? before?.clearances ?? []),
    aliases: sorted(entry.aliases ?? before?.aliases ?? []),
    guest: entry.guest ?? before?.guest ?? false,
    manager: entry.manager === undefined ? (before?.manager ?? null) : entry.manager,
    forwardsTo: sorted(entry.forwardsTo ?? before?.forwardsTo ?? []),
    gone: false,
  };
}

/** One text per member, so that members can be compared and sorted; addresses hold no space. */
export const memberKey = (member: MemberState): string =>
  typeof member === 'string'
    ? member
    : 'group' in member
      ? `group ${member.group}`
      : `outside ${member.address}`;

export function toGroup(entry: GroupEntry, before: GroupState | null): GroupState {
  const members = new Map(entry.members.map((member) => [memberKey(member), member]));
  return {
    name: entry.name,
    kind: entry.kind ?? before?.kind ?? 'group',
    aliases: sorted(entry.aliases ?? before?.aliases ?? []),
    open: entry.open ?? before?.open ?? false,
    complete: entry.complete ?? before?.complete ?? true,
    members: sorted([...members.keys()]).flatMap((key) => members.get(key) ?? []),
  };
}

export function toAgent(entry: AgentEntry, before: AgentState | null): AgentState {
  return {
    name: entry.name,
    owner: entry.owner ?? before?.owner ?? '',
    clearances: sorted(entry.clearances ?? before?.clearances ?? []),
    suspended: before?.suspended ?? false,
  };
}

/** What an entry makes of a target. One that becomes another kind keeps nothing (and is refused afterwards). */
export function toTarget(entry: TargetEntry, before: TargetState | null): TargetState {
  const base = { name: entry.name, gone: false };
  switch (entry.kind) {
    case 'postgres':
      return { ...base, ...toPostgres(entry, before?.kind === 'postgres' ? before : null) };
    case 'http':
      return { ...base, ...toHttp(entry, before?.kind === 'http' ? before : null) };
    case 'files':
      return { ...base, ...toFiles(entry, before?.kind === 'files' ? before : null) };
  }
}

type EntryOf<Kind> = Extract<TargetEntry, { kind: Kind }>;

function toPostgres(entry: EntryOf<'postgres'>, before: PostgresParts | null): PostgresParts {
  return {
    kind: 'postgres',
    connection: entry.connection ?? before?.connection ?? '',
    searchPath: entry.searchPath ?? before?.searchPath ?? ['public'],
    classifications: entry.classifications ?? before?.classifications ?? {},
    subjects: normalizeSubjects(entry.subjects) ?? before?.subjects ?? {},
  };
}

function toHttp(entry: EntryOf<'http'>, before: HttpParts | null): HttpParts {
  return {
    kind: 'http',
    baseUrl: entry.baseUrl ?? before?.baseUrl ?? '',
    openapi: entry.openapi ?? before?.openapi ?? {},
    credentials: entry.credentials === undefined ? (before?.credentials ?? null) : entry.credentials,
    allowedHosts: entry.allowedHosts ?? before?.allowedHosts ?? [],
    allowPrivate: entry.allowPrivate ?? before?.allowPrivate ?? [],
    limits: entry.limits ?? before?.limits ?? httpLimits.parse({}),
    operations: entry.operations ?? before?.operations ?? {},
    probe: entry.probe ?? before?.probe ?? false,
    idempotencyKey: entry.idempotencyKey ?? before?.idempotencyKey ?? false,
  };
}

function toFiles(entry: EntryOf<'files'>, before: FilesParts | null): FilesParts {
  return {
    kind: 'files',
    root: entry.root ?? before?.root ?? '',
    include: entry.include ?? before?.include ?? ['**'],
    exclude: entry.exclude ?? before?.exclude ?? [],
    classes: entry.classes ?? before?.classes ?? {},
    hidden: entry.hidden ?? before?.hidden ?? false,
    readOnly: entry.readOnly ?? before?.readOnly ?? false,
    limits: entry.limits ?? before?.limits ?? filesLimits.parse({}),
  };
}

/** One spelling for `a->b` and `a  ->  b`. */
function normalizeSubjects(
  subjects: Readonly<Record<string, string>> | undefined,
): Record<string, string> | undefined {
  if (subjects === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(subjects).map(([relation, path]) => [relation, path.replace(/\s*->\s*/, ' -> ')]),
  );
}

export function toTool(entry: ToolEntry, before: ToolState | null): ToolState {
  const kind = entry.kind ?? before?.kind ?? 'custom';
  // A tool that becomes another kind keeps nothing that belonged to the old one.
  const same = before?.kind === kind ? before : null;
  const isCustom = kind === 'custom';
  return {
    name: entry.name,
    description: entry.description ?? before?.description ?? '',
    kind,
    execution: entry.execution ?? same?.execution ?? (isCustom ? 'agent' : 'broker'),
    target: entry.target ?? before?.target ?? null,
    operationId: entry.operationId === undefined ? (same?.operationId ?? null) : entry.operationId,
    inputSchema: isCustom ? (entry.inputSchema ?? same?.inputSchema ?? {}) : FIXED_SCHEMAS[kind],
    effects: isCustom ? ((entry.effects as Effect[] | undefined) ?? same?.effects ?? []) : [],
    annotations: entry.annotations ?? same?.annotations ?? {},
    gone: false,
  };
}
