import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AgentScope, ReviewerScope } from '@/server/domain/scopes';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import { accepted, createWorld, type World } from '@/server/testing/world';
import { applyDocument } from './apply-document';
import { claimRelease } from './claim-release';
import { decideAction } from './decide-action';
import { getAction } from './get-action';
import { startRun } from './start-run';
import { submitAction } from './submit-action';

let fresh: TestDatabase;
let world: World;
let agent: AgentScope;
let ana: ReviewerScope;
beforeAll(async () => {
  fresh = await freshDatabase();
  world = await createWorld(fresh.url);
  ana = await world.person('Ana');
  agent = await world.agent('worker', { clearances: ['internal'] });
  await world.tool('notes.write', {
    effects: [
      {
        effect: 'write',
        resource: '$.path',
        content: '$.text',
        location: '$.path',
        classes: ['internal'],
        reversible: true,
      },
    ],
  });
  const operator = { kind: 'operator' as const, workspaceId: world.workspaceId, name: 'test' };
  const people = [{ email: 'pat@acme.example', name: 'Pat Moreau' }];
  const document = { apiVersion: 'holdpoint/v1', directory: { domains: ['acme.example'] }, people };
  accepted(await applyDocument(world.deps, operator, { document }));
});
afterAll(async () => {
  await world.close();
  await fresh.drop();
});

test('the first change an agent makes with a tool waits for a person, later ones go by the other policies', async () => {
  const goal = 'Write "done" into /notes/a';
  const { runId } = accepted(await startRun(world.deps, agent, { goal, onBehalfOf: 'pat@acme.example' }));
  const args = { path: '/notes/a', text: 'done' };
  const submit = async () =>
    accepted(await submitAction(world.deps, agent, { tool: 'notes.write', args, runId }));
  const detail = async (actionId: string) => accepted(await getAction(world.deps, ana, { actionId }));
  for (let i = 0; i < 2; i += 1) {
    const first = await detail((await submit()).actionId);
    expect([first.status, first.rules.map((r) => r.id)]).toEqual(['held', ['first-use']]);
    expect(first.footprint).toMatchObject({
      habits: { firstUse: true, firstTarget: false, newAudience: 0, unusual: [] },
      runsFor: 'pat@acme.example',
    });
  }
  const { actionId, digest } = await submit();
  const footprintDigest = (await detail(actionId)).footprintDigest ?? '';
  accepted(await decideAction(world.deps, ana, { actionId, digest, footprintDigest, decision: 'approve' }));
  expect((await submit()).status).toBe('held');
  accepted(await claimRelease(world.deps, agent, { actionId }));
  // What an agent has done is asked again after five seconds.
  await new Promise((resolve) => setTimeout(resolve, 5_100));
  const later = await submit();
  expect(later.status).toBe('released');
  expect((await detail(later.actionId)).footprint?.habits).toMatchObject({ firstUse: false });
});

test('another agent has to show it as well; what is unusual about an agent is a fact like any other', async () => {
  const other = await world.agent('newcomer', { clearances: ['internal'] });
  await fresh.pool.query(
    `INSERT INTO anomaly (id, workspace_id, agent_id, rule, found, bound) VALUES ('anm_1', $1, $2, 'burst', 900, 600)`,
    [world.workspaceId, other.agentId],
  );
  const { actionId } = accepted(
    await submitAction(world.deps, other, { tool: 'notes.write', args: { path: '/notes/a', text: 'x' } }),
  );
  const { footprint, rules } = accepted(await getAction(world.deps, ana, { actionId }));
  expect(footprint?.habits).toMatchObject({ firstUse: true, unusual: ['burst'] });
  expect(rules.map((r) => r.id)).toContain('first-use');
});
