// `npm run apply -- file.yaml`, and what else is run beside the server: gives server/bin/apply.ts, or the program named first, the database and
// the secret of this installation, or those in the environment.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { inData, inRoot } from './launch/paths.mjs';
import { exitWith, PlainProblem } from './plain-problem.mjs';

const kept = (name) => (existsSync(inData(name)) ? readFileSync(inData(name), 'utf8').trim() : null);

function findDatabase() {
  if (process.env.DATABASE_URL) return process.env.DATABASE_URL;
  const [port, password] = [kept('postgres.port'), kept('postgres-role.password')];
  if (port === null || password === null) {
    throw new PlainProblem(
      'There is no installation here yet. Run npm start first, or set DATABASE_URL and HOLDPOINT_SECRET to those of one elsewhere.',
    );
  }
  return `postgresql://holdpoint:${password}@127.0.0.1:${port}/holdpoint`;
}

function findSecret() {
  const secret = process.env.HOLDPOINT_SECRET || kept('secret');
  if (secret) return secret;
  throw new PlainProblem(
    'Set HOLDPOINT_SECRET to the secret the server runs with: connections are sealed with it, and with another one it could not open them.',
  );
}

const [first] = process.argv.slice(2);
const isProgram = first?.startsWith('server/bin/') ?? false;
const program = isProgram ? first : 'server/bin/apply.ts';
const rest = process.argv.slice(isProgram ? 3 : 2);

try {
  const child = spawn(process.execPath, ['--import', 'tsx', inRoot(program), ...rest], {
    stdio: 'inherit',
    env: {
      ...process.env,
      DATABASE_URL: findDatabase(),
      HOLDPOINT_SECRET: findSecret(),
      HOLDPOINT_LOG: 'silent',
    },
  });
  child.once('error', exitWith);
  child.once('close', (code) => process.exit(code ?? 1));
} catch (error) {
  exitWith(error);
}
