import type { Effect } from './catalog';
import { SQL_INPUT_SCHEMA } from './input-schema';
import type { AgentEntry, GroupEntry, PersonEntry, TargetEntry, ToolEntry } from './workspace-document';
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
    gone: false,
  };
}

/** One text per member, so that members can be compared and sorted; addresses hold no space. */
export const memberKey = (member: MemberState): string =>
  typeof member === 'string' ? member : `group ${member.group}`;

export function toGroup(entry: GroupEntry): GroupState {
  const members = new Map(entry.members.map((member) => [memberKey(member), member]));
  return { name: entry.name, members: sorted([...members.keys()]).flatMap((key) => members.get(key) ?? []) };
}

export function toAgent(entry: AgentEntry, before: AgentState | null): AgentState {
  return {
    name: entry.name,
    owner: entry.owner ?? before?.owner ?? '',
    clearances: sorted(entry.clearances ?? before?.clearances ?? []),
    suspended: before?.suspended ?? false,
  };
}

export function toTarget(entry: TargetEntry, before: TargetState | null): TargetState {
  return {
    name: entry.name,
    kind: 'postgres',
    connection: entry.connection ?? before?.connection ?? '',
    searchPath: entry.searchPath ?? before?.searchPath ?? ['public'],
    classifications: entry.classifications ?? before?.classifications ?? {},
    subjects: normalizeSubjects(entry.subjects) ?? before?.subjects ?? {},
    gone: false,
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
  return {
    name: entry.name,
    description: entry.description ?? before?.description ?? '',
    kind,
    execution: entry.execution ?? same?.execution ?? (kind === 'sql' ? 'broker' : 'agent'),
    target: entry.target ?? before?.target ?? null,
    inputSchema: kind === 'sql' ? SQL_INPUT_SCHEMA : (entry.inputSchema ?? same?.inputSchema ?? {}),
    effects: kind === 'sql' ? [] : ((entry.effects as Effect[] | undefined) ?? same?.effects ?? []),
    annotations: entry.annotations ?? same?.annotations ?? {},
    gone: false,
  };
}
