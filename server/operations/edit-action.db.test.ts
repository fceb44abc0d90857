import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AgentScope, ReviewerScope } from '@/server/domain/scopes';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import {
  accepted,
  createWorld,
  EFFECTS,
  plan,
  refusedAs,
  statusOf,
  type World,
} from '@/server/testing/world';
import { claimRelease } from './claim-release';
import { decideAction } from './decide-action';
import { editAction } from './edit-action';
import { getAction } from './get-action';
import { measureAction } from './measure-action';
import { getAgentAction } from './wait-for-action';

let fresh: TestDatabase;
let world: World;
let agent: AgentScope;
let owner: ReviewerScope;
let editor: ReviewerScope;
let other: ReviewerScope;
beforeAll(async () => {
  fresh = await freshDatabase();
  world = await createWorld(fresh.url);
  owner = await world.person('Owner');
  editor = await world.person('Edith');
  other = await world.person('Otto');
  agent = await world.agent('writer', { owner });
  await world.tool('pages.write', { effects: EFFECTS.held });
  await world.tool('pages.read', {
    // More than a thousand are held; one flows.
    effects: [{ effect: 'read', resource: '$.pages[*]', classes: ['public'] }],
    inputSchema: {
      type: 'object',
      properties: { pages: { type: 'array', items: { type: 'string' } } },
      required: ['pages'],
    },
  });
});
afterAll(async () => {
  await world.close();
  await fresh.drop();
});

const MANY = Array.from({ length: 1_001 }, (_, i) => `p${i}`);
const edit = (
  who: ReviewerScope,
  of: { actionId: string; digest: string; footprintDigest: string },
  args: Record<string, unknown>,
) => editAction(world.deps, who, { ...of, args, note: 'Only the first page' });
async function edited(args: Record<string, unknown> = { path: '/a' }) {
  const original = await plan(world, agent, 'pages.write', { path: '/', deep: true });
  const { actionId, digest, footprintDigest } = original;
  const { actionId: into } = accepted(await edit(editor, { actionId, digest, footprintDigest }, args));
  await measureAction(world.deps, into);
  const detail = accepted(await getAction(world.deps, other, { actionId: into }));
  return { original, into, detail };
}

test('the original is sent back, the new one measured anew, held and decided by somebody else; the agent is told and claims it', async () => {
  const { original, into, detail } = await edited();
  expect(await statusOf(world.deps, original.actionId)).toBe('sent_back');
  expect(detail).toMatchObject({
    status: 'held',
    args: { path: '/a' },
    edit: { of: original.actionId, into: null },
  });
  expect(detail.rules[0]).toMatchObject({ id: 'edited' });
  expect(detail.hold?.eligible).toEqual(['Otto']);
  const before = accepted(await getAction(world.deps, other, original));
  expect(before.edit).toEqual({ of: null, into });
  const told = accepted(await getAgentAction(world.deps, agent, { actionId: original.actionId }));
  expect(told.status).toBe('sent_back');
  expect(told.note).toContain(into);
  expect(told.note).toContain('Arguments: {"path":"/a"}');
  const vote = {
    actionId: into,
    digest: detail.digest,
    footprintDigest: detail.footprintDigest ?? '',
    decision: 'approve' as const,
  };
  for (const who of [editor, owner])
    expect(refusedAs(await decideAction(world.deps, who, vote))).toBe('excluded_from_voting');
  accepted(await decideAction(world.deps, other, vote));
  const claim = accepted(await claimRelease(world.deps, agent, { actionId: into }));
  expect(claim.releaseId).toMatch(/^rel_/);
  expect(refusedAs(await claimRelease(world.deps, agent, { actionId: original.actionId }))).toBe(
    'not_released',
  );
});

test('even what policy would let flow waits for somebody else, when a reviewer wrote it', async () => {
  const original = await plan(world, agent, 'pages.read', { pages: MANY });
  expect(original.status).toBe('held');
  const { actionId, digest, footprintDigest } = original;
  const { actionId: into } = accepted(
    await edit(editor, { actionId, digest, footprintDigest }, { pages: ['a'] }),
  );
  await measureAction(world.deps, into);
  expect(accepted(await getAction(world.deps, other, { actionId: into }))).toMatchObject({
    status: 'held',
    needed: 1,
    rules: [{ id: 'edited' }],
  });
});

test('edited twice, nobody who edited has a vote', async () => {
  const { into, detail } = await edited();
  const of = { actionId: into, digest: detail.digest, footprintDigest: detail.footprintDigest ?? '' };
  expect(refusedAs(await edit(editor, of, { path: '/b' }))).toBe('excluded_from_voting');
  const { actionId: third } = accepted(await edit(other, of, { path: '/b' }));
  await measureAction(world.deps, third);
  expect(accepted(await getAction(world.deps, owner, { actionId: third })).hold?.eligible).toEqual([]);
});

test('what cannot be planned is refused, and the original still waits', async () => {
  const original = await plan(world, agent, 'pages.read', { pages: MANY });
  const { actionId, digest, footprintDigest } = original;
  const of = { actionId, digest, footprintDigest };
  expect(refusedAs(await edit(owner, of, { pages: [] }))).toBe('excluded_from_voting');
  expect(refusedAs(await edit(editor, of, { pages: 'a' }))).toBe('args_invalid');
  expect(refusedAs(await edit(editor, of, { pages: MANY }))).toBe('input_invalid');
  expect(refusedAs(await edit(editor, { ...of, footprintDigest: 'other' }, { pages: ['a'] }))).toBe(
    'digest_conflict',
  );
  expect(await statusOf(world.deps, actionId)).toBe('held');
  const twice = await Promise.all([edit(editor, of, { pages: ['a'] }), edit(other, of, { pages: ['b'] })]);
  expect(twice.filter((o) => o.ok)).toHaveLength(1);
  expect(twice.filter((o) => !o.ok)).toMatchObject([{ code: 'not_held' }]);
});

test('arguments that are covered for a reviewer are not changed by them: what they do not see would be lost', async () => {
  await world.tool('notes.send', {
    effects: [
      { effect: 'write', resource: '$.path', content: '$.text', classes: ['internal'], reversible: true },
    ],
  });
  const action = await plan(world, agent, 'notes.send', {
    path: '/a',
    text: 'Card 4111 1111 1111 1111, thank you',
  });
  const seen = accepted(await getAction(world.deps, editor, action)).args;
  expect(JSON.stringify(seen)).not.toContain('4111 1111');
  expect(refusedAs(await edit(editor, action, { ...seen, path: '/b' }))).toBe('forbidden');
  const cleared = await world.person('Clara', { clearances: ['internal', 'personal', 'financial'] });
  accepted(await edit(cleared, action, { path: '/b', text: 'Thank you' }));
});
