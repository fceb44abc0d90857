import type { BrokerKind } from './catalog';
import { findSchemaFaults } from './input-schema';
import { readOperations } from './openapi';
import type { InputProblem } from './refusal';
import { operationSchema } from './tool-schemas';
import type { TargetKind } from './vocabulary';
import type { ToolEntry, WorkspaceDocument } from './workspace-document';
import type { ChangeFor, TargetState, ToolState } from './workspace-state';

type Targets = ReadonlyMap<string, TargetState>;

function toolEntryAt(document: WorkspaceDocument, pointer: string): ToolEntry | undefined {
  return document.tools?.[Number(pointer.split('/')[2])];
}

/** What stands in the way of a tool: a target it cannot act on, arguments that cannot be checked, somebody who cannot run it. */
export function checkTool(
  change: ChangeFor<'tool'>,
  document: WorkspaceDocument,
  targets: Targets,
): InputProblem[] {
  const entry = toolEntryAt(document, change.pointer);
  const tool = change.after;
  if (tool === null) return [];
  const problems: InputProblem[] = [];
  const say = (field: string, message: string) =>
    problems.push({ pointer: `${change.pointer}/${field}`, message });
  if (tool.target !== null && !targets.has(tool.target)) {
    say('target', `There is no target ${tool.target}. Add it under targets.`);
  }
  if (tool.operationId !== null && tool.kind !== 'http')
    say('operationId', 'Only HTTP tools call one operation; remove this.');
  if (tool.kind !== 'custom') checkBrokerTool(tool, tool.kind, entry, targets, say);
  else checkCustomTool(tool, say, problems, change.pointer);
  return problems;
}

type Say = (field: string, message: string) => void;

const ACTS_ON = { sql: 'postgres', http: 'http', files: 'files' } as const satisfies Record<
  BrokerKind,
  TargetKind
>;
const CALLED = { sql: 'SQL', http: 'HTTP', files: 'files' } as const satisfies Record<BrokerKind, string>;
const ARGUMENTS = {
  sql: '{statement, params?}',
  http: 'those of the operation, or {method, path, query?, headers?, body?}',
  files: '{operation, path or glob, to?, content?}',
} as const satisfies Record<BrokerKind, string>;

/** Tools whose effect is measured have fixed arguments and declare nothing. */
function checkBrokerTool(
  tool: ToolState,
  kind: BrokerKind,
  entry: ToolEntry | undefined,
  targets: Targets,
  say: Say,
): void {
  const target = tool.target === null ? undefined : targets.get(tool.target);
  if (tool.target === null) {
    say('target', `A ${CALLED[kind]} tool needs a ${ACTS_ON[kind]} target to act on: target: <name>.`);
  } else if (target !== undefined && target.kind !== ACTS_ON[kind]) {
    say(
      'target',
      `A ${CALLED[kind]} tool acts on a ${ACTS_ON[kind]} target; ${tool.target} is of kind ${target.kind}.`,
    );
  }
  if (tool.execution !== 'broker') {
    say(
      'execution',
      `${kind === 'sql' ? 'SQL' : `A ${CALLED[kind]} tool`} is run by Holdpoint itself, with credentials no agent holds: execution: broker.`,
    );
  }
  if (entry?.inputSchema !== undefined) {
    say('inputSchema', `The arguments of a ${CALLED[kind]} tool are always ${ARGUMENTS[kind]}; remove this.`);
  }
  if (entry?.effects !== undefined) {
    say(
      'effects',
      `What ${kind === 'sql' ? 'SQL' : `a ${CALLED[kind]} tool`} does is measured, not declared; remove this.`,
    );
  }
  if (tool.operationId !== null && target?.kind === 'http') {
    const operation = readOperations(target.openapi).find((o) => o.operationId === tool.operationId);
    if (operation === undefined)
      say('operationId', `The document of ${tool.target} has no operation ${tool.operationId}.`);
    else if (operation.unsupported !== null)
      say('operationId', `It cannot be called: ${operation.unsupported}`);
    else if (findSchemaFaults(operationSchema(operation)).length > 0) {
      say(
        'operationId',
        'The schema of its arguments cannot be checked in linear time; look at the patterns in it.',
      );
    }
  }
}

function checkCustomTool(tool: ToolState, say: Say, problems: InputProblem[], pointer: string): void {
  if (tool.execution !== 'agent') {
    say(
      'execution',
      'Holdpoint itself runs SQL, HTTP and files tools; this one is run by the agent: execution: agent.',
    );
  }
  if (Object.keys(tool.inputSchema).length === 0) {
    say('inputSchema', 'Describe the arguments as a JSON Schema of type object.');
    return;
  }
  for (const fault of findSchemaFaults(tool.inputSchema)) {
    problems.push({ pointer: `${pointer}/inputSchema${fault.pointer}`, message: fault.message });
  }
}
