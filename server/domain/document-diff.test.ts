import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applied, CONTRACT, EMPTY, plan, words } from '@/server/testing/documents';

test('a first application creates everything, in the order of the document', () => {
  const { changes, problems } = plan(CONTRACT);
  expect(problems).toEqual([]);
  expect(words(changes)).toEqual([
    'person ana@example.com create',
    'person lee@example.com create',
    'group payroll-reviewers create',
    'group engineering create',
    'group platform create',
    'agent hr-assistant create',
    'target hr create',
    'tool hr.sql create',
    'tool send_email create',
  ]);
});

test('a second application changes nothing, also with the lists in another order', () => {
  const current = applied(EMPTY, plan(CONTRACT).changes);
  const shuffled = {
    ...CONTRACT,
    people: [{ email: 'ana@example.com', clearances: ['financial', 'personal', 'financial'] }],
    groups: [
      { name: 'engineering', members: ['LEE@example.com', { group: 'platform' }, { group: 'platform' }] },
    ],
    tools: [{ effects: CONTRACT.tools[1]?.effects, name: 'send_email' }],
  };
  for (const again of [CONTRACT, shuffled]) {
    expect(new Set(plan(again, current, false).changes.map((c) => c.change))).toEqual(new Set(['unchanged']));
  }
});

test('what a document does not name stays as it is', () => {
  const current = applied(EMPTY, plan(CONTRACT).changes);
  const { changes } = plan(
    { apiVersion: 'holdpoint/v1', agents: [{ name: 'hr-assistant', clearances: ['personal'] }] },
    current,
  );
  expect(words(changes)).toEqual(['agent hr-assistant update']);
  expect(changes[0]).toMatchObject({
    detail: 'clearances +personal, −internal',
    after: { owner: 'ana@example.com' },
  });
});

test('pruning removes what a section leaves out, and touches no section that is absent', () => {
  const current = applied(EMPTY, plan(CONTRACT).changes);
  const { changes, problems } = plan(
    { apiVersion: 'holdpoint/v1', tools: [{ name: 'hr.sql' }], groups: [] },
    current,
    true,
  );
  expect(problems).toEqual([]);
  expect(words(changes).sort()).toEqual([
    'group engineering remove',
    'group payroll-reviewers remove',
    'group platform remove',
    'tool hr.sql unchanged',
    'tool send_email remove',
  ]);
  const again = plan(
    { apiVersion: 'holdpoint/v1', tools: [{ name: 'hr.sql' }], groups: [] },
    applied(current, changes),
    true,
  );
  expect(words(again.changes)).toEqual(['tool hr.sql unchanged']);
});

test('what was removed and is named again comes back as if new, with nothing it had before', () => {
  const current = applied(EMPTY, plan(CONTRACT).changes);
  const gone = {
    ...current,
    people: current.people.map((p) => ({ ...p, roles: ['owner' as const], gone: true })),
  };
  const { changes } = plan(
    { apiVersion: 'holdpoint/v1', people: [{ email: 'lee@example.com', name: 'Lee' }] },
    gone,
  );
  expect(changes[0]).toMatchObject({
    change: 'create',
    detail: 'comes back',
    after: { roles: [], clearances: [] },
  });
});

test('a suspended agent stays suspended, and that is said', () => {
  const first = applied(EMPTY, plan(CONTRACT).changes);
  const current = { ...first, agents: first.agents.map((a) => ({ ...a, suspended: true })) };
  const { changes, warnings } = plan(CONTRACT, current);
  expect(changes.find((c) => c.kind === 'agent')?.change).toBe('unchanged');
  expect(warnings.join()).toContain('hr-assistant is suspended');
});

test('no detail, warning or problem repeats a connection', () => {
  const current = applied(EMPTY, plan(CONTRACT).changes);
  const rotated = {
    ...CONTRACT,
    targets: [{ ...CONTRACT.targets[0], connection: 'postgres://hr_agent:n3w@localhost:5432/hr' }],
  };
  const result = plan(rotated, current);
  const target = result.changes.find((c) => c.kind === 'target');
  expect(target).toMatchObject({ change: 'update', detail: 'connection replaced' });
  const said = JSON.stringify([
    result.warnings,
    result.problems,
    result.changes.map((c) => [c.name, c.detail]),
  ]);
  expect(said).not.toMatch(/s3cret|n3w/);
});

const name = fc.constantFrom('a', 'b', 'c', 'd');
const email = name.map((n) => `${n}@example.com`);
const clearances = fc.subarray(['public', 'internal', 'personal', 'own-class']);
const listOf = <T>(entry: fc.Arbitrary<T>, key: (entry: T) => string) =>
  fc.option(fc.uniqueArray(entry, { selector: key, maxLength: 4 }), { nil: undefined });
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
/** Documents as people write them: mostly sound, sometimes not. */
const anyDocument = fc
  .record({
    apiVersion: fc.constant('holdpoint/v1'),
    people: listOf(
      fc.record({
        email,
        name: optional(name),
        clearances: optional(clearances),
        roles: optional(fc.subarray(['owner', 'reviewer'])),
      }),
      (p) => p.email,
    ),
    groups: listOf(
      fc.record({
        name,
        members: fc.array(
          fc.oneof(
            email,
            name.map((group) => ({ group })),
          ),
          { maxLength: 3 },
        ),
      }),
      (g) => g.name,
    ),
    agents: listOf(
      fc.record({ name, owner: optional(email), clearances: optional(clearances) }),
      (a) => a.name,
    ),
    targets: listOf(
      fc.record({
        name,
        kind: fc.constant('postgres'),
        connection: optional(fc.constantFrom('postgres://a:b@c/d', 'postgres://e:f@g/h')),
        subjects: optional(fc.constantFrom({ 's.t': 'id' }, { 's.t': 'id', 's.u': 't ->s.t' })),
      }),
      (t) => t.name,
    ),
    tools: listOf(
      fc.record({
        name,
        target: optional(name),
        kind: optional(fc.constantFrom('sql', 'custom')),
        inputSchema: optional(fc.constant({ type: 'object' })),
      }),
      (t) => t.name,
    ),
  })
  .map((document) => JSON.parse(JSON.stringify(document)) as unknown);

const base = {
  apiVersion: 'holdpoint/v1',
  people: ['a', 'b', 'c', 'd'].map((n) => ({ email: `${n}@example.com`, roles: ['owner'] })),
  groups: ['a', 'b', 'c', 'd'].map((n) => ({ name: n, members: [] })),
  agents: [{ name: 'a', owner: 'a@example.com' }],
  targets: ['a', 'b', 'c', 'd'].map((n) => ({ name: n, kind: 'postgres', connection: 'postgres://a:b@c/d' })),
  tools: ['a', 'b'].map((n) => ({ name: n, kind: 'sql', target: n })),
};

test('applying one twice changes nothing the second time, pruning or not', () => {
  let sound = 0;
  const start = applied(EMPTY, plan(base).changes);
  fc.assert(
    fc.property(fc.array(fc.tuple(anyDocument, fc.boolean()), { minLength: 1, maxLength: 4 }), (steps) => {
      let state = start;
      for (const [document, prune] of steps) {
        const result = plan(document, state, prune);
        if (result.problems.length > 0) continue;
        sound++;
        state = applied(state, result.changes);
        const again = plan(document, state, prune);
        expect(again.problems).toEqual([]);
        expect(again.changes.filter((c) => c.change !== 'unchanged')).toEqual([]);
      }
    }),
    { numRuns: 300 },
  );
  expect(sound).toBeGreaterThan(100);
});
