import { expect, test } from 'vitest';
import { applied, CONTRACT, EMPTY, plan } from '@/server/testing/documents';

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
