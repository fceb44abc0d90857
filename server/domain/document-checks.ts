import type { HttpParts, PostgresParts } from './catalog';
import { parseConnection } from './connection-address';
import { checkTool } from './document-tool-checks';
import { findCycle } from './find-cycle';
import { toPointer } from './json-pointer';
import { readOperations } from './openapi';
import { ruleMatches } from './operation-rules';
import type { InputProblem } from './refusal';
import type { WorkspaceDocument } from './workspace-document';
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
    ...checkManagers(changes, after),
    ...checkAliases(changes, after),
    ...changesOf(changes, 'agent').flatMap((change) => checkAgent(change, after)),
    ...changesOf(changes, 'target').flatMap((change) => checkTarget(change, after)),
    ...changesOf(changes, 'tool').flatMap((change) => checkTool(change, document, after.targets)),
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

function checkManagers(changes: readonly Change[], after: After): InputProblem[] {
  return changesOf(changes, 'person').flatMap((change) => {
    const manager = change.after?.manager ?? null;
    if (manager === null) return [];
    const pointer = `${change.pointer}/manager`;
    if (manager === change.name) return [{ pointer, message: 'Nobody is their own manager.' }];
    if (after.people.has(manager)) return [];
    return [{ pointer, message: `Nobody has the address ${manager}. Add the manager under people.` }];
  });
}

/** An address or handle that two have would leave open who receives. */
function checkAliases(changes: readonly Change[], after: After): InputProblem[] {
  const holders = new Map<string, string>();
  const taken: { name: string; alias: string; by: string }[] = [];
  const claim = (alias: string, name: string) => {
    const by = holders.get(alias);
    if (by !== undefined && by !== name) taken.push({ name, alias, by }, { name: by, alias, by: name });
    holders.set(alias, name);
  };
  for (const person of after.people.values()) {
    for (const alias of [person.email, ...person.aliases]) claim(alias, person.email);
  }
  for (const group of after.groups.values()) for (const alias of group.aliases) claim(alias, group.name);
  return changes.flatMap((change) =>
    change.kind !== 'person' && change.kind !== 'group'
      ? []
      : taken
          .filter((each) => each.name === change.name && change.change !== 'unchanged')
          .map(({ alias, by }) => ({
            pointer: `${change.pointer}/aliases`,
            message: `${alias} reaches ${by} already. Take it away from one of them.`,
          })),
  );
}

function checkGroups(document: WorkspaceDocument, after: After): InputProblem[] {
  const problems: InputProblem[] = [];
  const links = new Map<string, string[]>();
  for (const group of after.groups.values()) {
    const nested = group.members.flatMap((member) =>
      typeof member !== 'string' && 'group' in member ? [member.group] : [],
    );
    links.set(group.name, nested);
  }
  (document.groups ?? []).forEach((group, index) => {
    group.members.forEach((member, at) => {
      const pointer = toPointer(['groups', index, 'members', at]);
      if (typeof member === 'string' && !after.people.has(member)) {
        problems.push({ pointer, message: `Nobody has the address ${member}. Add the person under people.` });
      }
      if (typeof member !== 'string' && 'group' in member && !after.groups.has(member.group)) {
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
  if (change.before !== null && change.before.kind !== target.kind) {
    const message = `${change.name} is a target of kind ${change.before.kind} and stays one. Give the new one another name.`;
    return [{ pointer: `${change.pointer}/kind`, message }];
  }
  switch (target.kind) {
    case 'postgres':
      return checkPostgres(target, change.pointer);
    case 'http':
      return checkHttp(target, change.pointer);
    case 'files':
      return target.root === ''
        ? [
            {
              pointer: `${change.pointer}/root`,
              message: 'A new files target needs its root: an absolute path.',
            },
          ]
        : [];
  }
}

function checkPostgres(target: PostgresParts, pointer: string): InputProblem[] {
  const connection = parseConnection(target.connection);
  const problems: InputProblem[] = connection.ok
    ? []
    : [
        {
          pointer: `${pointer}/connection`,
          message:
            target.connection === ''
              ? 'A new target needs its connection: postgres://role:password@host:5432/database.'
              : connection.fault,
        },
      ];
  return [...problems, ...checkSubjects(target, pointer)];
}

function checkHttp(target: HttpParts, pointer: string): InputProblem[] {
  const problems: InputProblem[] = [];
  if (target.baseUrl === '') {
    problems.push({
      pointer: `${pointer}/baseUrl`,
      message: 'A new HTTP target needs its baseUrl: https://api.example.com/v1.',
    });
  }
  if (Object.keys(target.openapi).length === 0) {
    problems.push({
      pointer: `${pointer}/openapi`,
      message: 'A new HTTP target needs its OpenAPI document: only what stands in it can be called.',
    });
    return problems;
  }
  const operations = readOperations(target.openapi);
  for (const name of Object.keys(target.operations)) {
    if (operations.some((operation) => ruleMatches(name, operation))) continue;
    problems.push({
      pointer: pointer + toPointer(['operations', name]),
      message: `The document has no operation ${name}. Correct its spelling, or remove this.`,
    });
  }
  return problems;
}

function checkSubjects(target: PostgresParts, pointer: string): InputProblem[] {
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
