import type { InputProblem } from '@/server/domain/refusal';
import type { AppliedChange, ApplyResult } from '@/server/operations/apply-document';

const MARKS = { create: '+', update: '~', remove: '−', unchanged: ' ' } as const;
const PAST = { create: 'created', update: 'updated', remove: 'removed', unchanged: 'unchanged' } as const;
const ORDER = ['create', 'update', 'remove', 'unchanged'] as const;

/** What applying did, or would do, as lines for a terminal: one per change with its mark, then keys, warnings and the totals. */
export function describeResult(result: ApplyResult, options: { dryRun: boolean }): string {
  const changed = result.changes.filter((change) => change.change !== 'unchanged');
  const width = Math.max(0, ...changed.map((change) => nameOf(change).length));
  const lines = changed.map((change) =>
    [`  ${MARKS[change.change]} `, nameOf(change).padEnd(width), detailOf(change)].join('').trimEnd(),
  );
  const keys = result.agents.map(({ name, key }) => `  ${name}\n    ${key}`);
  const warnings = result.warnings.map((warning) => `  ! ${warning}`);
  return [
    block('', lines),
    block(
      keys.length === 1
        ? 'The key of the new agent, shown this once:'
        : 'The keys of new agents, shown this once:',
      keys,
    ),
    block('Worth knowing:', warnings),
    `${totals(result.changes, options.dryRun)}\n`,
  ].join('');
}

/** Where the document is wrong: `file:line:column` so that editors can jump there, and what to do. */
export function describeProblems(
  file: string,
  problems: readonly InputProblem[],
  locate: (pointer: string) => { line: number; column: number },
): string {
  return problems
    .map((problem) => {
      const { line, column } = locate(problem.pointer);
      return `  ${file}:${line}:${column}  ${problem.pointer || '/'}\n    ${problem.message}\n`;
    })
    .join('');
}

const nameOf = (change: AppliedChange): string => `${change.kind} ${change.name}`;
const detailOf = (change: AppliedChange): string => (change.detail === undefined ? '' : `  ${change.detail}`);

function block(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return '';
  return `${title === '' ? '' : `${title}\n`}${lines.join('\n')}\n\n`;
}

function totals(changes: readonly AppliedChange[], dryRun: boolean): string {
  const counts = ORDER.flatMap((word) => {
    const count = changes.filter((change) => change.change === word).length;
    return count === 0 ? [] : [`${count} ${dryRun && word !== 'unchanged' ? 'to be ' : ''}${PAST[word]}`];
  });
  if (changes.every((change) => change.change === 'unchanged')) {
    return `Nothing to do: the workspace is already what the document says (${changes.length} unchanged).`;
  }
  return `${counts.join(', ')}.${dryRun ? ' Nothing was written: this was a dry run.' : ''}`;
}
