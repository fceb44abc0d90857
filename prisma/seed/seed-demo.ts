// Run by `npm start` on an installation's own database: fills the demo company and declares the workspace that guards it, through the
// very operations an operator uses. Later, when the database has moved to another port, only tells the target where it is now.
import { randomInt } from 'node:crypto';
import { chmod, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createContainer } from '@/server/container';
import type { Outcome } from '@/server/domain/refusal';
import { readEnv } from '@/server/env';
import { acceptSetupLink } from '@/server/operations/accept-setup-link';
import { applyDocument, type OperatorScope } from '@/server/operations/apply-document';
import { createOwnerLink } from '@/server/operations/create-owner-link';
import { setPassword } from '@/server/operations/set-password';
import { createAgentRole } from './company/create-agent-role';
import { createCompany } from './company/create-company';
import { createHandbook } from './create-handbook';
import { type DemoDocument, readDemoWorkspace } from './demo-workspace';

const WORKSPACE = 'Larkfield Supply Co.';
/** Without letters and digits that look alike: these passwords are typed from a terminal. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';

type World = ReturnType<typeof createContainer>['world'];
type Person = DemoDocument['people'][number] & { password: string };

function must<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new Error(`${outcome.message} ${JSON.stringify(outcome.problems ?? '')}`);
}

function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is missing; npm start sets it.`);
  return value;
}

function inventPassword(): string {
  const group = () => Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  return [group(), group(), group(), group()].join('-');
}

async function operatorOf(world: World): Promise<OperatorScope> {
  const workspace = await world.db.prisma.workspace.findFirstOrThrow();
  return { kind: 'operator', workspaceId: workspace.id, name: 'Demo' };
}

/** The first owner comes in the way every first owner does: by the one-time link. */
async function createWorkspace(world: World, owner: Person): Promise<void> {
  const link = must(await createOwnerLink(world));
  const token = link.url.split('/').at(-1) ?? '';
  const { name, email, password } = owner;
  must(await acceptSetupLink(world, { token, password, owner: { workspace: WORKSPACE, name, email } }));
}

async function writeDemoFile(file: string, content: unknown): Promise<void> {
  const draft = `${file}.new`;
  await writeFile(draft, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  await chmod(draft, 0o600);
  await rename(draft, file);
}

async function seed(world: World, document: DemoDocument): Promise<void> {
  const people = document.people.map((person) => ({ ...person, password: inventPassword() }));
  const owner = people.find((person) => person.roles.includes('owner'));
  if (!owner) throw new Error('The demo workspace declares no owner.');
  await createWorkspace(world, owner);
  const operator = await operatorOf(world);
  const applied = must(await applyDocument(world, operator, { document }));
  for (const { email, password } of people) {
    if (email !== owner.email) must(await setPassword(world, operator, { email, password }));
  }
  await writeDemoFile(setting('HOLDPOINT_DEMO_FILE'), {
    url: world.url,
    // Reviewers first: whoever opens this file looks for somebody to sign in as.
    reviewers: [...people.filter((p) => p !== owner), owner].map(
      ({ name, email, password, roles, clearances }) => ({
        name,
        email,
        password,
        roles,
        clearances,
      }),
    ),
    agents: applied.agents.map(({ name, key }) => ({
      name,
      key,
      owner: document.agents.find((agent) => agent.name === name)?.owner,
    })),
    targets: document.targets.map(({ name, kind }) => ({ name, kind })),
  });
}

async function main(): Promise<void> {
  const companyUrl = setting('HOLDPOINT_COMPANY_URL');
  const handbook = join(dirname(setting('HOLDPOINT_DEMO_FILE')), 'handbook');
  const document = await readDemoWorkspace(companyUrl, handbook);
  const isFresh = setting('HOLDPOINT_DEMO_FRESH') === '1';
  if (isFresh) {
    const url = setting('HOLDPOINT_COMPANY_ADMIN_URL');
    await Promise.all([createCompany({ url }), createHandbook(handbook)]);
    await createAgentRole({ url, password: decodeURIComponent(new URL(companyUrl).password) });
  }
  const container = createContainer(readEnv());
  try {
    if (isFresh) await seed(container.world, document);
    else {
      const targets = document.targets.flatMap(({ name, kind, connection }) =>
        connection === undefined ? [] : [{ name, kind, connection }],
      );
      const moved = { apiVersion: 'holdpoint/v1', targets };
      must(await applyDocument(container.world, await operatorOf(container.world), { document: moved }));
    }
  } finally {
    await container.close();
  }
}

await main();
