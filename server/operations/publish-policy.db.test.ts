import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createCedarLanguage } from '@/server/adapters/policy/cedar/cedar-language';
import type { PolicySet } from '@/server/domain/policy-set';
import type { AgentScope, ReviewerScope } from '@/server/domain/scopes';
import { setOf } from '@/server/store/policy-versions';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import { aboutTool } from '@/server/testing/publish-version';
import {
  accepted,
  createWorld,
  digestsOf,
  EFFECTS,
  openProcess,
  refusedAs,
  statusOf,
  type World,
} from '@/server/testing/world';
import { getBacktest, listBacktestChanges, startBacktest, stopBacktest } from './backtest-draft';
import { decideAction } from './decide-action';
import { beginDraft, saveDraft } from './edit-draft';
import { engageHalt } from './engage-halt';
import { executeAction } from './execute-action';
import { getAction } from './get-action';
import { liftHalt } from './lift-halt';
import { listActions } from './list-actions';
import { proposePolicy, restoreVersion } from './propose-policy';
import { getDraft, getPolicy, reportDraft } from './read-policy';
import { recoverExecution } from './recover-execution';
import { runBacktest } from './run-backtest';
import { submitAction } from './submit-action';

let fresh: TestDatabase;
let world: World;
let agent: AgentScope;
let lea: ReviewerScope;
let max: ReviewerScope;
let rita: ReviewerScope;
let n = 0;
const language = createCedarLanguage();
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(async () => {
  await world.close();
  language.close();
  await fresh.drop();
});
beforeEach(async () => {
  // A workspace of its own each time: versions are for good.
  await world?.close();
  world = await createWorld(fresh.url, { policyLanguage: language });
  [lea, max, rita] = [
    await world.person('Lea', { roles: ['security_lead'] }),
    await world.person('Max', { roles: ['owner'] }),
    await world.person('Rita'),
  ];
  agent = await world.agent('worker');
  await world.tool('read', { effects: EFFECTS.allowed });
  await world.tool('write', { effects: EFFECTS.held });
});

const CASE = (policies: string[], tool = 'read') => ({
  title: `What ${tool} does waits for two`,
  facts: {
    tool: { name: tool },
    footprint: {
      items: [{ operation: 'read', resource: 'public.t', count: 1, classes: ['public'] }],
      readOnly: true,
      method: 'read_only',
    },
  },
  expect: { policies, quorum: 2 },
});
const TWO = aboutTool('two-for-read', 'read', '@verdict("hold") @quorum("2")');
const withTwo = (set: PolicySet): PolicySet => ({
  policies: [...set.policies, TWO],
  cases: [
    ...set.cases,
    { name: 'read-needs-two', verdict: 'hold', text: JSON.stringify(CASE(['two-for-read'])) },
  ],
});

/** A draft of somebody with a change in it. */
async function drafted(by: ReviewerScope, change: (set: PolicySet) => PolicySet) {
  const { draftId, revision } = accepted(await beginDraft(world.deps, by, { name: `draft ${n++}` }));
  const row = await world.deps.db.prisma.policyDraft.findUniqueOrThrow({ where: { id: draftId } });
  const saved = accepted(await saveDraft(world.deps, by, { draftId, revision, set: change(setOf(row)) }));
  return saved;
}
const propose = async (by: ReviewerScope, change: (set: PolicySet) => PolicySet) =>
  proposePolicy(world.deps, by, { ...(await drafted(by, change)), note: 'because of last week' });
const decide = async (who: ReviewerScope, actionId: string, deps = world.deps) =>
  decideAction(deps, who, { ...(await digestsOf(world.deps, actionId)), decision: 'approve' });
const submit = async () =>
  accepted(await submitAction(world.deps, agent, { tool: 'read', args: { n: n++ } }));
const versionNow = async () => (await world.deps.policies.get(world.workspaceId)).version;

