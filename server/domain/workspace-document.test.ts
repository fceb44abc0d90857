import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { diffDocument } from './document-diff';
import { parseDocument, type WorkspaceDocument } from './workspace-document';
import type { Change, WorkspaceState } from './workspace-state';

const EMPTY: WorkspaceState = { people: [], groups: [], agents: [], targets: [], tools: [] };
const CONTRACT = {
  apiVersion: 'holdpoint/v1',
  people: [
    {
      email: 'Ana@Example.com',
      name: 'Ana Ruiz',
      clearances: ['personal', 'financial'],
      roles: ['reviewer'],
    },
    { email: 'lee@example.com', name: 'Lee' },
  ],
  groups: [
    { name: 'payroll-reviewers', members: ['ana@example.com'] },
    { name: 'engineering', members: [{ group: 'platform' }, 'lee@example.com'] },
    { name: 'platform', members: [] },
  ],
  agents: [{ name: 'hr-assistant', owner: 'ana@example.com', clearances: ['internal'] }],
  targets: [
    {
      name: 'hr',
      kind: 'postgres',
      connection: 'postgres://hr_agent:s3cret@localhost:5432/hr',
      searchPath: ['public'],
      classifications: { 'public.employees.salary': 'financial', 'public.departments.*': 'internal' },
      subjects: { 'public.employees': 'employee_id', 'public.payslips': 'employee_id -> public.employees' },
    },
  ],
  tools: [
    { name: 'hr.sql', target: 'hr', kind: 'sql', execution: 'broker' },
    {
      name: 'send_email',
      execution: 'agent',
      inputSchema: { type: 'object', required: ['body'], properties: { body: { type: 'string' } } },
      effects: [{ effect: 'send', audience: '$.recipients[*]', content: '$.body' }],
    },
  ],
};

const read = (value: unknown): WorkspaceDocument => {
  const parsed = parseDocument(value);
  if (!parsed.ok) throw new Error(`${parsed.message} ${JSON.stringify(parsed.problems)}`);
  return parsed.value;
};
const pointersOf = (value: unknown): string[] => {
  const parsed = parseDocument(value);
  return parsed.ok ? [] : (parsed.problems ?? []).map((p) => p.pointer);
};
const plan = (value: unknown, current = EMPTY, prune = false) =>
  diffDocument(current, read(value), { prune });
const words = (changes: readonly Change[]) => changes.map((c) => `${c.kind} ${c.name} ${c.change}`);

/** What the store makes of changes: the model the database tests hold the real one against. */
function applied(current: WorkspaceState, changes: readonly Change[]): WorkspaceState {
  const merge = <S extends object>(states: readonly S[], kind: Change['kind'], nameOf: (s: S) => string) => {
    const next = new Map(states.map((s) => [nameOf(s), s]));
    for (const change of changes.filter((c) => c.kind === kind)) {
      const before = next.get(change.name);
      if (change.after !== null) next.set(change.name, change.after as unknown as S);
      else if (kind === 'group') next.delete(change.name);
      else if (before !== undefined)
        next.set(change.name, { ...before, ...(kind === 'agent' ? { suspended: true } : { gone: true }) });
    }
    return [...next.values()];
  };
  return {
    people: merge(current.people, 'person', (s) => s.email),
    groups: merge(current.groups, 'group', (s) => s.name),
    agents: merge(current.agents, 'agent', (s) => s.name),
    targets: merge(current.targets, 'target', (s) => s.name),
    tools: merge(current.tools, 'tool', (s) => s.name),
  };
}

describe('reading', () => {
  test('the document of the contract is understood, addresses in lower case', () => {
    expect(read(CONTRACT).people?.[0]?.email).toBe('ana@example.com');
  });

  test.each([
    ['another version', { ...CONTRACT, apiVersion: 'v2' }, '/apiVersion'],
    ['an unknown section', { ...CONTRACT, robots: [] }, '/robots'],
    [
      'an unknown field',
      { ...CONTRACT, agents: [{ name: 'a', owner: 'a@b.co', admin: true }] },
      '/agents/0/admin',
    ],
    [
      'a member that is neither',
      { ...CONTRACT, groups: [{ name: 'g', members: [{ grp: 'x' }] }] },
      '/groups/0/members/0',
    ],
    ['an unknown role', { ...CONTRACT, people: [{ email: 'a@b.co', roles: ['god'] }] }, '/people/0/roles/0'],
    [
      'a name that lies about its direction',
      { ...CONTRACT, people: [{ email: 'a@b.co', name: 'Ana \u202Egro' }] },
      '/people/0/name',
    ],
    [
      'a broken JSONPath',
      { ...CONTRACT, tools: [{ name: 't', effects: [{ effect: 'send', audience: 'recipients' }] }] },
      '/tools/0/effects/0/audience',
    ],
    [
      'a JSONPath with a backtracking filter',
      {
        ...CONTRACT,
        tools: [{ name: 't', effects: [{ effect: 'send', audience: '$[?search(@.a, "(a+)+")]' }] }],
      },
      '/tools/0/effects/0/audience',
    ],
    [
      'a column without its table',
      { ...CONTRACT, targets: [{ name: 't', kind: 'postgres', classifications: { salary: 'financial' } }] },
      '/targets/0/classifications/salary',
    ],
    [
      'a subject path of another shape',
      { ...CONTRACT, targets: [{ name: 't', kind: 'postgres', subjects: { 'public.a': 'b => c' } }] },
      '/targets/0/subjects/public.a',
    ],
    ['another kind of target', { ...CONTRACT, targets: [{ name: 't', kind: 'mysql' }] }, '/targets/0/kind'],
    ['no object at all', 'nonsense', ''],
  ])('%s is an error at its place', (_, value, pointer) => {
    expect(pointersOf(value)).toEqual([pointer]);
  });
});

