import { canonicalJson } from './canonical';
import { findReferenceProblems } from './document-checks';
import { toAgent, toGroup, toPerson, toTarget, toTool } from './document-entries';
import { findWarnings } from './document-warnings';
import { describeChange } from './document-words';
import { toPointer } from './json-pointer';
import type { InputProblem } from './refusal';
import type { TargetEntry } from './target-entry';
import type { AgentEntry, GroupEntry, PersonEntry, ToolEntry, WorkspaceDocument } from './workspace-document';
import type {
  AgentState,
  Change,
  ChangeKind,
  ChangeWord,
  GroupState,
  PersonState,
  TargetState,
  ToolState,
  WorkspaceState,
} from './workspace-state';

/** What applying a document would do. With any problem, nothing of it may be applied. */
export type DocumentPlan = { changes: Change[]; problems: InputProblem[]; warnings: string[] };

type Section<Entry, State> = {
  kind: ChangeKind;
  section: keyof WorkspaceState;
  entries: readonly Entry[] | undefined;
  current: readonly State[];
  nameOf(value: Entry | State): string;
  /** Whether it is there as far as documents are concerned. */
  isLive(state: State): boolean;
  merge(entry: Entry, before: State | null): State;
  /** Whether the entry asks for its removal. */
  drops?(entry: Entry): boolean;
};

/**
 * Compares a document with what is there. Pure and complete: every entry of the document yields one change, and applying the changes
 * makes the next comparison `unchanged`. Pruning removes what a section of the document leaves out; absent sections are left alone.
 */
export function diffDocument(
  current: WorkspaceState,
  document: WorkspaceDocument,
  options: { prune: boolean },
): DocumentPlan {
  const problems: InputProblem[] = [];
  const isNamed = (value: { name: string }) => value.name;
  const notGone = (state: { gone: boolean }) => !state.gone;
  const diff = <Entry, State extends object>(section: Section<Entry, State>) =>
    diffSection(section, options.prune, problems);
  const changes: Change[] = [
    ...diffDirectory(current, document),
    ...diff<PersonEntry, PersonState>({
      kind: 'person',
      section: 'people',
      entries: document.people,
      current: current.people,
      nameOf: (value) => value.email,
      isLive: notGone,
      merge: toPerson,
      drops: (entry) => entry.active === false,
    }),
    ...diff<GroupEntry, GroupState>({
      kind: 'group',
      section: 'groups',
      entries: document.groups,
      current: current.groups,
      nameOf: isNamed,
      isLive: () => true,
      merge: toGroup,
    }),
    ...diff<AgentEntry, AgentState>({
      kind: 'agent',
      section: 'agents',
      entries: document.agents,
      current: current.agents,
      nameOf: isNamed,
      isLive: () => true,
      merge: toAgent,
    }),
    ...diff<TargetEntry, TargetState>({
      kind: 'target',
      section: 'targets',
      entries: document.targets,
      current: current.targets,
      nameOf: isNamed,
      isLive: notGone,
      merge: toTarget,
    }),
    ...diff<ToolEntry, ToolState>({
      kind: 'tool',
      section: 'tools',
      entries: document.tools,
      current: current.tools,
      nameOf: isNamed,
      isLive: notGone,
      merge: toTool,
    }),
  ];
  problems.push(...findReferenceProblems(current, document, changes));
  return { changes, problems, warnings: problems.length > 0 ? [] : findWarnings(current, changes) };
}

/** The workspace always has a directory: it changes, it is never created. */
function diffDirectory(current: WorkspaceState, document: WorkspaceDocument): Change[] {
  if (document.directory === undefined) return [];
  const after = { domains: [...document.directory.domains].sort() };
  const before = current.directory;
  return [
    toChange({ kind: 'directory', name: 'directory', pointer: '/directory', before, after, returns: false }),
  ];
}

function diffSection<Entry, State extends object>(
  section: Section<Entry, State>,
  prune: boolean,
  problems: InputProblem[],
): Change[] {
  const { kind, entries, nameOf } = section;
  if (entries === undefined) return [];
  const known = new Map(section.current.map((state) => [nameOf(state), state]));
  const named = new Set<string>();
  const changes = entries.flatMap((entry, index) => {
    const name = nameOf(entry);
    const pointer = toPointer([section.section, index]);
    if (named.has(name)) problems.push({ pointer, message: `${name} stands here twice; keep one.` });
    named.add(name);
    const found = known.get(name) ?? null;
    const before = found !== null && section.isLive(found) ? found : null;
    const after = section.drops?.(entry) === true ? null : section.merge(entry, before);
    // Somebody who is to be disabled and is not here, or no longer, is no change.
    if (after === null && before === null) return [];
    return [toChange({ kind, name, pointer, before, after, returns: found !== null && before === null })];
  });
  if (!prune) return changes;
  const pointer = toPointer([section.section]);
  const removed = section.current
    .filter((state) => section.isLive(state) && !named.has(nameOf(state)))
    // Removing an agent is suspending it: a suspended one is removed already.
    .filter((state) => !('suspended' in state && state.suspended === true))
    .map((before) => toChange({ kind, name: nameOf(before), pointer, before, after: null, returns: false }));
  return [...changes, ...removed];
}

function toChange(of: {
  kind: ChangeKind;
  name: string;
  pointer: string;
  before: object | null;
  after: object | null;
  /** It was here before and was removed. */
  returns: boolean;
}): Change {
  const { kind, name, pointer, before, after } = of;
  const change = changeWord(before, after);
  const detail = of.returns ? 'comes back' : describeChange(kind, change, before, after);
  const said = detail === null ? {} : { detail };
  // The kind and its states come from one section; TypeScript cannot follow that through the five.
  return { kind, name, change, ...said, pointer, before, after } as Change;
}

function changeWord(before: object | null, after: object | null): ChangeWord {
  if (before === null) return 'create';
  if (after === null) return 'remove';
  return canonicalJson(before) === canonicalJson(after) ? 'unchanged' : 'update';
}
