/** One line of the report. A row without a target is there to be read; one with a target says whether it was met, in this run. */
export type Row = {
  name: string;
  value: number;
  unit: string;
  baseline?: { what: string; value: number };
  ratio?: number;
  target?: { text: string; met: boolean };
};

const number = (value: number): string =>
  value.toLocaleString('en', { maximumFractionDigits: value >= 1_000 ? 0 : value >= 10 ? 1 : 3 });

const cells = (row: Row): string[] => [
  row.name,
  `${number(row.value)} ${row.unit}`.trim(),
  row.baseline === undefined ? '' : `${row.baseline.what} ${number(row.baseline.value)}`,
  row.ratio === undefined ? '' : `${row.ratio.toFixed(2)} ×`,
  row.target?.text ?? '',
  row.target === undefined ? '' : row.target.met ? 'ok' : 'under',
];

/** The rows as a table with aligned columns. */
export function formatRows(title: string, rows: readonly Row[]): string {
  const table = [['name', 'value', 'baseline', 'ratio', 'target', ''], ...rows.map(cells)];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((line) => line[column]?.length ?? 0)));
  const lines = table.map((line) =>
    line
      .map((cell, i) => cell.padEnd(widths?.[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  lines.splice(1, 0, widths?.map((width) => '─'.repeat(width)).join('  ') ?? '');
  return `\n${title}\n${lines.map((line) => `  ${line}`).join('\n')}\n`;
}
