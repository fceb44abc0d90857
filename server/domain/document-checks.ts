import { parseConnection } from './connection-address';
import { findCycle } from './find-cycle';
import { findSchemaFaults } from './input-schema';
import { toPointer } from './json-pointer';
import type { InputProblem } from './refusal';
import type { ToolEntry, WorkspaceDocument } from './workspace-document';
import {
  type AgentState,
  type Change,
  type ChangeFor,
  type ChangeKind,
  changesOf,
  type GroupState,
  type PersonState,
  type TargetState,
  type ToolState,
  type WorkspaceState,
} from './workspace-state';

type After = {
  people: Map<string, PersonState>;
  groups: Map<string, GroupState>;
  agents: Map<string, AgentState>;
  targets: Map<string, TargetState>;
  tools: Map<string, ToolState>;
};

/**
 * Every place where the workspace would not hold together after the changes: references to nothing, circles, tools that could not run,
 * a workspace without an owner. Looks at what is there and at what the document says, never at the order it says it in.
 */
export function findReferenceProblems(
  current: WorkspaceState,
  document: WorkspaceDocument,
  changes: readonly Change[],
): InputProblem[] {
  const after: After = {
    people: resulting(
      current.people,
      changes,
      'person',
      (p) => p.email,
      (p) => !p.gone,
    ),
    groups: resulting(
      current.groups,
      changes,
      'group',
      (g) => g.name,
      () => true,
    ),
    agents: resulting(
      current.agents,
      changes,
      'agent',
      (a) => a.name,
      () => true,
    ),
    targets: resulting(
      current.targets,
      changes,
      'target',
      (t) => t.name,
      (t) => !t.gone,
    ),
    tools: resulting(
      current.tools,
      changes,
      'tool',
      (t) => t.name,
      (t) => !t.gone,
    ),
  };
  return [
    ...checkPeople(current, changes, after),
    ...checkGroups(document, after),
    ...changesOf(changes, 'agent').flatMap((change) => checkAgent(change, after)),
    ...changesOf(changes, 'target').flatMap((change) => checkTarget(change, after)),
    ...changesOf(changes, 'tool').flatMap((change) =>
      checkTool(change, toolEntryAt(document, change.pointer), after),
    ),
  ];
}

function resulting<Kind extends ChangeKind, State extends NonNullable<ChangeFor<Kind>['after']>>(
  current: readonly State[],
  changes: readonly Change[],
  kind: Kind,
  nameOf: (state: State) => string,
  isLive: (state: State) => boolean,
): Map<string, State> {
  const states = new Map(current.filter(isLive).map((state) => [nameOf(state), state]));
  for (const change of changesOf(changes, kind)) {
    if (change.after === null) states.delete(change.name);
    else states.set(change.name, change.after as State);
  }
  return states;
}

const ownersOf = (people: Iterable<PersonState>): number =>
  [...people].filter((person) => !person.gone && person.roles.includes('owner')).length;

function checkPeople(current: WorkspaceState, changes: readonly Change[], after: After): InputProblem[] {
  const problems: InputProblem[] = [];
  if (ownersOf(current.people) > 0 && ownersOf(after.people.values()) === 0) {
    problems.push({
      pointer: '/people',
      message: 'This would leave the workspace without an owner. Make somebody else an owner first.',
    });
  }
  for (const change of changesOf(changes, 'person')) {
    if (change.change !== 'remove') continue;
    const owned = [...after.agents.values()].find((agent) => agent.owner === change.name && !agent.suspended);
    // An agent the document names itself is reported where it stands.
    if (owned === undefined || changes.some((c) => c.kind === 'agent' && c.name === owned.name)) continue;
    problems.push({
      pointer: change.pointer,
      message: `${change.name} owns the agent ${owned.name} and cannot be removed. Give the agent another owner, or keep ${change.name}.`,
    });
  }
  return problems;
}

function checkGroups(document: WorkspaceDocument, after: After): InputProblem[] {
  const problems: InputProblem[] = [];
  const links = new Map<string, string[]>();
  for (const group of after.groups.values()) {
    const nested = group.members.flatMap((member) => (typeof member === 'string' ? [] : [member.group]));
    links.set(group.name, nested);
  }
  (document.groups ?? []).forEach((group, index) => {
    group.members.forEach((member, at) => {
      const pointer = toPointer(['groups', index, 'members', at]);
      if (typeof member === 'string' && !after.people.has(member)) {
        problems.push({ pointer, message: `Nobody has the address ${member}. Add the person under people.` });
      }
      if (typeof member !== 'string' && !after.groups.has(member.group)) {
        problems.push({ pointer, message: `There is no group ${member.group}. Add it under groups.` });
      }
    });
    const cycle = findCycle(links, group.name);
    if (cycle !== null) {
      problems.push({
        pointer: toPointer(['groups', index]),
        message: `A group cannot contain itself: ${cycle.join(' → ')}. Take one of them out.`,
      });
    }
  });
  return problems;
}