describe('publishing', () => {
  test('is a held action that another lead approves; from then on the new version judges, and it can be taken back', async () => {
    expect((await submit()).status).toBe('released');
    const { actionId } = accepted(await propose(lea, withTwo));
    expect(await versionNow()).toBe(0);
    const inbox = accepted(await listActions(world.deps, max, { needsMe: true, limit: 50 }));
    expect(inbox.items.map((i) => i.actionId)).toContain(actionId);
    const page = accepted(await getAction(world.deps, max, { actionId }));
    expect(page.policyChange).toMatchObject({
      diff: { policies: [{ id: 'two-for-read', change: 'added' }] },
      proposer: 'Lea',
      isStale: false,
    });
    expect(accepted(await decide(max, actionId)).status).toBe('released');
    expect(world.asked).toContain(`execute ${actionId}`);
    await executeAction(world.deps, actionId);
    expect(await statusOf(world.deps, actionId)).toBe('succeeded');
    expect(await versionNow()).toBe(1);
    expect((await submit()).status).toBe('held');
    const overview = accepted(await getPolicy(world.deps, rita));
    expect(overview.versions).toMatchObject([{ version: 1, proposer: 'Lea', approvedBy: ['Max'] }]);

    const back = accepted(await restoreVersion(world.deps, max, { version: 0, note: 'too strict' }));
    expect(refusedAs(await decide(max, back.actionId))).toBe('excluded_from_voting');
    accepted(await decide(lea, back.actionId));
    await executeAction(world.deps, back.actionId);
    expect(await versionNow()).toBe(2);
    expect((await submit()).status).toBe('released');
  });

  test('nobody approves what they wrote or proposed, and no reviewer approves policy at all', async () => {
    const draft = await drafted(lea, withTwo);
    const uma = await world.person('Uma', { roles: ['owner'] });
    const edited = accepted(
      await saveDraft(world.deps, max, { ...draft, set: await contentOf(draft.draftId) }),
    );
    const { actionId } = accepted(await proposePolicy(world.deps, max, { ...edited, note: 'x' }));
    expect(refusedAs(await decide(lea, actionId))).toBe('excluded_from_voting');
    expect(refusedAs(await decide(max, actionId))).toBe('excluded_from_voting');
    expect(refusedAs(await decide(rita, actionId))).toBe('not_entitled');
    const needs = async (who: ReviewerScope) =>
      accepted(await listActions(world.deps, who, { needsMe: true, limit: 50 })).items.map((i) => i.actionId);
    for (const who of [lea, max, rita]) expect(await needs(who)).not.toContain(actionId);
    accepted(await decide(uma, actionId));
    // Forged votes of the others release nothing either: the claim counts by itself.
    await fresh.pool.query('UPDATE planned_action SET needed = 2 WHERE id = $1', [actionId]);
    await executeAction(world.deps, actionId);
    expect(await statusOf(world.deps, actionId)).toBe('released');
  });

  test('with nobody else who could approve it says so at once, and what to do', async () => {
    await fresh.pool.query(`UPDATE person SET roles = '{reviewer}' WHERE id = $1`, [max.personId]);
    const refused = await propose(lea, withTwo);
    expect(refused).toMatchObject({ ok: false, code: 'nobody_to_approve' });
    expect(!refused.ok && refused.message).toContain('Invite one');
  });

  test('a reviewer neither drafts nor proposes nor restores', async () => {
    expect(refusedAs(await beginDraft(world.deps, rita, { name: 'mine' }))).toBe('forbidden');
    expect(refusedAs(await restoreVersion(world.deps, rita, { version: 0, note: 'x' }))).toBe('forbidden');
    const draft = await drafted(lea, withTwo);
    expect(refusedAs(await proposePolicy(world.deps, rita, { ...draft, note: 'x' }))).toBe('forbidden');
  });

  test.each<[string, (set: PolicySet) => PolicySet]>([
    ['a policy without a case', (s) => ({ ...s, policies: [...s.policies, TWO] })],
    ['a case that fails', (s) => ({ ...s, policies: s.policies.slice(1) })],
    [
      'a fact that does not exist',
      (s) => ({
        ...s,
        policies: s.policies.map((p) => ({ ...p, text: p.text.replaceAll('rowsRead', 'rowz') })),
      }),
    ],
    [
      'a misspelt annotation',
      (s) => ({
        ...s,
        policies: s.policies.map((p) => ({ ...p, text: p.text.replace('@quorum', '@quorom') })),
      }),
    ],
    ['text that is no policy', (s) => ({ ...s, policies: [...s.policies, { id: 'x', text: 'permit (' }] })],
    [
      'a policy that is called something else',
      (s) => ({ ...s, policies: [...s.policies, { ...TWO, id: 'other-name' }] }),
    ],
    [
      'a case that is no JSON',
      (s) => ({ ...s, cases: [...s.cases, { name: 'x', verdict: 'hold', text: '{' }] }),
    ],
  ])('%s cannot be published', async (_, change) => {
    const refused = await propose(lea, change);
    expect(refused).toMatchObject({ ok: false, code: 'policy_invalid' });
    expect(!refused.ok && refused.problems?.length).toBeGreaterThan(0);
  });

  test('of two publications from the same version one wins; the other changes nothing and says why', async () => {
    const uma = await world.person('Uma', { roles: ['owner'] });
    const one = accepted(await propose(lea, withTwo));
    const two = accepted(
      await propose(max, (s) => {
        const more = aboutTool('two-for-write', 'write', '@verdict("hold") @quorum("2")');
        const text = JSON.stringify(CASE(['two-for-write'], 'write'));
        return { policies: [...s.policies, more], cases: [...s.cases, { name: 'w', verdict: 'hold', text }] };
      }),
    );
    for (const { actionId } of [one, two]) accepted(await decide(uma, actionId));
    await Promise.all([one, two].map(({ actionId }) => executeAction(world.deps, actionId)));
    const ended = await Promise.all([one, two].map(({ actionId }) => statusOf(world.deps, actionId)));
    expect(ended.sort()).toEqual(['failed', 'succeeded']);
    world.deps.policies.drop();
    expect(await versionNow()).toBe(1);
    // What is drafted from an overtaken version is refused before anybody is asked.
    const { rows } = await fresh.pool.query(
      `SELECT id, revision FROM policy_draft WHERE closed_at IS NULL AND workspace_id = $1`,
      [world.workspaceId],
    );
    const late = { draftId: rows[0].id, revision: rows[0].revision, note: 'x' };
    expect(refusedAs(await proposePolicy(world.deps, lea, late))).toBe('policy_moved');
  });

  test('killed in the middle, everything or nothing is published', async () => {
    const { actionId } = accepted(await propose(lea, withTwo));
    accepted(await decide(max, actionId));
    // Dies after the claim, before its transaction.
    const dying = await openProcess(fresh.url, world.secret);
    const dead = {
      ...dying.deps,
      policyLanguage: { ...dying.deps.policyLanguage, report: () => new Promise<never>(() => undefined) },
    };
    void executeAction(dead, actionId).catch(() => undefined);
    while ((await statusOf(world.deps, actionId)) === 'released') await new Promise((r) => setImmediate(r));
    await fresh.pool.query(
      "UPDATE planned_action SET lease_until = now() - interval '1 hour' WHERE id = $1",
      [actionId],
    );
    await recoverExecution(world.deps, actionId);
    expect(await statusOf(world.deps, actionId)).toBe('failed');
    expect(await versionNow()).toBe(0);
    const { rows } = await fresh.pool.query('SELECT FROM policy_version WHERE workspace_id = $1', [
      world.workspaceId,
    ]);
    expect(rows).toEqual([]);
    await dying.close();
  });

  test('a halt stops it like everything else, and what is stored cannot be exchanged for what was approved', async () => {
    const { actionId } = accepted(await propose(lea, withTwo));
    const halt = accepted(await engageHalt(world.deps, lea, { scope: 'workspace', reason: 'look' }));
    expect(refusedAs(await decide(max, actionId))).toBe('halted');
    accepted(await liftHalt(world.deps, max, { haltId: halt.haltId, reason: 'looked' }));
    accepted(await decide(max, actionId));
    await expect(
      fresh.pool.query(`UPDATE policy_proposal SET policies = '[]' WHERE action_id = $1`, [actionId]),
    ).rejects.toThrow('append-only');
    await fresh.pool.query('ALTER TABLE policy_proposal DISABLE TRIGGER USER');
    await fresh.pool.query(`UPDATE policy_proposal SET policies = '[]' WHERE action_id = $1`, [actionId]);
    await fresh.pool.query('ALTER TABLE policy_proposal ENABLE TRIGGER USER');
    await executeAction(world.deps, actionId);
    expect(await statusOf(world.deps, actionId)).toBe('failed');
    expect(await versionNow()).toBe(0);
  });
});

