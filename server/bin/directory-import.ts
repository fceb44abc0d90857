// `npm run directory:import -- people.csv`: what scripts/apply.mjs starts with the database and the secret of an installation in its environment.
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { createContainer } from '@/server/container';
import type { DirectoryImport } from '@/server/domain/directory-views';
import { readEnv } from '@/server/env';
import { findWorkspace } from '@/server/operations/find-workspace';
import { importDirectory } from '@/server/operations/import-directory';

const USAGE = `npm run directory:import -- people.csv             shows what it would create, change and disable
npm run directory:import -- people.csv --apply     does it, in one transaction
npm run directory:import -- people.csv --workspace Acme   where there are several

CSV of people: email, name, guest, aliases, manager, forwards_to, clearances, active
CSV of groups and channels: group, kind, aliases, open, complete, members
JSON: {"people": […], "groups": […], "channels": […], "domains": […]}
`;

type Options = { file: string; apply: boolean; workspace: string | undefined };

function readOptions(args: string[]): Options | null {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        apply: { type: 'boolean', default: false },
        workspace: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const [file, ...more] = positionals;
    if (values.help || file === undefined || more.length > 0) return null;
    return { file, apply: values.apply, workspace: values.workspace };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n`);
    return null;
  }
}

function reportWords(file: string, report: DirectoryImport): string {
  if (report.problems.length > 0) {
    const lines = report.problems.map(({ line, message }) => `${file}:${line}  ${message}\n`);
    const more = report.moreProblems > 0 ? `… and ${report.moreProblems} more\n` : '';
    return `Nothing was imported. Correct these lines and try again:\n\n${lines.join('')}${more}`;
  }
  const changes = report.changes.map(
    ({ kind, name, change, detail }) => `  ${change}  ${kind} ${name}${detail ? ` (${detail})` : ''}\n`,
  );
  const { created, updated, disabled, unchanged } = report;
  const sum = `${created} new, ${updated} changed, ${disabled} disabled, ${unchanged} unchanged`;
  return `${changes.join('')}${report.applied ? 'Imported' : 'Would import'}: ${sum}.\n${report.applied ? '' : 'Add --apply to do it.\n'}`;
}

async function run(options: Options): Promise<number> {
  let text: string;
  try {
    text = await readFile(options.file, 'utf8');
  } catch (error) {
    process.stderr.write(`The file could not be read: ${error instanceof Error ? error.message : error}\n`);
    return 2;
  }
  const container = createContainer(readEnv());
  try {
    const workspace = await findWorkspace(container.world, options.workspace);
    if (!workspace.ok) {
      process.stderr.write(`${workspace.message}\n`);
      return 1;
    }
    const operator = { kind: 'operator' as const, workspaceId: workspace.value.id, name: 'Operator' };
    const name = basename(options.file);
    const done = await importDirectory(container.world, operator, { name, text, dryRun: !options.apply });
    if (!done.ok) {
      process.stderr.write(`Nothing was imported. ${done.message}\n`);
      return 1;
    }
    const isBad = done.value.problems.length > 0;
    (isBad ? process.stderr : process.stdout).write(reportWords(options.file, done.value));
    return isBad ? 1 : 0;
  } finally {
    await container.close();
  }
}

const options = readOptions(process.argv.slice(2));
if (options === null) {
  process.stderr.write(USAGE);
  process.exitCode = 2;
} else {
  try {
    process.exitCode = await run(options);
  } catch (error) {
    process.stderr.write(`Nothing was imported. ${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 1;
  }
}
