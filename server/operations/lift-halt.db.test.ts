import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReviewerScope } from '@/server/domain/scopes';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import { accepted, createWorld, EFFECTS, refusedAs, type World } from '@/server/testing/world';
import { type EngageHaltInput, engageHalt } from './engage-halt';
import { liftHalt, listHalts } from './lift-halt';
import { startRun } from './start-run';

let fresh: TestDatabase;
let world: World;
let lead: ReviewerScope;
let second: ReviewerScope;
beforeAll(async () => {
  fresh = await freshDatabase();
  world = await createWorld(fresh.url);
  lead = await world.person('Lead', { roles: ['security_lead'] });
  second = await world.person('Second lead', { roles: ['owner'] });
});
afterAll(async () => {
  await world.close();
  await fresh.drop();
});

const engage = (scope: EngageHaltInput['scope'], id?: string) =>
  engageHalt(world.deps, lead, { scope, ...(id === undefined ? {} : { id }), reason: 'something is wrong' });

describe('lifting takes a second person', () => {
  const liftAs = (who: ReviewerScope, haltId: string) =>
    liftHalt(world.deps, who, { haltId, reason: 'it is fine again' });

  test('whoever halted more than one agent does not lift it; another lead does, and the list says so beforehand', async () => {
    const tool = await world.tool('pages.second', { effects: EFFECTS.allowed });
    for (const [scope, id] of [
      ['workspace', undefined],
      ['tool', tool.id],
    ] as const) {
      const halt = accepted(await engage(scope, id));
      const listed = async (who: ReviewerScope) =>
        accepted(await listHalts(world.deps, who)).find((h) => h.haltId === halt.haltId)?.liftedOnlyBy;
      expect(await listed(lead)).toEqual(['Second lead']);
      expect(await listed(second)).toBeUndefined();
      const refused = await liftAs(lead, halt.haltId);
      expect(refusedAs(refused)).toBe('halt_lift_refused');
      expect(refused).toMatchObject({ message: expect.stringContaining('Second lead can lift it') });
      const inForce = await fresh.pool.query('SELECT lifted_at FROM halt WHERE id = $1', [halt.haltId]);
      expect(inForce.rows[0].lifted_at).toBeNull();
      accepted(await liftAs(second, halt.haltId));
    }
  });

  test('one person is enough for one agent or run, and where nobody else could lift it', async () => {
    const agent = await world.agent('alone');
    const { runId } = accepted(await startRun(world.deps, agent, { goal: 'alone' }));
    for (const [scope, id] of [
      ['agent', agent.agentId],
      ['run', runId],
    ] as const) {
      accepted(await liftAs(lead, accepted(await engage(scope, id)).haltId));
    }
    const lonely = await createWorld(fresh.url);
    const only = await lonely.person('Only', { roles: ['owner'] });
    await lonely.person('Looks on', { roles: ['reviewer'] });
    const halt = accepted(await engageHalt(lonely.deps, only, { scope: 'workspace', reason: 'stop' }));
    accepted(await liftHalt(lonely.deps, only, { haltId: halt.haltId, reason: 'go' }));
    await lonely.close();
  });

  test('who operates the machine halts and lifts without an account, named as such in the log', async () => {
    const operator = { workspaceId: world.workspaceId, personId: null, name: 'Operator' };
    const halt = accepted(await engageHalt(world.deps, operator, { scope: 'workspace', reason: 'stop' }));
    expect(halt.engagedBy).toBe('Operator');
    accepted(await liftHalt(world.deps, operator, { scope: 'workspace', reason: 'go' }));
    const { rows } = await fresh.pool.query(
      "SELECT kind, actor_kind, actor_name FROM audit_event WHERE data ->> 'haltId' = $1 ORDER BY id",
      [halt.haltId],
    );
    expect(rows).toEqual([
      { kind: 'halt.engaged', actor_kind: 'holdpoint', actor_name: 'Operator' },
      { kind: 'halt.lifted', actor_kind: 'holdpoint', actor_name: 'Operator' },
    ]);
  });
});
