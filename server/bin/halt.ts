// `npm run halt`: what scripts/apply.mjs starts with the database and the secret of an installation in its environment. It works while the
// server is down or unreachable: halts live in the database, and every path looks there.
import { parseArgs } from 'node:util';
import { createContainer } from '@/server/container';
import type { Outcome } from '@/server/domain/refusal';
import type { HaltView } from '@/server/domain/views';
import { HALT_SCOPES, type HaltScope } from '@/server/domain/vocabulary';
import { readEnv } from '@/server/env';
import { engageHalt, engageHaltInput } from '@/server/operations/engage-halt';
import { findWorkspace } from '@/server/operations/find-workspace';
import { liftHalt, liftHaltInput, listHaltsOf } from '@/server/operations/lift-halt';

const USAGE = `npm run halt                                                  lists the halts in force
npm run halt -- everything --reason "why"                     stops the whole workspace
npm run halt -- agent hr-assistant --reason "why"             stops one agent; also: run, tool, target, by name or id
npm run halt -- agent hr-assistant --lift --reason "why"      lifts that halt
    --workspace Acme   where there are several
`;

type Options = {
  scope: HaltScope | null;
  id: string | undefined;
  reason: string;
  lift: boolean;
  workspace: string | undefined;
};

function readOptions(args: string[]): Options | null {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        reason: { type: 'string', default: '' },
        lift: { type: 'boolean', default: false },
        workspace: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const [word, id, ...more] = positionals;
    const scope = word === 'everything' ? 'workspace' : word;
    if (values.help || more.length > 0) return null;
    const rest = { id, reason: values.reason, lift: values.lift, workspace: values.workspace };
    if (scope === undefined) return values.lift || values.reason !== '' ? null : { ...rest, scope: null };
    const known = HALT_SCOPES.find((each) => each === scope);
    if (known === undefined || (known === 'workspace') !== (id === undefined)) return null;
    return { ...rest, scope: known };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n`);
    return null;
  }
}

const named = (halt: HaltView): string =>
  halt.scope === 'workspace' ? 'everything' : `${halt.scope} ${halt.subjectName}`;

function listWords(halts: readonly HaltView[]): string {
  const inForce = halts.filter((halt) => halt.liftedAt === null);
  if (inForce.length === 0) return 'No halt is in force.\n';
  return inForce
    .map((halt) => `  ${named(halt)}, halted by ${halt.engagedBy} at ${halt.engagedAt}: ${halt.reason}\n`)
    .join('');
}

async function act(options: Options): Promise<number> {
  const container = createContainer(readEnv());
  try {
    const { world } = container;
    const workspace = await findWorkspace(world, options.workspace);
    if (!workspace.ok) return complain(workspace.message);
    const operator = { workspaceId: workspace.value.id, personId: null, name: 'Operator' };
    if (options.scope === null) {
      process.stdout.write(listWords(await listHaltsOf(world, operator)));
      return 0;
    }
    const what = {
      scope: options.scope,
      ...(options.id === undefined ? {} : { id: options.id }),
      reason: options.reason,
    };
    const parsed = options.lift ? liftHaltInput.safeParse(what) : engageHaltInput.safeParse(what);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      return complain(`--${issue?.path.join('.') ?? 'reason'}: ${issue?.message ?? 'is not valid'}.`);
    }
    const done: Outcome<HaltView> = options.lift
      ? await liftHalt(world, operator, what)
      : await engageHalt(world, operator, what);
    if (!done.ok) return complain(done.message);
    const { value: halt } = done;
    process.stdout.write(
      options.lift
        ? `Lifted: ${named(halt)}. What was revoked stays revoked.\n`
        : `Halted: ${named(halt)}. ${halt.revoked ?? 0} approved actions were taken back. Nothing of it is released or executed until it is lifted.\n`,
    );
    return 0;
  } finally {
    await container.close();
  }
}

function complain(message: string): number {
  process.stderr.write(`${message}\n`);
  return 1;
}

const options = readOptions(process.argv.slice(2));
if (options === null) {
  process.stderr.write(USAGE);
  process.exitCode = 2;
} else {
  try {
    process.exitCode = await act(options);
  } catch (error) {
    process.exitCode = complain(
      `Nothing was changed. ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