function checkAgent(change: ChangeFor<'agent'>, after: After): InputProblem[] {
  const agent = change.after;
  if (agent === null) return [];
  const pointer = `${change.pointer}/owner`;
  if (agent.owner === '') {
    return [{ pointer, message: 'Name the person who answers for this agent: owner: ana@example.com.' }];
  }
  if (after.people.has(agent.owner)) return [];
  return [{ pointer, message: `Nobody has the address ${agent.owner}. Add the person under people.` }];
}

function checkTarget(change: ChangeFor<'target'>, after: After): InputProblem[] {
  const target = change.after;
  if (target === null) {
    const user = [...after.tools.values()].find((tool) => tool.target === change.name);
    if (user === undefined) return [];
    return [
      {
        pointer: change.pointer,
        message: `The tool ${user.name} acts on ${change.name}. Remove the tool too, or keep the target.`,
      },
    ];
  }
  const connection = parseConnection(target.connection);
  const problems: InputProblem[] = connection.ok
    ? []
    : [
        {
          pointer: `${change.pointer}/connection`,
          message:
            target.connection === ''
              ? 'A new target needs its connection: postgres://role:password@host:5432/database.'
              : connection.fault,
        },
      ];
  return [...problems, ...checkSubjects(target, change.pointer)];
}

function checkSubjects(target: TargetState, pointer: string): InputProblem[] {
  const links = new Map<string, string[]>();
  for (const [relation, path] of Object.entries(target.subjects)) {
    const next = path.split(' -> ')[1];
    links.set(relation, next === undefined ? [] : [next]);
  }
  return Object.keys(target.subjects).flatMap((relation) => {
    const at = pointer + toPointer(['subjects', relation]);
    const next = links.get(relation)?.[0];
    if (next !== undefined && !links.has(next)) {
      const message = `It leads to ${next}, which declares no subject itself. Add ${next}: <the column that identifies the person>.`;
      return [{ pointer: at, message }];
    }
    const cycle = findCycle(links, relation);
    if (cycle === null) return [];
    return [{ pointer: at, message: `This never arrives at a person: ${cycle.join(' → ')}.` }];
  });
}

function toolEntryAt(document: WorkspaceDocument, pointer: string): ToolEntry | undefined {
  return document.tools?.[Number(pointer.split('/')[2])];
}

function checkTool(change: ChangeFor<'tool'>, entry: ToolEntry | undefined, after: After): InputProblem[] {
  const tool = change.after;
  if (tool === null) return [];
  const problems: InputProblem[] = [];
  const say = (field: string, message: string) =>
    problems.push({ pointer: `${change.pointer}/${field}`, message });
  if (tool.target !== null && !after.targets.has(tool.target)) {
    say('target', `There is no target ${tool.target}. Add it under targets.`);
  }
  if (tool.kind === 'sql') checkSqlTool(tool, entry, say);
  else checkCustomTool(tool, say, problems, change.pointer);
  return problems;
}

type Say = (field: string, message: string) => void;

function checkSqlTool(tool: ToolState, entry: ToolEntry | undefined, say: Say): void {
  if (tool.target === null) say('target', 'A SQL tool needs a postgres target to act on: target: <name>.');
  if (tool.execution !== 'broker') {
    say('execution', 'SQL is run by Holdpoint itself, with credentials no agent holds: execution: broker.');
  }
  if (entry?.inputSchema !== undefined) {
    say('inputSchema', 'The arguments of a SQL tool are always {statement, params?}; remove this.');
  }
  if (entry?.effects !== undefined) {
    say('effects', 'What SQL does is measured, not declared; remove this.');
  }
}

function checkCustomTool(tool: ToolState, say: Say, problems: InputProblem[], pointer: string): void {
  if (tool.execution !== 'agent') {
    say('execution', 'Holdpoint itself runs SQL tools only; this one is run by the agent: execution: agent.');
  }
  if (Object.keys(tool.inputSchema).length === 0) {
    say('inputSchema', 'Describe the arguments as a JSON Schema of type object.');
    return;
  }
  for (const fault of findSchemaFaults(tool.inputSchema)) {
    problems.push({ pointer: `${pointer}/inputSchema${fault.pointer}`, message: fault.message });
  }
}
