import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commitAll, makeTree } from '@/server/adapters/files/testing';
import type { AgentScope, ReviewerScope } from '@/server/domain/scopes';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import { accepted, createWorld, digestsOf, refusedAs, statusOf, type World } from '@/server/testing/world';
import { applyDocument } from './apply-document';
import { decideAction } from './decide-action';
import { executeAction } from './execute-action';
import { getAction } from './get-action';
import { measureAction } from './measure-action';
import { planUndo } from './plan-undo';
import { submitAction } from './submit-action';

let fresh: TestDatabase;
let world: World;
let root: string;
let agent: AgentScope;
let people: ReviewerScope[];
beforeAll(async () => {
  fresh = await freshDatabase();
  world = await createWorld(fresh.url);
  root = makeTree({ 'undo/one.txt': 'first\n', 'undo/two.txt': 'second\n', 'keep.txt': 'k' });
  commitAll(root);
  agent = await world.agent('clerk', { clearances: ['internal'] });
  people = await Promise.all(
    ['Ana', 'Lee', 'Third'].map((name) => world.person(name, { roles: ['security_lead', 'reviewer'] })),
  );
  const document = {
    apiVersion: 'holdpoint/v1',
    targets: [{ name: 'handbook', kind: 'files', root, classes: { '**': 'internal' } }],
    tools: [{ name: 'handbook.files', kind: 'files', target: 'handbook' }],
  };
  const operator = { kind: 'operator' as const, workspaceId: world.workspaceId, name: 'test' };
  accepted(await applyDocument(world.deps, operator, { document }));
  world.deps.catalog.drop();
});
afterAll(async () => {
  await world.close();
  await fresh.drop();
});

/** Approved by as many as it takes. */
async function approve(actionId: string): Promise<void> {
  const digests = await digestsOf(world.deps, actionId);
  for (const who of people) {
    if ((await statusOf(world.deps, actionId)) !== 'held') return;
    const { hold } = accepted(await getAction(world.deps, who, { actionId }));
    const confirm = hold?.confirm ? { confirm: hold.confirm.answer } : {};
    const outcome = await decideAction(world.deps, who, { ...digests, decision: 'approve', ...confirm });
    if (!outcome.ok) expect(outcome.code).toBe('excluded_from_voting');
  }
}

test('what was deleted comes back from git by a planned action: measured, held, decided by others, and never over what changed since', async () => {
  const args = { operation: 'delete', glob: 'undo/*.txt' };
  const done = accepted(await submitAction(world.deps, agent, { tool: 'handbook.files', args }));
  await measureAction(world.deps, done.actionId);
  await approve(done.actionId);
  await executeAction(world.deps, done.actionId);
  const [ana] = people as [ReviewerScope];
  const { undo } = accepted(await getAction(world.deps, ana, done));
  expect(undo).toMatchObject({ state: 'possible', rows: 2, left: [] });
  const { actionId } = accepted(await planUndo(world.deps, ana, done));
  await measureAction(world.deps, actionId);
  expect(await statusOf(world.deps, actionId)).toBe('held');
  expect(existsSync(join(root, 'undo/one.txt'))).toBe(false);
  const digests = await digestsOf(world.deps, actionId);
  expect(refusedAs(await decideAction(world.deps, ana, { ...digests, decision: 'approve' }))).toBe(
    'excluded_from_voting',
  );
  await approve(actionId);
  writeFileSync(join(root, 'undo/two.txt'), 'somebody wrote this meanwhile');
  await executeAction(world.deps, actionId);
  // Not what was approved any more: people look again, at the one that is left.
  expect(await statusOf(world.deps, actionId)).toBe('held');
  await approve(actionId);
  await executeAction(world.deps, actionId);
  expect(await statusOf(world.deps, actionId)).toBe('succeeded');
  expect(readFileSync(join(root, 'undo/one.txt'), 'utf8')).toBe('first\n');
  expect(readFileSync(join(root, 'undo/two.txt'), 'utf8')).toBe('somebody wrote this meanwhile');
});

test('no agent can say an undo', async () => {
  const files = [{ path: 'keep.txt', is: null, was: null, mode: 0o644 }];
  const args = { operation: 'restore', files, undoes: 'act_x', values: 'sha256:x' };
  expect(refusedAs(await submitAction(world.deps, agent, { tool: 'handbook.files', args }))).toBe(
    'args_invalid',
  );
  expect(existsSync(join(root, 'keep.txt'))).toBe(true);
});
