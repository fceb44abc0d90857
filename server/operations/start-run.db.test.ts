import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AgentScope } from '@/server/domain/scopes';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import { accepted, createWorld, EFFECTS, refusedAs, type World } from '@/server/testing/world';
import { finishRun } from './finish-run';
import { getAction } from './get-action';
import { observeResult } from './observe-result';
import { startRun } from './start-run';
import { submitAction } from './submit-action';

let fresh: TestDatabase;
let world: World;
let agent: AgentScope;
beforeAll(async () => {
  fresh = await freshDatabase();
  world = await createWorld(fresh.url);
  await world.tool('mail.send', { effects: EFFECTS.heldForTwo });
  await world.tool('crm.read', { effects: [{ effect: 'read', classes: ['public'], trusted: true }] });
  agent = await world.agent('runner');
});
afterAll(async () => {
  await world.close();
  await fresh.drop();
});

describe('runs', () => {
  test('20 starts of one externalId at once are one run; with another goal it is a conflict', async () => {
    const start = (goal: string) => startRun(world.deps, agent, { goal, externalId: 'job-1' });
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => start('pay the invoices')));
    expect(new Set(outcomes.map((o) => accepted(o).runId)).size).toBe(1);
    const { rows } = await fresh.pool.query(
      "SELECT count(*)::int AS n FROM audit_event WHERE kind = 'run.started'",
    );
    expect(rows[0].n).toBe(1);
    expect(refusedAs(await start('pay somebody else'))).toBe('conflict');
  });

  test('a run is its own agent’s alone, and nothing is added to it once it is finished', async () => {
    const other = await world.agent('other');
    const { runId } = accepted(await startRun(world.deps, agent, { goal: 'mine' }));
    const observe = (who: AgentScope) => observeResult(world.deps, who, { runId, tool: 'web', result: 1 });
    expect(refusedAs(await observe(other))).toBe('run_unknown');
    expect(refusedAs(await finishRun(world.deps, other, { runId }))).toBe('run_unknown');
    accepted(await observe(agent));
    accepted(await finishRun(world.deps, agent, { runId, outcome: 'done' }));
    accepted(await finishRun(world.deps, agent, { runId }));
    expect(refusedAs(await observe(agent))).toBe('run_finished');
    const late = submitAction(world.deps, agent, { tool: 'mail.send', args: {}, runId });
    expect(refusedAs(await late)).toBe('run_finished');
  });

  test('an agent’s word does not make what it read trusted; its operator’s word does', async () => {
    const reviewer = await world.person('Reviewer');
    const { runId } = accepted(await startRun(world.deps, agent, { goal: 'answer the mail' }));
    const observed = [
      ['web.fetch', 'mallory@evil.example', true],
      ['crm.read', 'ana@customer.example', true],
      ['crm.read', 'low@customer.example', false],
      ['crm.read', 'eva@customer.example', undefined],
    ] as const;
    for (const [tool, result, trusted] of observed) {
      const word = trusted === undefined ? {} : { trusted };
      accepted(await observeResult(world.deps, agent, { runId, tool, result, ...word }));
    }
    const recipients = observed.map(([, address]) => address);
    const action = accepted(
      await submitAction(world.deps, agent, { tool: 'mail.send', args: { recipients }, runId }),
    );
    const page = accepted(await getAction(world.deps, reviewer, action));
    expect(page.origins.map((o) => [o.value, o.origin, o.trusted])).toEqual([
      ['mallory@evil.example', 'result', false],
      ['ana@customer.example', 'result', true],
      ['low@customer.example', 'result', false],
      ['eva@customer.example', 'result', true],
    ]);
    expect(page.footprint?.destinations).toEqual({
      total: 4,
      asked: 2,
      untrusted: 2,
      nowhere: 0,
      planted: 0,
      whole: true,
    });
  });
});
