// `npm run apply -- file.yaml`: what scripts/apply.mjs starts with the database and the secret of an installation in its environment.
import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { createContainer } from '@/server/container';
import type { Refusal } from '@/server/domain/refusal';
import { readEnv } from '@/server/env';
import { applyDocument } from '@/server/operations/apply-document';
import { findWorkspace } from '@/server/operations/find-workspace';
import { type DocumentText, readDocumentText } from '@/server/operations/read-document-text';
import { describeProblems, describeResult } from './plan-words';

const USAGE = `npm run apply -- workspace.yaml             makes the workspace what the file says
npm run apply -- workspace.yaml --dry-run   shows what that would change
npm run apply -- workspace.yaml --prune     also removes what the file's sections leave out
npm run apply -- workspace.yaml --workspace Acme   where there are several
npm run apply -- -                          reads the document from standard input
`;

type Options = { file: string; dryRun: boolean; prune: boolean; workspace: string | undefined };

function readOptions(args: string[]): Options | null {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        'dry-run': { type: 'boolean', default: false },
        prune: { type: 'boolean', default: false },
        workspace: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const [file, ...more] = positionals;
    if (values.help || file === undefined || more.length > 0) return null;
    return { file, dryRun: values['dry-run'], prune: values.prune, workspace: values.workspace };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n`);
    return null;
  }
}

async function readSource(file: string): Promise<string | null> {
  try {
    return file === '-' ? await readAll(process.stdin) : await readFile(file, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    process.stderr.write(`The document could not be read: ${why}\n`);
    return null;
  }
}

function complain(file: string, refusal: Refusal, source?: DocumentText): number {
  const problems = refusal.problems ?? [];
  if (source === undefined || problems.length === 0) {
    process.stderr.write(`${refusal.message}\n`);
  } else {
    const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
    process.stderr.write(
      `Nothing was applied: ${count}.\n\n${describeProblems(file, problems, source.locate)}`,
    );
  }
  return 1;
}

async function run(options: Options): Promise<number> {
  const text = await readSource(options.file);
  if (text === null) return 2;
  const source = readDocumentText(text);
  if (!source.ok) return complain(options.file, source);
  const container = createContainer(readEnv());
  try {
    const { world } = container;
    const workspace = await findWorkspace(world, options.workspace);
    if (!workspace.ok) return complain(options.file, workspace);
    const operator = { kind: 'operator' as const, workspaceId: workspace.value.id, name: 'Operator' };
    const applied = await applyDocument(world, operator, {
      document: source.value.value,
      dryRun: options.dryRun,
      ...(options.prune ? { prune: true } : {}),
    });
    if (!applied.ok) return complain(options.file, applied, source.value);
    process.stdout.write(describeResult(applied.value, options));
    return 0;
  } finally {
    await container.close();
  }
}

function explain(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  if (/ECONNREFUSED|Can't reach database server|P1001/.test(text)) {
    return 'The database does not answer. Start Holdpoint (npm start) and try again.';
  }
  return text;
}

const options = readOptions(process.argv.slice(2));
if (options === null) {
  process.stderr.write(USAGE);
  process.exitCode = 2;
} else {
  try {
    process.exitCode = await run(options);
  } catch (error) {
    process.stderr.write(`Nothing was applied. ${explain(error)}\n`);
    process.exitCode = 1;
  }
}
