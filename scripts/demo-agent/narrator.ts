import type { ToolResult } from '@/server/domain/ports';
import type { AgentActionView } from '@/server/domain/views';

const isTerminal = process.stdout.isTTY === true && !process.env.NO_COLOR;
const paint = (code: number) => (text: string) => (isTerminal ? `\u001b[${code}m${text}\u001b[0m` : text);
const [bold, dim, red, green, yellow, blue] = [1, 2, 31, 32, 33, 34].map(paint) as [
  Paint,
  Paint,
  Paint,
  Paint,
  Paint,
  Paint,
];
type Paint = (text: string) => string;

const ROWS_SHOWN = 6;
const STATUS_WORDS: Partial<Record<AgentActionView['status'], (text: string) => string>> = {
  succeeded: (text) => green(`● done${text}`),
  held: (text) => yellow(`● held${text}`),
  denied: (text) => red(`● denied by policy${text}`),
  rejected: (text) => red(`● rejected${text}`),
  sent_back: (text) => blue(`● sent back for changes${text}`),
  failed: (text) => red(`● failed${text}`),
  expired: (text) => dim(`● expired: nobody decided in time${text}`),
  cancelled: (text) => dim(`● cancelled${text}`),
  revoked: (text) => red(`● stopped by a halt${text}`),
  unknown_outcome: (text) => red(`● outcome unknown: the connection was lost while committing${text}`),
};

/** The agent's terminal: what it does and what it is told, and nothing it could not know. */
export function createNarrator(write: (text: string) => void = (text) => void process.stdout.write(text)) {
  const line = (text = '') => write(`${text}\n`);
  return {
    line,
    task(agent: string, workspace: string, goal: string) {
      line();
      line(`  ${bold(agent)} ${dim(`at ${workspace}`)}`);
      line(`  ${dim('goal')} ${goal}`);
    },
    step(number: number, thought: string, statement: string) {
      line();
      line(`  ${dim(`${number}.`)} ${thought}`);
      for (const part of statement.split('\n')) line(`     ${dim(part)}`);
    },
    status(view: AgentActionView, extra = '') {
      const words = STATUS_WORDS[view.status];
      line(`     ${words ? words(extra) : `● ${view.status}${extra}`}`);
    },
    note(text: string) {
      line(`     ${dim('note from the reviewer:')} ${text}`);
    },
    link(url: string) {
      line(`     ${dim('decide at')} ${url}`);
    },
    aside(text: string) {
      line(`     ${dim(text)}`);
    },
    result(result: ToolResult) {
      for (const text of toTable(result)) line(`     ${dim(text)}`);
    },
  };
}
export type Narrator = ReturnType<typeof createNarrator>;

function toTable(result: ToolResult): string[] {
  if (result.columns.length === 0) return [];
  const shown = result.rows.slice(0, ROWS_SHOWN);
  const cells = [
    result.columns.map((column) => column.name),
    ...shown.map((row) => result.columns.map((column) => String(row[column.name] ?? ''))),
  ];
  const widths = result.columns.map((_, i) => Math.max(...cells.map((row) => row[i]?.length ?? 0)));
  const lines = cells.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const more = result.rowCount - shown.length;
  return more > 0 ? [...lines, `… and ${more} more`] : lines;
}
