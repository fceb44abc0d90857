import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Analyzer, Measurement } from '@/server/domain/ports';
import type { AgentScope } from '@/server/domain/scopes';
import { PoliciesInForce } from '@/server/store/policies-in-force';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import { accepted, createWorld, EFFECTS, type World } from '@/server/testing/world';
import { submitAction } from './submit-action';

let fresh: TestDatabase;
let world: World;
let agent: AgentScope;
beforeAll(async () => {
  fresh = await freshDatabase();
  world = await createWorld(fresh.url);
  await world.tool('pages.read', { effects: EFFECTS.allowed });
  agent = await world.agent('submitter');
});
afterAll(async () => {
  await world.close();
  await fresh.drop();
});

describe('P4: errors hold', () => {
  const failing: [name: string, analyzer: Partial<Analyzer>][] = [
    ['an analyzer that rejects', { measure: () => Promise.reject(new Error('secret of the database')) }],
    [
      'an analyzer that throws',
      {
        measure: () => {
          throw new Error('secret of the database');
        },
      },
    ],
    [
      'an analyzer that answers nonsense',
      {
        measure: async () =>
          ({
            images: [],
            imagesTotal: 0,
            footprint: { items: [{ count: Number.NaN }] },
          }) as unknown as Measurement,
      },
    ],
  ];
  test.each(failing)('%s', async (_, analyzer) => {
    const custom: Analyzer = {
      ...world.deps.analyzers.custom,
      check: () => [],
      reach: () => 'arguments',
      measure: never,
      ...analyzer,
    };
    const deps = { ...world.deps, analyzers: { ...world.deps.analyzers, custom } };
    const view = accepted(await submitAction(deps, agent, { tool: 'pages.read', args: {} }));
    expect(view.status).toBe('held');
    expect(JSON.stringify(view)).not.toContain('secret');
    const row = await world.deps.db.prisma.plannedAction.findUniqueOrThrow({ where: { id: view.actionId } });
    expect(row.needed).toBe(2);
    expect(row.level).toBe('critical');
  });

  test('a policy that throws holds for two people', async () => {
    const engine = {
      evaluate: () => {
        throw new Error('broken rule');
      },
    };
    const language = { ...world.deps.policyLanguage, load: () => ({ policy: 'default@broken', engine }) };
    const policies = new PoliciesInForce(world.deps.db, language);
    const view = accepted(
      await submitAction({ ...world.deps, policies }, agent, { tool: 'pages.read', args: {} }),
    );
    expect(view.status).toBe('held');
    const row = await world.deps.db.prisma.plannedAction.findUniqueOrThrow({ where: { id: view.actionId } });
    expect(row.needed).toBe(2);
  });

  const never = () => new Promise<Measurement>(() => undefined);
});
