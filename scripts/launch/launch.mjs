// The order in which an installation comes up, and goes down again.

import { relative } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { explainFileError, isPortTaken, PlainProblem } from '../plain-problem.mjs';
import { isSameProcess } from '../process-identity.mjs';
import { ensureBuild, ensureClient, ensurePackages } from './install.mjs';
import { releaseLock, takeLock } from './launch-lock.mjs';
import { bold, dim, red, say, step } from './narrate.mjs';
import { inData, inRoot, ROOT } from './paths.mjs';
import { runProgram, stopPrograms } from './run-program.mjs';
import { ensureDataFolder, keptSecret } from './secrets.mjs';

const HELP = `npm start        installs, builds and serves Holdpoint
npm run dev      the same, rebuilding pages as you edit them

PORT=3100        serve on another port (3000 when absent)
HOST=0.0.0.0     let other machines reach it (only this one when absent)
HOLDPOINT_URL    where people reach it, when that is not http://localhost:PORT
DATABASE_URL     use this PostgreSQL instead of the embedded one; no demo is put there
HOLDPOINT_SECRET 32 random bytes in base64; made and kept in .holdpoint/ when absent
HOLDPOINT_LOG    silent, error, warn (when absent), info or debug
HOLDPOINT_DATA   keep data in this folder instead of .holdpoint/`;

const shown = (name) => relative(ROOT, inData(name));

function readSettings() {
  const port = Number(process.env.PORT || 3000);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new PlainProblem(
      `PORT is "${process.env.PORT}", which is not a port; choose a number from 1 to 65535, for example PORT=3100 npm start.`,
    );
  }
  const host = process.env.HOST || '127.0.0.1';
  return { port, host, url: (process.env.HOLDPOINT_URL || `http://localhost:${port}`).replace(/\/$/, '') };
}

/** What runs, newest first: it goes down in that order, once, however often and by whomever it is asked. */
function createShutdown() {
  const parts = [];
  let going = null;
  const goDown = async () => {
    stopPrograms();
    for (const stop of parts.reverse())
      await stop().catch((error) => process.stderr.write(`${error.message}\n`));
  };
  return {
    add: (stop) => parts.push(stop),
    run: () => (going ??= goDown()),
    isGoing: () => going !== null,
  };
}

function listenForTheEnd(shutdown, npm) {
  const leave = async (code) => {
    if (shutdown.isGoing()) return;
    if (process.stdout.isTTY) say(`\n  ${dim('Stopping …')}`);
    await shutdown.run();
    process.exit(code);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => leave(0));
  if (!npm) return;
  const watch = setInterval(() => {
    if (!isSameProcess(npm)) void leave(0);
  }, 500);
  watch.unref();
}

async function openDatabase(shutdown, env) {
  if (process.env.DATABASE_URL) {
    const { ensureMigrated } = await import('./migrate.mjs');
    await ensureMigrated(process.env.DATABASE_URL);
    return { url: process.env.DATABASE_URL, demo: null };
  }
  const { openOwnDatabase } = await import('./own-database.mjs');
  const own = await openOwnDatabase();
  shutdown.add(own.stop);
  const { ensureMigrated } = await import('./migrate.mjs');
  await ensureMigrated(own.url);
  const { ensureDemo, readDemo } = await import('./demo.mjs');
  await ensureDemo(own, { ...env, DATABASE_URL: own.url });
  own.ended.then(async () => {
    if (shutdown.isGoing()) return;
    process.stderr.write(`\n${red('The database ended on its own')}; its log is ${shown('postgres.log')}.\n`);
    await shutdown.run();
    process.exit(1);
  });
  return { url: own.url, demo: readDemo(env.HOLDPOINT_URL) };
}

/** On somebody's own database nobody exists yet: the first to open this link becomes the owner. */
async function createOwnerLink(env) {
  const output = await runProgram(
    process.execPath,
    ['--import', 'tsx', inRoot('scripts/launch/print-owner-link.ts')],
    {
      env,
      failed: 'The link to create the owner could not be made',
    },
  );
  return output.trim();
}

function introduce({ url, demo, ownerLink, startedAt }) {
  say();
  say(
    `  ${bold('Holdpoint')} is ready at ${bold(url)} ${dim(`after ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)}`,
  );
  say();
  if (demo) {
    const reviewer =
      demo.reviewers.find((person) => person.roles.length === 1 && person.clearances.length >= 7) ??
      demo.reviewers[0];
    say(`  Sign in     ${reviewer.email}   ${reviewer.password}`);
    say(`              ${dim(`everybody else, with roles and clearances: ${shown('demo.json')}`)}`);
    say(`  An agent    npm run demo:agent   ${dim('in another terminal')}`);
  } else if (ownerLink) {
    say(`  Create the owner (once, within a day)   ${ownerLink}`);
  }
  say(`  Stop        Ctrl-C`);
  say();
}

async function bringUp(shutdown, { isDev, startedAt }) {
  const settings = readSettings();
  ensureDataFolder();
  const lock = await takeLock(settings.url);
  shutdown.add(async () => releaseLock());
  listenForTheEnd(shutdown, lock.npm);
  if (await isPortTaken(settings.port, settings.host)) {
    throw new PlainProblem(
      `Port ${settings.port} is taken by another program; choose another one, for example PORT=${settings.port + 100} npm ${isDev ? 'run dev' : 'start'}.`,
    );
  }
  const env = {
    NODE_ENV: isDev ? 'development' : 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    PORT: String(settings.port),
    HOST: settings.host,
    HOLDPOINT_URL: settings.url,
    // A terminal is for people; HOLDPOINT_LOG=info shows every request's line.
    HOLDPOINT_LOG: process.env.HOLDPOINT_LOG || 'warn',
    HOLDPOINT_SECRET: process.env.HOLDPOINT_SECRET || keptSecret('secret'),
  };
  await ensurePackages();
  await ensureClient();
  const database = await openDatabase(shutdown, env);
  if (!isDev) await ensureBuild();
  const { startWebServer } = await import('./web-server.mjs');
  const serverEnv = { ...env, DATABASE_URL: database.url };
  const server = await step('Starting the server', () => startWebServer({ env: serverEnv, ...settings }));
  shutdown.add(server.stop);
  const ownerLink = database.demo || !process.env.DATABASE_URL ? null : await createOwnerLink(serverEnv);
  introduce({ url: settings.url, demo: database.demo, ownerLink, startedAt });
  const how = await server.ended;
  if (shutdown.isGoing()) return new Promise(() => {});
  throw new PlainProblem(
    `The server ended on its own (${how}); what it said is above. Start again with npm start.`,
  );
}

/** Runs until it is asked to stop. Everything a person can fix ends in one sentence and code 1. */
export async function launch(args) {
  const startedAt = performance.now();
  if (args.includes('--help') || args.includes('-h')) return say(HELP);
  const shutdown = createShutdown();
  try {
    await bringUp(shutdown, { isDev: args.includes('--dev'), startedAt });
  } catch (error) {
    // Interrupted while starting: the step that was under way failed because it was told to.
    if (shutdown.isGoing()) return pause(60_000);
    const plain = explainFileError(error, 'prepare its data');
    const text = plain instanceof PlainProblem ? plain.message : (plain?.stack ?? String(plain));
    process.stderr.write(`\n${text}\n`);
    await shutdown.run();
    process.exit(1);
  }
}
