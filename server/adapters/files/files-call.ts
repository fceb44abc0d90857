import type { FilesTarget } from '@/server/domain/catalog';
import type { PlannedCall } from '@/server/domain/ports';
import type { InputProblem } from '@/server/domain/refusal';
import { globFault, pathFault, treeRules } from './file-paths';
import { type UndoStep, undoSteps } from './undo-steps';

export type FilesCall = {
  target: FilesTarget;
  operation: 'read' | 'list' | 'write' | 'append' | 'delete' | 'move' | 'restore';
  select: { path: string } | { glob: string };
  to: string | null;
  content: string | null;
  /** Of a restore alone. */
  steps?: readonly UndoStep[];
};
type Read = { ok: true; files: FilesCall } | { ok: false; problems: InputProblem[] };

/** Which of path and glob an operation takes, and what else it needs. */
const TAKES: Readonly<
  Record<
    Exclude<FilesCall['operation'], 'restore'>,
    { one: ('path' | 'glob')[]; needs: ('to' | 'content')[] }
  >
> = {
  read: { one: ['path', 'glob'], needs: [] },
  list: { one: ['glob'], needs: [] },
  write: { one: ['path'], needs: ['content'] },
  append: { one: ['path'], needs: ['content'] },
  delete: { one: ['path', 'glob'], needs: [] },
  move: { one: ['path'], needs: ['to'] },
};

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** What a call means, or everything that is wrong with it. Pure: looks at the words and the target's rules, never at the disk. */
export function readFilesCall(call: PlannedCall): Read {
  const { args, tool } = call;
  const { target } = tool;
  const none = (pointer: string, message: string): Read => ({ ok: false, problems: [{ pointer, message }] });
  if (target?.kind !== 'files')
    return none('', 'The tool has no tree to act on. Ask its operator to give it a target.');
  if (args.operation === 'restore' && call.values !== undefined) return readRestore(target, args);
  const operation = args.operation as keyof typeof TAKES;
  if (!Object.hasOwn(TAKES, String(operation)))
    return none('/operation', `must be one of ${Object.keys(TAKES).join(', ')}`);
  const problems = [...shapeProblems(operation, args), ...placeProblems(target, operation, args)];
  if (problems.length > 0) return { ok: false, problems };
  const path = textOf(args.path);
  return {
    ok: true,
    files: {
      target,
      operation,
      select: path === null ? { glob: textOf(args.glob) ?? '' } : { path },
      to: textOf(args.to),
      content: textOf(args.content),
    },
  };
}

/** An undo: no agent can say it, because only Holdpoint opens the values of one. */
function readRestore(target: FilesTarget, args: PlannedCall['args']): Read {
  const steps = undoSteps.safeParse(args.files);
  if (!steps.success)
    return { ok: false, problems: [{ pointer: '/files', message: 'are not the steps of an undo' }] };
  const rules = treeRules(target);
  const outside = steps.data
    .flatMap(({ path, to }) => (to === undefined ? [path] : [path, to]))
    .find((path) => pathFault(path) !== null || !rules.reaches(path));
  if (outside !== undefined || target.readOnly) {
    const message = target.readOnly
      ? 'cannot be done here: nothing may be changed'
      : 'lead outside of what can be reached here';
    return { ok: false, problems: [{ pointer: '/files', message }] };
  }
  const [first, ...more] = steps.data;
  const name = more.length === 0 ? (first?.path ?? '') : `${steps.data.length} files`;
  return {
    ok: true,
    files: {
      target,
      operation: 'restore',
      select: { path: name },
      to: null,
      content: null,
      steps: steps.data,
    },
  };
}

function shapeProblems(operation: keyof typeof TAKES, args: PlannedCall['args']): InputProblem[] {
  const takes = TAKES[operation];
  const problems: InputProblem[] = [];
  const given = (['path', 'glob'] as const).filter((name) => args[name] !== undefined);
  const [one] = given;
  if (one === undefined || given.length > 1 || !takes.one.includes(one)) {
    const both = given.length > 1 ? ', not both' : '';
    problems.push({ pointer: '', message: `${operation} takes ${takes.one.join(' or ')}${both}` });
  }
  for (const name of ['to', 'content'] as const) {
    const pointer = `/${name}`;
    if (!takes.needs.includes(name)) {
      if (args[name] !== undefined)
        problems.push({ pointer, message: `${operation} does not take it; remove it` });
    } else if (textOf(args[name]) === null) problems.push({ pointer, message: 'is required; add it' });
  }
  return problems;
}

function placeProblems(
  target: FilesTarget,
  operation: FilesCall['operation'],
  args: PlannedCall['args'],
): InputProblem[] {
  const problems: InputProblem[] = [];
  const rules = treeRules(target);
  for (const name of ['path', 'to'] as const) {
    const path = textOf(args[name]);
    if (path === null) continue;
    const fault = pathFault(path) ?? (rules.reaches(path) ? null : 'is outside of what can be reached here');
    if (fault !== null) problems.push({ pointer: `/${name}`, message: fault });
  }
  const glob = textOf(args.glob);
  const fault = glob === null ? null : globFault(glob);
  if (fault !== null) problems.push({ pointer: '/glob', message: fault });
  if (target.readOnly && operation !== 'read' && operation !== 'list') {
    problems.push({
      pointer: '/operation',
      message: 'cannot be done here: nothing in this tree may be changed',
    });
  }
  return problems;
}
