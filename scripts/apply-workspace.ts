// `npm run apply -- file.yaml`: makes the workspace what the file says, as whoever runs Holdpoint on this machine.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createContainer } from '@/server/container';
import { type Env, readEnv } from '@/server/env';
import { type ApplyResult, applyDocument, type OperatorScope } from '@/server/operations/apply-document';

const HELP = `npm run apply -- file.yaml             applies a workspace document, all of it or nothing
npm run apply -- file.yaml --dry-run   only says what would change
npm run apply -- file.yaml --prune     also removes what the file's sections leave out
          --workspace "Name"           needed only where there are several

Keys of new agents are printed once. With DATABASE_URL and HOLDPOINT_SECRET it works on that installation, else on the one npm start
keeps running from this checkout.`;

const root = join(import.meta.dirname, '..');
const data = resolve(root, process.env.HOLDPOINT_DATA ?? '.holdpoint');

function fail(message: string): never {
  process.stderr.write(`\n${message}\n`);
  process.exit(1);
}

function kept(name: string): string {
  const file = join(data, name);
  if (!existsSync(file)) {
    fail(
      `Nothing runs from this checkout yet (${file} is missing): run npm start first, or set DATABASE_URL and HOLDPOINT_SECRET.`,
    );
  }
  return readFileSync(file, 'utf8').trim();
}

function readInstallation(): Env {
  const { DATABASE_URL: url, HOLDPOINT_SECRET: secret } = process.env;
  return readEnv({
    ...process.env,
    HOLDPOINT_LOG: 'error',
    HOLDPOINT_SECRET: secret || kept('secret'),
    DATABASE_URL:
      url ||
      `postgresql://holdpoint:${kept('postgres-role.password')}@127.0.0.1:${kept('postgres.port')}/holdpoint`,
  });
}

type World = ReturnType<typeof createContainer>['world'];

async function findOperator(world: World, wanted: string | undefined): Promise<OperatorScope> {
  const workspaces = await world.db.prisma.workspace
    .findMany({ select: { id: true, name: true }, take: 100 })
    .catch(() => {
      fail('The database does not answer: run npm start in another terminal, or check DATABASE_URL.');
    });
  const fitting =
    wanted === undefined ? workspaces : workspaces.filter((workspace) => workspace.name === wanted);
  const [workspace, ...others] = fitting;
  const names = workspaces.map(({ name }) => `"${name}"`).join(', ');
  if (!workspace && names === '')
    fail('There is no workspace yet: create its owner with the link npm start prints.');
  if (!workspace) fail(`There is no workspace "${wanted}"; there is ${names}.`);
  if (others.length > 0) fail(`Say which one with --workspace: ${names}.`);
  return { kind: 'operator', workspaceId: workspace.id, name: 'Operator' };
}

function show(result: ApplyResult, isDryRun: boolean): void {
  const changed = result.changes.filter(({ change }) => change !== 'unchanged');
  for (const { change, kind, name, detail } of changed)
    console.log(`  ${change.padEnd(7)} ${kind} ${name}${detail ? `  ${detail}` : ''}`);
  for (const warning of result.warnings) console.log(`  warning ${warning}`);
  for (const { name, key } of result.agents) console.log(`  key     ${name}  ${key}  (shown only now)`);
  const unchanged = result.changes.length - changed.length;
  const verb = isDryRun ? 'would change' : 'changed';
  console.log(`\n${changed.length} ${verb}, ${unchanged} unchanged.`);
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        'dry-run': { type: 'boolean' },
        prune: { type: 'boolean' },
        workspace: { type: 'string' },
      },
    });
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : error}\n\n${HELP}`);
  }
}

async function main(): Promise<void> {
  const { values, positionals } = readArguments();
  if (values.help) return console.log(HELP);
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) fail(`Name one file.\n\n${HELP}`);
  if (!existsSync(file)) fail(`There is no file ${file}.`);
  const container = createContainer(readInstallation());
  try {
    const operator = await findOperator(container.world, values.workspace);
    const isDryRun = values['dry-run'] === true;
    const applied = await applyDocument(container.world, operator, {
      document: readFileSync(file, 'utf8'),
      dryRun: isDryRun,
      prune: values.prune,
    });
    if (applied.ok) return show(applied.value, isDryRun);
    const places = (applied.problems ?? []).map(({ pointer, message }) => `  ${pointer}: ${message}`);
    fail([applied.message, ...(places.length > 1 ? places : [])].join('\n'));
  } finally {
    await container.close();
  }
}

await main();
