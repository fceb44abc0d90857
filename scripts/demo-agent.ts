// `npm run demo:agent`: an agent at work, through the same API any agent uses, with the key the demo gave it.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createAgentClient, Refused, Unreachable } from './demo-agent/agent-client';
import { createNarrator } from './demo-agent/narrator';
import { AGENT, runPayrollTask } from './demo-agent/payroll-task';

const HELP = `npm run demo:agent             plays an agent with a month-end task and waits for people to decide
npm run demo:agent -- --once   the same without waiting: what is held stays held
npm run demo:agent -- --help   this text

It uses the key in .holdpoint/demo.json, which npm start writes. HOLDPOINT_DATA names another folder for it.`;

const root = join(import.meta.dirname, '..');
const demoFile = join(resolve(root, process.env.HOLDPOINT_DATA ?? '.holdpoint'), 'demo.json');

function fail(message: string): never {
  process.stderr.write(`\n${message}\n`);
  process.exit(1);
}

function readDemo(): { url: string; agents: { name: string; key: string }[] } {
  if (!existsSync(demoFile)) {
    fail(
      'There is no demo yet: run npm start in another terminal and wait until it is ready, then try again.',
    );
  }
  return JSON.parse(readFileSync(demoFile, 'utf8'));
}

async function main(args: string[]): Promise<void> {
  if (args.includes('--help') || args.includes('-h')) return console.log(HELP);
  const unknown = args.find((arg) => arg !== '--once');
  if (unknown) fail(`"${unknown}" is not known; see npm run demo:agent -- --help.`);
  const demo = readDemo();
  const key = demo.agents.find((agent) => agent.name === AGENT)?.key;
  if (!key)
    fail(`${demoFile} has no key for ${AGENT}; remove the folder it lies in and run npm start again.`);
  try {
    await runPayrollTask(createAgentClient(demo.url, key), createNarrator(), !args.includes('--once'));
  } catch (error) {
    if (error instanceof Unreachable)
      fail(`${error.message}: run npm start in another terminal, then try again.`);
    if (error instanceof Refused) fail(`Holdpoint refused (${error.code}): ${error.message}`);
    throw error;
  }
}

await main(process.argv.slice(2));