describe('comparing', () => {
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
      expect(new Set(plan(again, current, false).changes.map((c) => c.change))).toEqual(
        new Set(['unchanged']),
      );
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
});

describe('references', () => {
  const problemsOf = (part: object, current = EMPTY, prune = false) =>
    plan({ apiVersion: 'holdpoint/v1', ...part }, current, prune).problems.map((p) => p.pointer);
  const target = { name: 'hr', kind: 'postgres', connection: 'postgres://a:b@c/d' };
  const schema = { type: 'object' };

  test.each([
    ['an owner nobody is', { agents: [{ name: 'a', owner: 'no@one.co' }] }, ['/agents/0/owner']],
    ['a new agent without an owner', { agents: [{ name: 'a' }] }, ['/agents/0/owner']],
    ['a member nobody is', { groups: [{ name: 'g', members: ['no@one.co'] }] }, ['/groups/0/members/0']],
    ['an unknown group', { groups: [{ name: 'g', members: [{ group: 'h' }] }] }, ['/groups/0/members/0']],
    ['a group inside itself', { groups: [{ name: 'g', members: [{ group: 'g' }] }] }, ['/groups/0']],
    [
      'groups in a circle',
      {
        groups: [
          { name: 'g', members: [{ group: 'h' }] },
          { name: 'h', members: [{ group: 'g' }] },
        ],
      },
      ['/groups/0', '/groups/1'],
    ],
    ['the same name twice', { people: [{ email: 'a@b.co' }, { email: 'A@B.co' }] }, ['/people/1']],
    [
      'a target without its connection',
      { targets: [{ name: 'hr', kind: 'postgres' }] },
      ['/targets/0/connection'],
    ],
    [
      'a subject path into nothing',
      { targets: [{ ...target, subjects: { 'a.b': 'c -> a.d' } }] },
      ['/targets/0/subjects/a.b'],
    ],
    [
      'a subject path in a circle',
      { targets: [{ ...target, subjects: { 'a.b': 'c -> a.b' } }] },
      ['/targets/0/subjects/a.b'],
    ],
    [
      'a tool on an unknown target',
      { tools: [{ name: 't', target: 'hr', inputSchema: schema }] },
      ['/tools/0/target'],
    ],
    ['SQL without a target', { tools: [{ name: 't', kind: 'sql' }] }, ['/tools/0/target']],
    [
      'SQL run by the agent',
      { targets: [target], tools: [{ name: 't', kind: 'sql', target: 'hr', execution: 'agent' }] },
      ['/tools/0/execution'],
    ],
    [
      'SQL with a schema of its own',
      { targets: [target], tools: [{ name: 't', kind: 'sql', target: 'hr', inputSchema: schema }] },
      ['/tools/0/inputSchema'],
    ],
    [
      'a custom tool Holdpoint cannot run',
      { tools: [{ name: 't', execution: 'broker', inputSchema: schema }] },
      ['/tools/0/execution'],
    ],
    ['a custom tool without a schema', { tools: [{ name: 't' }] }, ['/tools/0/inputSchema']],
    [
      'a schema that does not compile',
      { tools: [{ name: 't', inputSchema: { type: 'object', properties: { a: { pattern: '(?=a)' } } } }] },
      ['/tools/0/inputSchema/properties/a/pattern'],
    ],
  ])('%s is a problem at its place', (_, part, pointers) => {
    expect(problemsOf(part)).toEqual(pointers);
  });

  test('the last owner cannot be removed or demoted', () => {
    const current = applied(
      EMPTY,
      plan({ apiVersion: 'holdpoint/v1', people: [{ email: 'o@b.co', roles: ['owner'] }] }).changes,
    );
    expect(problemsOf({ people: [] }, current, true)).toEqual(['/people']);
    expect(problemsOf({ people: [{ email: 'o@b.co', roles: ['reviewer'] }] }, current)).toEqual(['/people']);
    const handedOver = [
      { email: 'o@b.co', roles: [] },
      { email: 'p@b.co', roles: ['owner'] },
    ];
    expect(problemsOf({ people: handedOver }, current)).toEqual([]);
  });

  test('what something else needs cannot be pruned away under it', () => {
    const current = applied(EMPTY, plan(CONTRACT).changes);
    expect(problemsOf({ targets: [] }, current, true)).toEqual(['/targets']);
    expect(problemsOf({ people: [] }, current, true)).toEqual(['/people']);
    expect(problemsOf({ targets: [], tools: [] }, current, true)).toEqual([]);
    expect(problemsOf({ people: [], agents: [], groups: [] }, current, true)).toEqual([]);
  });
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

describe('for any sequence of documents', () => {
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
});