describe('a draft', () => {
  test('that somebody else changed meanwhile is not overwritten', async () => {
    const draft = await drafted(lea, withTwo);
    const set = await contentOf(draft.draftId);
    accepted(await saveDraft(world.deps, max, { ...draft, set }));
    expect(refusedAs(await saveDraft(world.deps, lea, { ...draft, set }))).toBe('conflict');
    expect(accepted(await getDraft(world.deps, lea, draft)).editors).toEqual(['Lea', 'Max']);
  });

  test('of a thousand policies and 300 KB is checked, and names what has no case', async () => {
    const many = Array.from({ length: 950 }, (_, i) => {
      const padding = `"${'ünï '.repeat(50)}"`;
      return {
        id: `p-${i}`,
        text: aboutTool(`p-${i}`, `tool-${i}`, '').text.replace('{ context', `{ ${padding} != "" && context`),
      };
    });
    const draft = await drafted(lea, (s) => ({ ...s, policies: [...s.policies, ...many] }));
    const report = accepted(await reportDraft(world.deps, lea, draft));
    expect(report.problems).toEqual([]);
    expect(report.withoutCase).toHaveLength(950);
  });
});

describe('a backtest', () => {
  test('says action by action what would change, survives its process and ends once', async () => {
    for (let i = 0; i < 7; i += 1) await submit();
    for (let i = 0; i < 3; i += 1) {
      accepted(await submitAction(world.deps, agent, { tool: 'write', args: { path: `p${i}` } }));
    }
    const draft = await drafted(lea, withTwo);
    accepted(await startBacktest(world.deps, lea, draft));
    // A process that took it and died.
    await fresh.pool.query(
      `UPDATE backtest SET status = 'running', lease_holder = 'dead', lease_until = now() - interval '1 minute', attempts = 1 WHERE workspace_id = $1`,
      [world.workspaceId],
    );
    await Promise.all([runBacktest(world.deps), runBacktest(world.deps)]);
    const view = accepted(await getBacktest(world.deps, lea, draft));
    expect(view).toMatchObject({
      status: 'done',
      done: 10,
      isCurrent: true,
      totals: {
        judged: 10,
        changed: 7,
        loosened: 0,
        verdicts: { 'allow>hold': 7, 'hold>hold': 3 },
        holdsBefore: 3,
        holdsAfter: 10,
      },
    });
    const page = accepted(
      await listBacktestChanges(world.deps, lea, {
        backtestId: view?.backtestId ?? '',
        change: 'allow>hold',
        limit: 5,
      }),
    );
    expect(page.items).toHaveLength(5);
    expect(page.items[0]).toMatchObject({
      before: { verdict: 'allow' },
      after: { verdict: 'hold', quorum: 2 },
    });
    expect(page.nextCursor).not.toBeNull();

    const { actionId } = accepted(await proposePolicy(world.deps, lea, { ...draft, note: 'x' }));
    const { policyChange, level } = accepted(await getAction(world.deps, max, { actionId }));
    expect(policyChange?.backtest?.totals.changed).toBe(7);
    // Without a backtest, or with one that asks less of somebody, it would be critical.
    expect(level).toBe('high');
  });

  test('that was cancelled stops, and what loosens is told apart', async () => {
    accepted(await submitAction(world.deps, agent, { tool: 'write', args: { path: 'x' } }));
    const draft = await drafted(lea, (s) => ({
      ...s,
      policies: s.policies.map((p) => (p.id === 'changes' ? { ...p, disabled: true as const } : p)),
    }));
    const { backtestId } = accepted(await startBacktest(world.deps, lea, draft));
    accepted(await stopBacktest(world.deps, lea, { backtestId }));
    await runBacktest(world.deps);
    expect(accepted(await getBacktest(world.deps, lea, draft))?.status).toBe('cancelled');
  });
});

async function contentOf(draftId: string): Promise<PolicySet> {
  return setOf(await world.deps.db.prisma.policyDraft.findUniqueOrThrow({ where: { id: draftId } }));
}
