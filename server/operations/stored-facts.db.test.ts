import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCedarPolicy } from '@/server/adapters/policy/cedar/cedar-policy';
import { readBusinessHours } from '@/server/domain/business-calendar';
import type { Footprint } from '@/server/domain/footprint';
import type { Analyzer, Reach } from '@/server/domain/ports';
import { recallFacts } from '@/server/domain/stored-facts';
import type { PolicyFacts, Verdict } from '@/server/domain/verdict';
import { findAction } from '@/server/store/actions';
import { anyFootprint } from '@/server/testing/arbitrary-footprint';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import { accepted, createWorld, EFFECTS, type World } from '@/server/testing/world';
import type { Deps } from './deps';
import { measureAction } from './measure-action';
import { submitAction } from './submit-action';

let fresh: TestDatabase;
let world: World;
beforeAll(async () => {
  fresh = await freshDatabase();
  world = await createWorld(fresh.url, { calendar: readBusinessHours('Mon-Fri 08:00-18:00 Europe/Berlin') });
});
afterAll(async () => {
  await world.close();
  await fresh.drop();
});

/** At any hour of any day: what time it was is among the facts. */
const anyHour = fc
  .integer({ min: 0, max: 7 * 24 })
  .map((hours) => new Date(Date.UTC(2026, 2, 2, hours)).toISOString());
const history = fc.sample(
  fc.record({
    footprint: fc.oneof(
      anyFootprint,
      // Reads that flow, or nearly: nothing else would be allowed.
      anyFootprint.map(
        (f): Footprint => ({
          ...f,
          items: f.items.map(({ via: _via, ...item }) => ({
            ...item,
            operation: 'read',
            provenance: 'measured',
            count: Math.min(item.count ?? 9, 20),
            classes: ['internal'],
          })),
          unknowns: [],
          method: 'read_only',
          readOnly: true,
        }),
      ),
      anyFootprint.map((f): Footprint => ({ ...f, forbidden: { rule: 'set', message: 'SET is refused.' } })),
    ),
    measuredAt: anyHour,
    reach: fc.constantFrom('arguments', 'change'),
  }),
  { numRuns: 150, seed: 11 },
);

/** The process as it is, but what is measured is given. */
const measuring = (footprint: Footprint, reach: Reach): Deps => {
  const custom: Analyzer = {
    ...world.deps.analyzers.custom,
    check: () => [],
    reach: () => reach,
    measure: async () => ({ footprint, images: [], imagesTotal: null }),
  };
  return { ...world.deps, analyzers: { ...world.deps.analyzers, custom } };
};

async function remembered(id: string): Promise<{ verdict: Verdict; facts: PolicyFacts }> {
  const action = await findAction(world.deps.db, id);
  const facts = action && recallFacts(action);
  if (!facts || !action.verdict) throw new Error(`nothing is kept of ${id}`);
  return { verdict: action.verdict, facts };
}

describe('every verdict can be given again from what was stored', () => {
  test('after agents, tools and business hours changed, all of a varied history comes out the same', async () => {
    const agents = [
      await world.agent('nobody’s ☃', { clearances: [] }),
      await world.agent('cleared', { clearances: ['internal', 'personal', 'trade-secret'] }),
    ];
    await world.tool('pages.read', { effects: EFFECTS.allowed });
    await world.tool('mail.send', { effects: EFFECTS.heldForTwo, execution: 'broker' });
    const ids: string[] = [];
    for (const [i, { footprint, measuredAt, reach }] of history.entries()) {
      const deps = measuring({ ...footprint, measuredAt }, reach);
      const agent = agents[i % 2];
      if (agent === undefined) throw new Error('there are two agents');
      const tool = i % 3 === 0 ? 'mail.send' : 'pages.read';
      const { actionId, status } = accepted(await submitAction(deps, agent, { tool, args: { i } }));
      if (status === 'measuring') await measureAction(deps, actionId);
      ids.push(actionId);
    }
    await fresh.pool.query(`UPDATE agent SET clearances = '{health}', name = name || ' renamed'`);
    await fresh.pool.query(`UPDATE tool SET effects = '[]', execution = 'agent'`);

    const engine = createCedarPolicy();
    const given = new Set<string>();
    for (const id of ids) {
      const { verdict, facts } = await remembered(id);
      expect(engine.evaluate(facts)).toEqual(verdict);
      for (const rule of verdict.rules) given.add(rule.id);
    }
    // Varied enough to mean something: allowed, held and denied, by hours too.
    for (const id of ['small-read', 'outside-hours', 'forbidden-statement', 'clearance', 'unmeasured']) {
      expect(given).toContain(id);
    }
  });

  test('what was measured and never judged has no facts, and nothing is made of it', async () => {
    const agent = await world.agent('early');
    const [first] = history;
    if (!first) throw new Error('no history');
    const { actionId } = accepted(
      await submitAction(measuring(first.footprint, 'change'), agent, { tool: 'pages.read', args: {} }),
    );
    const action = await findAction(world.deps.db, actionId);
    expect(action?.status).toBe('measuring');
    expect(action && recallFacts(action)).toBeNull();
    expect(action && recallFacts({ ...action, facts: { agent: 'nonsense' } })).toBeNull();
  });
});
